"""What the process of a site has written down and has not told its lab yet."""

from collections.abc import Callable

from maillab.events import Entry
from maillab.lab.apart.words import SiteNews
from maillab.logbook import Logbook

AT_ONCE = 2000  # entries that are told in one piece
KEPT = 50_000  # entries that wait for a lab that is busy; what comes then drives out the oldest


class Outbox:
    """Reads a logbook on behalf of the lab: `ring` is called when there is something new, once until it is told."""

    def __init__(self, logbook: Logbook, now: Callable[[], float], ring: Callable[[], None]) -> None:
        self._logbook = logbook
        self._now = now
        self._ring = ring
        self._told = 0  # number of the last entry that was
        self._rang = False
        logbook.subscribe(self._hear)

    def _hear(self, _: Entry) -> None:
        if not self._rang:
            self._rang = True
            self._ring()

    def news(self) -> SiteNews:
        """What is to be told now. Called in the loop that writes, so that nothing comes in between."""
        fresh = self._logbook.since(self._told)
        told = fresh[:AT_ONCE]
        self._rang = False
        if not told:
            return SiteNews([], self._now())
        lost = told[0].seq - self._told - 1
        self._told = told[-1].seq
        is_all = len(told) == len(fresh)
        if not is_all:
            self._hear(told[-1])
        return SiteNews([(entry.at, entry.event) for entry in told], self._now() if is_all else told[-1].at, lost)
