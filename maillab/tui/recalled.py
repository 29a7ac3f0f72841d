"""The letters that people had at a moment of a session: what was fetched and sent in it so far, as a list to look at.

Rules for this file: no Textual; nothing is changed, nothing is fetched; the numbers of letters are those of entries.
"""

from maillab.client.digest import digest
from maillab.client.shelf import Folder, Item
from maillab.events import Carried
from maillab.grammar.lines import unstuff
from maillab.mail.content import Content
from maillab.tui.model import Held, Model


class Recalled:
    """The same questions as to a `Shelf`, answered from a model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._items: dict[int, Item] = {}  # those that were asked for, by the number of their entry

    def is_of(self, model: Model) -> bool:
        """Are these the letters of this model?"""
        return self._model is model

    @property
    def accounts(self) -> list[str]:
        """Who has letters, in the order in which they had their first."""
        return list(dict.fromkeys(held.account for held in self._model.held))

    def counts(self, account: str) -> dict[Folder, tuple[int, int]]:
        """For each folder how many letters there are, and how many of them nobody has read: none."""
        found = dict.fromkeys((Folder.INBOX, Folder.SENT, Folder.TRASH), 0)
        for held in self._model.held:
            if held.account == account:
                found[_folder(held)] += 1
        return {folder: (count, 0) for folder, count in found.items()}

    def items(self, account: str, folder: Folder) -> list[Item]:
        """The letters of a folder, the newest first."""
        wanted = [held for held in self._model.held if held.account == account and _folder(held) is folder]
        return [item for held in reversed(wanted) if (item := self._item(held)) is not None]

    def octets(self, number: int) -> bytes:
        """A letter as it was carried. Raises `KeyError` when it is not known, `OSError` when it cannot be read."""
        held = next((one for one in self._model.held if one.seqs[0] == number), None)
        if held is None:
            raise KeyError(number)
        return b"".join(self._piece(seq, whole=True) for seq in held.seqs)

    def find(self, account: str, octets: bytes) -> int | None:
        """The number of a person's letter that has exactly these octets, the newest; `None` where there is none."""
        for held in reversed(self._model.held):
            if held.account == account:
                try:
                    if self.octets(held.seqs[0]) == octets:
                        return held.seqs[0]
                except (KeyError, OSError):  # it is kept no longer
                    continue
        return None

    def _piece(self, seq: int, *, whole: bool) -> bytes:
        content = self._content(seq)
        octets = content.whole() if whole else content.start
        return octets if seq in self._model.chunks else unstuff(octets)

    def _content(self, seq: int) -> Content:
        entry = self._model.entry(seq)
        if entry is None or not isinstance(entry.event, Carried):
            raise KeyError(seq)
        return entry.event.content

    def _item(self, held: Held) -> Item | None:
        number = held.seqs[0]
        entry = self._model.entry(number)
        if entry is None:
            return None  # it is kept no longer
        if number not in self._items:
            one = digest(self._piece(number, whole=False))
            size = sum(len(self._content(seq)) for seq in held.seqs)
            self._items[number] = Item(
                number, held.account, _folder(held), "", True, False,
                size, entry.at, one.sender, one.to, one.subject, one.at, one.mixed,
            )  # fmt: skip
        return self._items[number]


def _folder(held: Held) -> Folder:
    return Folder.SENT if held.sent else Folder.INBOX
