"""One folder in memory: its messages in the order of UIDs, where they lie, and which of them were touched lately.

Quiet: whoever changes the folder (cabinet.py) tells it here afterwards, and asks here what a look at the Maildir means.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from maillab.recipient.folders import FolderStatus, MessageRow
from maillab.recipient.index import FolderRecord, IndexRow
from maillab.recipient.maildir_flags import LETTERS, flags_of, parted

TOUCHED = 20_000  # so many touches are remembered: a view that was told nothing for longer compares everything


@dataclass(slots=True)
class Filed:
    """One message: what IMAP sees of it; its base name; where it lies (`cur/NAME:2,S`, "" when nobody has looked yet);
    its octets as POP3 has it, and as it is in the file.
    """

    row: MessageRow
    file: str
    place: str
    octets: int
    stored: int


@dataclass(frozen=True, slots=True)
class Differences:
    """What a look at the Maildir has shown: UIDs that are gone, new places, flags of others, unknown base names."""

    gone: Sequence[int]
    places: Mapping[int, str]
    flags: Mapping[int, frozenset[str]]
    strangers: Sequence[str]


def filed(row: IndexRow, place: str = "") -> Filed:
    """A message as the index knows it."""
    flags = parted(row.flags)
    seen = MessageRow(row.uid, flags, row.modseq, row.internal, row.size, row.saved, row.email)
    return Filed(seen, row.file, place, row.octets, row.stored)


class FolderState:
    """A folder as the index knows it; the places are filled in by the first look (`differences`)."""

    def __init__(self, record: FolderRecord, rows: Iterable[IndexRow]) -> None:
        self.key = record.key
        self.validity = record.validity
        self.uid_next = record.next
        self.modseq = record.modseq
        self.deleted = False  # somebody deleted the folder, or its index was lost
        self.stamp: tuple[int, int] | None = None  # of the Maildir when it was looked at last
        self.is_settled = False  # the stamp was so old then that whatever is new will have changed it
        self.is_in_doubt = False  # flags were changed by halves: the Maildir is the truth, and has to be looked at
        self.is_summarised = False  # all that its messages are told by was worked out, or will be
        self.messages: dict[int, Filed] = {row.uid: filed(row) for row in rows}
        self._spelled: dict[str, str] = {}
        self._touched: list[int] = []
        self._forgotten = 0  # so many touches are not remembered any more
        self._unseen = self._marked = self._octets = 0
        for message in self.messages.values():
            self._count(message.row, 1)

    @property
    def status(self) -> FolderStatus:
        """The numbers; none of them is counted now."""
        return FolderStatus(
            len(self.messages),
            self._unseen,
            self._marked,
            self._octets,
            self.uid_next,
            self.validity,
            self.modseq,
            f"F{self.validity}",
        )

    # ── what was changed ──

    def add(self, messages: Iterable[Filed]) -> None:
        """These are in it, too; their UIDs are higher than all before."""
        for message in messages:
            row = message.row
            self.messages[row.uid] = message
            self.uid_next, self.modseq = row.uid + 1, max(self.modseq, row.modseq)
            self._count(row, 1)
            self._touch(row.uid)

    def change(self, flags: Mapping[int, frozenset[str]], modseq: int) -> None:
        """These messages have these flags now."""
        self.modseq = max(self.modseq, modseq)
        for uid, now in flags.items():
            message = self.messages[uid]
            row = message.row
            self._count(row, -1)
            message.row = MessageRow(uid, now, modseq, row.internal, row.octets, row.saved, row.email_id)
            self._count(message.row, 1)
            self._touch(uid)

    def remove(self, uids: Iterable[int], modseq: int) -> None:
        """These are gone."""
        self.modseq = max(self.modseq, modseq)
        for uid in uids:
            if (message := self.messages.pop(uid, None)) is not None:
                self._count(message.row, -1)
                self._touch(uid)

    def end(self) -> None:
        """The folder is no more."""
        self.remove([*self.messages], self.modseq)
        self.deleted = True
        self._touch(0)  # so that it is noticed of an empty one, too

    # ── what is asked ──

    @property
    def touches(self) -> int:
        """How many messages were touched, ever."""
        return self._forgotten + len(self._touched)

    def touched_since(self, touches: int) -> Collection[int] | None:
        """The UIDs that were touched since there were so many touches; None when nobody remembers."""
        return set(self._touched[touches - self._forgotten :]) if touches >= self._forgotten else None

    def spelled(self, flags: Iterable[str]) -> frozenset[str]:
        """Flags as they are known in this folder: two keywords that differ only in case are one (RFC 9051 §2.3.2)."""
        return frozenset(flag if flag in LETTERS else self._spelled.setdefault(flag.lower(), flag) for flag in flags)

    def differences(self, places: Mapping[str, str]) -> Differences:
        """What is not as it was, by what lies in the Maildir: place by base name."""
        gone: list[int] = []
        moved: dict[int, str] = {}
        flags: dict[int, frozenset[str]] = {}
        known = 0
        for uid, message in self.messages.items():
            place = places.get(message.file)
            if place is None:
                gone.append(uid)
                continue
            known += 1
            if place != message.place:
                moved[uid] = place
                before = message.row.flags
                now = flags_of(place) | (before - LETTERS.keys())
                if now != before:
                    flags[uid] = now
        strangers: list[str] = []
        if known < len(places):
            files = {message.file for message in self.messages.values()}
            strangers = [file for file in places if file not in files]
        return Differences(gone, moved, flags, strangers)

    # ── numbers ──

    def _count(self, row: MessageRow, by: int) -> None:
        self._octets += by * row.octets
        self._unseen += by * ("\\Seen" not in row.flags)
        self._marked += by * ("\\Deleted" in row.flags)
        for flag in row.flags:
            if by > 0 and flag not in LETTERS:
                self._spelled.setdefault(flag.lower(), flag)

    def _touch(self, uid: int) -> None:
        if len(self._touched) >= TOUCHED:
            self._forgotten += len(self._touched)
            self._touched.clear()
        self._touched.append(uid)
