"""What a process arranges that runs for days."""

from types import SimpleNamespace

from maillab.lab.long_run import overhearing
from maillab.logbook import Logbook


def test_a_complaint_is_told_once_a_minute():
    """Each of its kind, with what went wrong, however often asyncio says it."""
    book, clock = Logbook(clock=lambda: 0.0), SimpleNamespace(now=0.0)
    loop = SimpleNamespace(time=lambda: clock.now)
    hear = overhearing(book)
    for moment in (0.0, 1.0, 59.0, 60.5, 61.0):
        clock.now = moment
        hear(loop, {"message": "accept failed", "exception": OSError(24, "Too many open files")})
    hear(loop, {"message": "slow"})
    told = [entry.event.text for entry in book.since(0)]
    assert told == ["accept failed: OSError: [Errno 24] Too many open files"] * 2 + ["slow"]
