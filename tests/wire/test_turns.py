"""Turns: values, and a question that keeps the type of its answer."""

import pytest

from maillab.wire.turns import Answer, Call, ask


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
