"""What sequence numbers mean to one session while others come and go (RFC 9051 §2.3.1.2, §7.5.1).

Quiet: it hears what happened and gives what may be told now. A message that is gone keeps its number until the client
has been told, and that may not happen in the answer to FETCH, STORE or SEARCH, which speak in such numbers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from maillab.protocols.imap.sequence import STAR, SequenceSet
from maillab.recipient.folders import MessageRow, News

NamedMessage: TypeAlias = tuple[int, int]
"""A message that a client has named: its number now, and its UID for ever."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, in this order: numbers that are gone (and their UIDs), how many there are now, whose flags changed.

    A number that is gone counts without those before it.
    """

    expunged: Sequence[int] = ()
    uids: Sequence[int] = ()
    exists: int | None = None
    changed: Sequence[tuple[int, MessageRow]] = ()


class Tracker:
    """The numbers of one session. `uids` are those that it was told of at first, in their order.

    >>> tracker = Tracker([3, 5, 9])
    >>> tracker.learn(News(gone=[5]))
    >>> tracker.count, tracker.number(9)
    (3, 3)
    >>> tracker.tell().expunged, tracker.number(9)
    ([2], 2)
    """

    def __init__(self, uids: Iterable[int]) -> None:
        self._uids = list(uids)  # as the client numbers them
        self._gone: set[int] = set()  # of these, and not told
        self._added: list[int] = []  # and not told
        self._changed: dict[int, MessageRow] = {}  # and not told, by UID

    @property
    def count(self) -> int:
        """How many messages there are, as far as the client was told."""
        return len(self._uids)

    @property
    def uids(self) -> Sequence[int]:
        """Their UIDs, by their numbers."""
        return self._uids

    def number(self, uid: int) -> int:
        """The number of a message, 0 for one that the client was not told of."""
        at = bisect_left(self._uids, uid)
        return at + 1 if at < len(self._uids) and self._uids[at] == uid else 0

    def is_gone(self, uid: int) -> bool:
        """Is it gone, and the client does not know?"""
        return uid in self._gone

    def named(self, said: SequenceSet, *, by_uid: bool) -> list[NamedMessage]:
        """The messages that a set names, in their order. Raises `LookupError` for a number that no message has.

        In an empty folder 1:* names none, as clients expect.
        """
        return [(at + 1, self._uids[at]) for span in self.places(said, by_uid=by_uid) for at in span]

    def places(self, said: SequenceSet, *, by_uid: bool) -> list[range]:
        """Where they stand in `uids`, span by span. Raises `LookupError`."""
        uids = self._uids
        if by_uid:
            spans = said.spans(uids[-1] if uids else 0)
            return [range(bisect_left(uids, low), bisect_right(uids, high)) for low, high in spans]
        if any(number > self.count for pair in said.ranges for number in pair if self._uids or STAR not in pair):
            raise LookupError("no such message")
        spans = said.spans(self.count)
        return [range(max(1, low) - 1, min(high, self.count)) for low, high in spans]

    def those(self, uids: Iterable[int]) -> list[NamedMessage]:
        """The messages with these UIDs, as far as the client was told of them, in their order."""
        return [(number, uid) for uid in sorted(uids) if (number := self.number(uid))]

    def learn(self, news: News) -> None:
        """This has happened in the folder."""
        self._added += [row.uid for row in news.added]
        for row in (*news.added, *news.changed):
            self._changed[row.uid] = row
        for row in news.added:
            del self._changed[row.uid]  # it is told as there, and whoever wants its flags asks for them
        for uid in news.gone:
            self._changed.pop(uid, None)
            if self.number(uid):
                self._gone.add(uid)
            elif uid in self._added:
                self._added.remove(uid)

    def tell(self, *, expunges: bool = True) -> Telling:
        """What the client is told now; without `expunges`, what is gone waits for the next time."""
        expunged, uids = self._expunge() if expunges and self._gone else ([], [])
        exists = None
        if self._added:
            self._uids += self._added
            self._added = []
            exists = self.count
        changed = [(number, row) for uid, row in sorted(self._changed.items()) if (number := self.number(uid))]
        self._changed = {}
        return Telling(expunged, uids, exists, changed)

    def _expunge(self) -> tuple[list[int], list[int]]:
        """From the first to the last, so that each number counts what is left of those before it."""
        uids = sorted(self._gone)
        expunged = [self.number(uid) - before for before, uid in enumerate(uids)]
        self._uids = [uid for uid in self._uids if uid not in self._gone]
        self._gone = set()
        return expunged, uids
