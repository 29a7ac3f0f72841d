"""Turns: values, and a question that keeps the type of its answer."""

import pytest

from maillab.wire.turns import Answer, Bell, Call, HangBell, LineOrBell, ReadOn, ask, hang_bell, line_or_bell, read_on


def test_turns_are_values():
    """Two turns that say the same are equal."""
    assert Answer(b"+OK\r\n") == Answer(b"+OK\r\n")


def test_ask():
    """What the call gave comes back as the result; what it raised is raised where it was asked."""

    def verb():
        try:
            number = yield from ask(lambda: 20 + 22)
        except OSError:
            number = 0
        yield Answer(b"%d" % number)

    turns = verb()
    call = next(turns)
    assert isinstance(call, Call)
    assert turns.send(call.function()) == Answer(b"42")

    turns = verb()
    next(turns)
    assert turns.throw(OSError()) == Answer(b"0")
    with pytest.raises(StopIteration):
        next(turns)


def test_a_bell_wakes_once():
    """A bell that has rung already wakes nobody again, until somebody has heard it."""
    woken = []
    bell = Bell(lambda: woken.append("woken"))
    bell.ring()
    bell.ring()
    assert (bell.rung, woken) == (True, ["woken"])
    bell.hush()
    bell.ring()
    assert (bell.rung, woken) == (True, ["woken"] * 2)


def test_what_is_sent_back():
    """The helpers yield their turn and return what is sent back."""
    for make, turn, answer in (
        (lambda: read_on(3, secret=True), ReadOn(3, secret=True), b"abc\r\n"),
        (hang_bell, HangBell(), Bell()),
        (line_or_bell, LineOrBell(), None),
    ):
        turns = make()
        assert next(turns) == turn
        with pytest.raises(StopIteration) as end:
            turns.send(answer)
        assert end.value.value is answer
