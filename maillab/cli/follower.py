"""Follows a logbook in a thread of its own: a terminal that stands still (Ctrl-S) holds up no mail."""

import threading
from collections.abc import Callable

from maillab.cli.streams import OutputError
from maillab.events import Entry
from maillab.logbook import Logbook


class LivePrinter:
    """Calls `tell` with every entry, in order, from its own thread, and `gone` once when nobody reads (`| head`).

    A full disk costs the entries that it does not take, and nothing else.
    """

    def __init__(self, logbook: Logbook, tell: Callable[[Entry], None], gone: Callable[[], object]) -> None:
        self._logbook = logbook
        self._tell = tell
        self._gone = gone
        self._news = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._leave = logbook.subscribe(lambda _entry: self._news.set())
        self._thread.start()

    def close(self, patience: float = 1.0) -> bool:
        """Tell what is left; False when that takes longer than `patience` seconds: nobody takes what is told."""
        self._closing = True
        self._leave()
        self._news.set()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _follow(self) -> None:
        last = 0  # number of the entry that was told last
        try:
            while True:
                self._news.wait()
                self._news.clear()
                closing = self._closing
                for entry in self._logbook.since(last):
                    last = entry.seq
                    self._tell_one(entry)
                if closing:
                    return
        except OutputError:
            self._gone()

    def _tell_one(self, entry: Entry) -> None:
        try:
            self._tell(entry)
        except OutputError as error:
            if error.gone:
                raise
