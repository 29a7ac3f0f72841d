"""The messages that people had at a moment of a session: what was fetched and sent in it so far, as a list to look at.

Rules for this file: no Textual; nothing is changed, nothing is fetched; the numbers of messages are those of entries.
What is asked for is answered from values: a model changes in the loop of the window, and is read nowhere else.
"""

from dataclasses import dataclass

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.client.message_summary import digest
from maillab.events import Carried
from maillab.mail.content import Content
from maillab.protocols.lines import unstuff
from maillab.tui.reading.model import Held, Model


@dataclass(frozen=True, slots=True)
class _Message:
    """What is needed to show it: `pieces` are its contents, each with whether dots were added to it."""

    held: Held
    at: float
    pieces: tuple[tuple[Content, bool], ...]

    @property
    def number(self) -> int:
        return self.held.seqs[0]

    @property
    def octets(self) -> bytes:
        return b"".join(_plain(content.whole(), stuffed) for content, stuffed in self.pieces)


class ReplayedMailbox:
    """The same questions as to a `Shelf`, from any thread. `renew` looks at the model, where it is changed."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._seen = (-1, -1, -1)
        self._messages: tuple[_Message, ...] = ()
        self._items: dict[int, LocalMessage] = {}  # those that were asked for, by the number of their entry
        self.renew()

    def renew(self) -> None:
        """Take note of the messages that there are now."""
        model = self._model
        seen = (model.generation, len(model.held), model.held[0].seqs[0] if model.held else 0)
        if seen != self._seen:
            self._seen = seen
            messages = (self._message(held) for held in model.held)
            self._messages = tuple(message for message in messages if message is not None)

    def _message(self, held: Held) -> _Message | None:
        """`None` for one that is kept no longer."""
        model, at = self._model, 0.0
        pieces: list[tuple[Content, bool]] = []
        for seq in reversed(held.seqs):
            entry = model.entry(seq)
            if entry is None or not isinstance(entry.event, Carried):
                return None
            pieces.insert(0, (entry.event.content, seq not in model.chunks))
            at = entry.at
        return _Message(held, at, tuple(pieces))

    def is_of(self, model: Model) -> bool:
        """Are these the messages of this model?"""
        return self._model is model

    @property
    def accounts(self) -> list[str]:
        """Who has messages, in the order in which they had their first."""
        return list(dict.fromkeys(message.held.account for message in self._messages))

    def counts(self, account: str) -> dict[MailFolder, tuple[int, int]]:
        """For each folder how many messages there are, and how many of them nobody has read: none."""
        counts = dict.fromkeys((MailFolder.INBOX, MailFolder.SENT, MailFolder.TRASH), 0)
        for message in self._messages:
            if message.held.account == account:
                counts[_folder(message.held)] += 1
        return {folder: (count, 0) for folder, count in counts.items()}

    def items(self, account: str, folder: MailFolder) -> list[LocalMessage]:
        """The messages of a folder, the newest first."""
        wanted = (message for message in reversed(self._messages) if message.held.account == account)
        return [self._item(message) for message in wanted if _folder(message.held) is folder]

    def octets(self, number: int) -> bytes:
        """A message as it was carried. Raises `KeyError` when it is not known, `OSError` when it cannot be read."""
        message = next((message for message in self._messages if message.number == number), None)
        if message is None:
            raise KeyError(number)
        return message.octets

    def find(self, account: str, octets: bytes) -> int | None:
        """The number of a person's message that has exactly these octets, the newest; `None` where there is none."""
        for message in reversed(self._messages):
            if message.held.account == account:
                try:
                    if message.octets == octets:
                        return message.number
                except OSError:  # it is kept no longer
                    continue
        return None

    def _item(self, message: _Message) -> LocalMessage:
        number, held = message.number, message.held
        if number not in self._items:
            content, stuffed = message.pieces[0]
            summary = digest(_plain(content.start, stuffed))
            size = sum(len(content) for content, _ in message.pieces)
            self._items[number] = LocalMessage(
                number, held.account, _folder(held), "", True, False,
                size, message.at, summary.sender, summary.to, summary.subject, summary.at, summary.files,
            )  # fmt: skip
        return self._items[number]


def _plain(octets: bytes, stuffed: bool) -> bytes:
    return unstuff(octets) if stuffed else octets


def _folder(held: Held) -> MailFolder:
    return MailFolder.SENT if held.sent else MailFolder.INBOX
