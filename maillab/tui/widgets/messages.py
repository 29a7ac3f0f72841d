"""The folders of the accounts, and the messages of a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from textual.message import Message

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui import sink
from maillab.tui.sink import Line
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.views import units

FOLDERS = (MailFolder.INBOX, MailFolder.SENT, MailFolder.TRASH)


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """A folder of an account, how many messages lie in it and how many of them are new."""

    account: str
    folder: MailFolder
    total: int = 0
    unseen: int = 0


class Folders(Rows):
    """Each account with its folders."""

    class Gone(Message):
        """Another folder is to be seen."""

        def __init__(self, place: FolderCounts) -> None:
            super().__init__()
            self.place = place

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="folders", classes="pane")
        self._texts = texts
        self._places: list[FolderCounts] = []

    def show_places(self, places: Sequence[FolderCounts], here: tuple[str, MailFolder] | None) -> None:
        """Other counts, or other accounts."""
        if list(places) == self._places:
            return
        self._places = list(places)
        with self.prevent(Rows.Moved, self.Gone):
            self.changed()
            rows = (n for n, place in enumerate(self._places) if (place.account, place.folder) == here)
            self.cursor = next(rows, self.cursor)

    @property
    def place(self) -> FolderCounts | None:
        """The folder under the cursor."""
        return self._places[self.cursor] if self.cursor < len(self._places) else None

    def count(self) -> int:
        """A line each."""
        return len(self._places)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """The account's name before its first folder; before its second the domain, where others share the name."""
        place = self._places[index]
        account = sink.fit(sink.piece("", self._label(index))[1], 8) + " "
        name = sink.fit(self._texts(f"folder.{place.folder}"), 9)
        name += "" if name.endswith(" ") else " "
        counts = f"{place.unseen}/{place.total}" if place.unseen else f"{place.total}"
        return [(("bold", f" {account}"), ("good" if place.unseen else "plain", name), ("dim", counts))]

    def _label(self, index: int) -> str:
        """What stands before a folder: "caught", and below it "@sender" where another account is called so, too."""
        account = self._places[index].account
        name, _, domain = account.partition("@")
        before = [place.account for place in self._places[max(0, index - 2) : index]]
        if account not in before:
            return name
        shared = any(place.account.partition("@")[0] == name for place in self._places if place.account != account)
        return f"@{domain.partition('.')[0]}" if shared and before.count(account) == 1 else ""

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        if (place := self.place) is not None:
            self.post_message(self.Gone(place))


class Messages(Rows):
    """The messages of a folder, the newest first. Lists of ten thousand are as quick as short ones."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="messages", classes="pane")
        self._texts = texts
        self.items: Sequence[LocalMessage] = ()
        self._by_other_names = False  # is any of them for an address that is not the mailbox's own?
        self._today = date.min

    def show_items(self, items: Sequence[LocalMessage], empty: str, now: float) -> None:
        """Another folder, or other messages in it; the cursor stays on its message. `now` in seconds since 1970."""
        here = self.item_here
        self.items, self.nothing = items, empty
        self._by_other_names = any(_other_name(item) for item in items)
        self._today = datetime.fromtimestamp(now).astimezone().date()
        with self.prevent(Rows.Moved):
            self.changed()
            self.cursor = next((n for n, item in enumerate(items) if here is not None and item.id == here.id), 0)
        self._see_cursor()

    def forget(self) -> None:
        """The messages of somebody else come next: numbers mean other ones then."""
        self.items = ()

    @property
    def item_here(self) -> LocalMessage | None:
        """The message under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def count(self) -> int:
        """A line each."""
        return len(self.items)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Mark, time, who, for whom if that is another name of the mailbox, subject, size."""
        message = self.items[index]
        mark = ("bad", " ✗ ") if message.doomed else ("dim", "   ") if message.seen else ("good", " ● ")
        style = "plain" if message.seen else "bold"
        who = message.recipient if message.folder is MailFolder.SENT else message.sender
        size = f"{units.size(message.octets)}{' +' if message.mixed else '  '}"
        wide = max(12, min(28, cells // (4 if self._by_other_names else 3)))
        named = wide if self._by_other_names else 0
        room = max(4, cells - 3 - 6 - wide - named - len(size) - 2)
        return [
            (
                mark,
                ("dim", f"{_when(message, self._today):<6}"),
                (style, sink.fit(sink.piece("", who)[1], wide - 1) + " "),
                ("accent", sink.fit(sink.piece("", _other_name(message))[1], named - 1) + " " if named else ""),
                (style, sink.fit(sink.piece("", message.subject or self._texts("messages.no_subject"))[1], room)),
                ("dim", f" {size:>8}"),
            )
        ]


def _other_name(message: LocalMessage) -> str:
    """The recipient in the envelope, where it is not the address of the mailbox: of mail that was caught, mostly."""
    return message.delivered_to if message.delivered_to.lower() != message.account else ""


def _when(message: LocalMessage, today: date) -> str:
    """The time of day of what came today, the day of everything else."""
    moment = datetime.fromtimestamp(message.stored).astimezone()
    return f"{moment:%H:%M}" if moment.date() == today else f"{moment:%m-%d}"
