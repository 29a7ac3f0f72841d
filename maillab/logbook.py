"""The logbook: one append-only stream that every reader shares.

Only the loop of the lab appends; any thread may read. A late reader hears the past first, then the present.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from maillab.events import Carried, Entry, Event, Leg, Packet, Said

KEPT = 400_000  # entries; the oldest go first, in tenths, so that a long run has a bounded memory
OCTETS = 134_217_728  # of lines and content held in memory by entries: 128 MiB
FILED = 268_435_456  # of content in files that entries point at: 256 MiB

EntryReader = Callable[[Entry], None]
Forget = Callable[[Sequence[Entry]], None]


class _Passage:
    """Entries of one moment, which are made when somebody looks: `count` of them, the first with number `first`."""

    def __init__(self, first: int, at: float, count: int, octets: int, events: Callable[[], Iterable[Event]]) -> None:
        self.first, self.end, self.octets = first, first + count, octets
        self._at = at
        self._events: Callable[[], Iterable[Event]] | None = events
        self._made: list[Entry] = []

    @property
    def entries(self) -> list[Entry]:
        """Made once; two threads that come at the same time make the same."""
        events = self._events  # looked at first: where it is gone, the entries are there
        if events is not None and not self._made:
            self._made = [Entry(seq, self._at, event) for seq, event in enumerate(events(), self.first)]
            self._events = None
        return self._made


class Logbook:
    """Entries in order, and the readers who follow them.

    >>> from maillab.events import Closed
    >>> book = Logbook(clock=lambda: 0.0)
    >>> book.append(Closed("submit-1", "quit"))
    Entry(seq=1, at=0.0, event=Closed(talk='submit-1', why='quit'))
    """

    def __init__(
        self,
        clock: Callable[[], float],
        kept: int = KEPT,
        octets: int = OCTETS,
        forget: Forget = lambda _: None,
        filed: int = FILED,
        first: int = 1,
        step: int = 1,
    ) -> None:
        """`forget` is told which entries are kept no longer: files that only they know can go. Of those that were
        written down together (`append_together`) it is not told: they know of no files. Talks are numbered from `first`
        in steps: logbooks that become one later have no name twice.
        """
        self._clock = clock
        self._kept = kept
        self._octets = octets
        self._most_filed = filed
        self._held = self._filed = 0  # octets in the entries that are kept, and in the files of these
        self._forget = forget
        self._page: tuple[int, list[Entry | _Passage], list[_Passage]] = (1, [], [])  # seq of the first; entries, or in
        # the place of each the passage that it is in; all passages. Swapped as one for other threads
        self._readers: list[EntryReader] = []
        self._first, self._step = first, step
        self._talks: dict[Leg, int] = {}

    def append(self, event: Event, at: float | None = None) -> Entry:
        """Write one event down and tell the readers, in the order in which they came. `at`: when it was, if not now."""
        first, entries, _ = self._page
        entry = Entry(first + len(entries), self._clock() if at is None else at, event)
        entries.append(entry)
        self._weigh(event, 1)
        self._bound()
        for reader in tuple(self._readers):
            reader(entry)
        return entry

    def append_together(self, events: Callable[[], Iterable[Event]], count: int, octets: int) -> None:
        """Write down `count` events of one moment, which hold so many octets; they are made when somebody looks.

        `events` is called once, or once by each of several threads, and gives the same each time.
        """
        if self._readers:
            for event in events():
                self.append(event)
            return
        first, entries, passages = self._page
        passage = _Passage(first + len(entries), self._clock(), count, octets, events)
        passages.append(passage)  # before its entries: whoever sees these knows it
        entries.extend([passage] * count)
        self._held += octets
        self._bound()

    def _bound(self) -> None:
        if len(self._page[1]) > self._kept or self._held > self._octets or self._filed > self._most_filed:
            self._drop_the_oldest()

    def _drop_the_oldest(self) -> None:
        first, entries, passages = self._page
        count = max(1, len(entries) // 10)
        last = entries[count - 1]
        if isinstance(last, _Passage):
            count = last.end - first  # it goes as a whole
        left = [passage for passage in passages if passage.first >= first + count]
        for passage in passages[: len(passages) - len(left)]:
            self._held -= passage.octets
        gone = [entry for entry in entries[:count] if isinstance(entry, Entry)]
        self._page = (first + count, entries[count:], left)
        for entry in gone:
            self._weigh(entry.event, -1)
        self._forget(gone)

    def _weigh(self, event: Event, sign: int) -> None:
        if isinstance(event, Said):
            self._held += sign * len(event.line)
        elif isinstance(event, Packet):
            self._held += sign * len(event.octets)
        elif isinstance(event, Carried):
            self._held += sign * len(event.content.start)
            self._filed += sign * event.content.octets

    def since(self, seq: int) -> list[Entry]:
        """Entries after number `seq` (0 for all that are kept); safe from any thread."""
        first, entries, passages = self._page
        begin = max(first, seq + 1)
        found = entries[begin - first :]
        for passage in reversed(tuple(passages)):
            if passage.end <= begin:
                break
            if passage.first < begin + len(found):  # else it has come just now
                found[max(0, passage.first - begin) : passage.end - begin] = passage.entries[
                    max(0, begin - passage.first) :
                ]
        return cast(list[Entry], found)

    @property
    def forgotten(self) -> int:
        """How many of the oldest entries are no longer kept."""
        return self._page[0] - 1

    def subscribe(self, reader: EntryReader, *, past: bool = True) -> Callable[[], None]:
        """Tell `reader` all that is kept (the `past`), then everything to come; gives the function that ends it."""
        for entry in self.since(0) if past else ():
            reader(entry)
        self._readers.append(reader)

        def leave() -> None:
            if reader in self._readers:
                self._readers.remove(reader)

        return leave

    def name_talk(self, leg: Leg) -> str:
        """The next readable name of a talk on this leg: submit-1, submit-2, relay-1..."""
        self._talks[leg] = self._talks.get(leg, self._first - self._step) + self._step
        return f"{leg}-{self._talks[leg]}"
