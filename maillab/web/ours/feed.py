"""The logbook as lines of JSON, made once for all who follow it with the same filter in the same language.

Blocking: in a thread. No line holds a secret (ours/told.py).
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from maillab.logbook import Logbook
from maillab.views.filter import Context, parse
from maillab.views.gloss import Lang
from maillab.views.shown import shows
from maillab.web.ours.told import EntryTeller

KEPT = 32 << 20  # octets of lines that are kept ready; who is further behind begins with what is left
AT_ONCE = 2_000  # entries that are made into lines before anybody else's turn

FeedLine = tuple[int, bytes]  # the number of its entry, and its JSON


class EntryFeed:
    """One filter, one language. Raises `FilterError` for a filter that is none."""

    def __init__(self, logbook: Logbook, expression: str, lang: Lang, most: int = KEPT) -> None:
        self._logbook = logbook
        self._filter, self._context = parse(expression), Context(says=shows(lang))
        self._teller = EntryTeller(lang)
        self._most = most
        self._lock = threading.Lock()
        self._lines: deque[FeedLine] = deque()
        self._octets = self._last = 0

    def since(self, seq: int, most: int) -> tuple[list[FeedLine], int]:
        """At most so many lines of entries after number `seq`; and the number up to which everything is told."""
        with self._lock:
            self._take_in()
            return self._told(seq, most)

    def at_once(self, seq: int, most: int) -> tuple[list[FeedLine], int] | None:
        """The same of a few lines that are ready, because somebody else has asked; else `None`. Never blocks."""
        if not seq < self._last <= seq + most or not self._lock.acquire(blocking=False):
            return None
        try:
            return self._told(seq, most)
        finally:
            self._lock.release()

    def is_behind(self, seq: int) -> bool:
        """Has anything happened after number `seq`? Never blocks."""
        return seq < self._last or bool(self._logbook.since(seq))

    def _told(self, seq: int, most: int) -> tuple[list[FeedLine], int]:
        lines = [*self._after(seq)]
        told = lines[:most]
        return told, told[-1][0] if len(told) < len(lines) else max(seq, self._last)

    def _after(self, seq: int) -> Iterator[FeedLine]:
        """Those that are newer, in their order: who follows asks for the last few."""
        newer: list[FeedLine] = []
        for line in reversed(self._lines):
            if line[0] <= seq:
                break
            newer.append(line)
        return reversed(newer)

    def _take_in(self) -> None:
        for entry in self._logbook.since(self._last)[:AT_ONCE]:
            self._last = entry.seq
            rows = self._teller.hear(entry)
            if self._filter.matches(entry, self._context):
                line = msgspec.json.encode(self._teller.told(entry, rows))
                self._lines.append((entry.seq, line))
                self._octets += len(line)
        while self._octets > self._most:
            self._octets -= len(self._lines.popleft()[1])


class EntryFeeds:
    """The feeds that somebody follows, by filter and language; the oldest goes when there are too many."""

    def __init__(self, make: Callable[[str, Lang], EntryFeed], most: int = 16) -> None:
        self._make = make
        self._most = most
        self._feeds: dict[tuple[str, Lang], EntryFeed] = {}

    def feed(self, expression: str, lang: Lang) -> EntryFeed:
        """The one for this filter and this language. In the lab's loop. Raises `FilterError`."""
        key = (expression, lang)
        feed = self._feeds.pop(key, None) or self._make(expression, lang)
        self._feeds[key] = feed
        while len(self._feeds) > self._most:
            del self._feeds[next(iter(self._feeds))]
        return feed
