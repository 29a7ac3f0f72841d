"""The logbook: one append-only stream that every reader shares.

Only the loop of the lab appends; any thread may read. A late reader hears the past first, then the present.
"""

from collections.abc import Callable, Sequence

from maillab.events import Carried, Entry, Event, Leg, Packet, Said

KEPT = 400_000  # entries; the oldest go first, in tenths, so that a long run has a bounded memory
OCTETS = 134_217_728  # of lines and content held in memory by entries: 128 MiB
FILED = 268_435_456  # of content in files that entries point at: 256 MiB

EntryReader = Callable[[Entry], None]
Forget = Callable[[Sequence[Entry]], None]


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
    ) -> None:
        """`forget` is told which entries are kept no longer: files that only they know can go."""
        self._clock = clock
        self._kept = kept
        self._octets = octets
        self._most_filed = filed
        self._held = self._filed = 0  # octets in the entries that are kept, and in the files of these
        self._forget = forget
        self._page: tuple[int, list[Entry]] = (1, [])  # seq of the first, entries; swapped as one for other threads
        self._readers: list[EntryReader] = []
        self._talks: dict[Leg, int] = {}

    def append(self, event: Event) -> Entry:
        """Write one event down and tell the readers, in the order in which they came."""
        first, entries = self._page
        entry = Entry(first + len(entries), self._clock(), event)
        entries.append(entry)
        self._weigh(event, 1)
        if len(entries) > self._kept or self._held > self._octets or self._filed > self._most_filed:
            self._drop_the_oldest()
        for reader in tuple(self._readers):
            reader(entry)
        return entry

    def _drop_the_oldest(self) -> None:
        first, entries = self._page
        count = max(1, len(entries) // 10)
        gone = entries[:count]
        self._page = (first + count, entries[count:])
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
        first, entries = self._page
        return entries[max(0, seq + 1 - first) :]

    @property
    def forgotten(self) -> int:
        """How many of the oldest entries are no longer kept."""
        return self._page[0] - 1

    def subscribe(self, reader: EntryReader, *, past: bool = True) -> Callable[[], None]:
        """Tell `reader` all that is kept (the `past`), then everything to come; gives the function that ends it."""
        for entry in tuple(self._page[1]) if past else ():
            reader(entry)
        self._readers.append(reader)

        def leave() -> None:
            if reader in self._readers:
                self._readers.remove(reader)

        return leave

    def name_talk(self, leg: Leg) -> str:
        """The next readable name of a talk on this leg: submit-1, submit-2, relay-1..."""
        self._talks[leg] = self._talks.get(leg, 0) + 1
        return f"{leg}-{self._talks[leg]}"
