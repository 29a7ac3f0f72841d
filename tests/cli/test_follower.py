"""Following a logbook from another thread."""

import threading

from maillab.cli.follower import LivePrinter
from maillab.cli.streams import OutputError
from maillab.events import Closed
from maillab.logbook import Logbook


def book():
    return Logbook(clock=lambda: 0.0)


def test_everything_is_told_in_order():
    """The past, the present and what comes while it is being told: each entry once, in order."""
    log, told = book(), []
    log.append(Closed("a", "quit"))
    follower = LivePrinter(log, lambda entry: told.append(entry.event.talk), gone=lambda: None)
    for name in "bcd":
        log.append(Closed(name, "quit"))

    assert follower.close()
    assert told == list("abcd")


def test_a_reader_who_stands_still_holds_up_nobody():
    """While the telling is stuck the logbook goes on, and closing does not wait for ever."""
    log, stuck, release = book(), threading.Event(), threading.Event()

    def tell(entry):
        stuck.set()
        release.wait(10)

    follower = LivePrinter(log, tell, gone=lambda: None)
    log.append(Closed("a", "quit"))
    assert stuck.wait(10)
    log.append(Closed("b", "quit"))
    assert not follower.close(patience=0.01)
    release.set()
    assert follower.close(patience=10)


def test_a_reader_who_left_is_told_of():
    """When nobody reads any more, that is said once, and the logbook does not mind."""
    log, left = book(), threading.Event()

    def tell(entry):
        raise OutputError(BrokenPipeError(32, "Broken pipe"))

    follower = LivePrinter(log, tell, gone=left.set)
    log.append(Closed("a", "quit"))
    assert left.wait(10)
    log.append(Closed("b", "quit"))
    assert follower.close()
