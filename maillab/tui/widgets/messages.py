"""The mailboxes, and the messages of a folder."""

from collections.abc import Sequence

from textual.message import Message

from maillab.tui.looks.sink import Line
from maillab.tui.mail import mailboxes, maillist
from maillab.tui.mail.mailboxes import MailboxRow, Place
from maillab.tui.state.server_mail import AnyMessage
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows


class Folders(Rows):
    """Sites with their mailboxes; the cursor goes from mailbox to mailbox."""

    class Gone(Message):
        """Another folder is to be seen."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(id="folders", classes="pane")
        self._rows: Sequence[MailboxRow] = ()

    def show_tree(self, rows: Sequence[MailboxRow], here: Place | None) -> None:
        """Other counts, or other mailboxes; the cursor stands on `here`."""
        if list(rows) == list(self._rows):
            return
        self._rows = rows
        with self.prevent(Rows.Moved, self.Gone):
            self.changed()
            self.cursor = next((n for n, row in enumerate(rows) if row.place == here), self.cursor)

    @property
    def place(self) -> Place | None:
        """The folder under the cursor."""
        return self._rows[self.cursor].place if self.cursor < len(self._rows) else None

    def count(self) -> int:
        """A line each."""
        return len(self._rows)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """A site, a mailbox with what is new in it, or a folder below it."""
        return [mailboxes.drawn(self._rows[index], cells)]

    def validate_cursor(self, cursor: int) -> int:
        """It stands on something that can be looked at: the next such line on the way, else the nearest."""
        cursor = super().validate_cursor(cursor)
        below = [n for n, row in enumerate(self._rows) if row.place is not None and n >= cursor]
        above = [n for n, row in enumerate(self._rows) if row.place is not None and n <= cursor]
        if cursor < self.cursor:
            return above[-1] if above else next(iter(below), cursor)
        return below[0] if below else next(reversed(above), cursor)

    def watch_cursor(self, old: int, new: int) -> None:
        super().watch_cursor(old, new)
        if self.place is not None:
            self.post_message(self.Gone(self.place))


class Messages(Rows):
    """The messages of a folder, the newest first. Lists of ten thousand are as quick as short ones."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(id="messages", classes="pane")
        self._texts = texts
        self.items: Sequence[AnyMessage] = ()
        self._columns = maillist.ListColumns()
        self._now = 0.0

    def show_items(self, items: Sequence[AnyMessage], empty: str, now: float, *, newest: bool = False) -> None:
        """Other messages; the cursor stays on its message, or goes to the `newest`. `now` in seconds since 1970."""
        here = self.item_here if not newest else None
        self.items, self.nothing, self._now = items, empty, now
        self._columns = maillist.columns_of(items)
        with self.prevent(Rows.Moved):
            self.changed()
            self.cursor = next((n for n, item in enumerate(items) if here is not None and item.id == here.id), 0)
        self._see_cursor()

    def forget(self) -> None:
        """The messages of somebody else come next: numbers mean other ones then."""
        self.items = ()

    @property
    def item_here(self) -> AnyMessage | None:
        """The message under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def count(self) -> int:
        """A line each."""
        return len(self.items)

    def item(self, index: int, cells: int) -> Sequence[Line]:
        """Its line."""
        return [maillist.row(self.items[index], cells, self._now, self._texts, self._columns)]
