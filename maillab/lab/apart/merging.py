"""One order for what several processes wrote down: that in which it happened, by the clock that they share."""

from operator import itemgetter

from maillab.lab.apart.words import Noted

_MOMENT = itemgetter(0)


class Merging:
    """Takes what each of `sources` tells, and gives what can be told on: nobody will come with something earlier.

    >>> from maillab.events import Closed
    >>> merging = Merging(2)
    >>> merging.take(0, [(1.0, Closed("a", "")), (3.0, Closed("c", ""))], until=3.0)
    >>> merging.take(1, [(2.0, Closed("b", ""))], until=2.5)
    >>> [event.talk for _, event in merging.ready()], merging.waits
    (['a', 'b'], True)
    """

    def __init__(self, sources: int) -> None:
        self._noted: list[list[Noted]] = [[] for _ in range(sources)]
        self._until = [0.0] * sources

    def take(self, source: int, noted: list[Noted], until: float) -> None:
        """A source tells all that it wrote down up to this moment, and had not told before."""
        self._noted[source] += noted
        self._until[source] = until

    def leave(self, source: int) -> None:
        """A source will tell nothing more."""
        self._until[source] = float("inf")

    def has_left(self, source: int) -> bool:
        """Was that said of it?"""
        return self._until[source] == float("inf")

    @property
    def waits(self) -> bool:
        """Is anything here that a source might still come before?"""
        return any(self._noted)

    def ready(self) -> list[Noted]:
        """All before which nothing can come any more, in order; of one source in the order in which it was told."""
        horizon = min(self._until)
        found: list[Noted] = []
        for source, noted in enumerate(self._noted):
            count = len(noted)
            while count and noted[count - 1][0] > horizon:
                count -= 1
            found += noted[:count]
            self._noted[source] = noted[count:]
        return sorted(found, key=_MOMENT)  # a stable sort: it keeps the order of each source
