"""What answers what."""

from maillab.events import Side
from maillab.views.pairs import Pairs

C, S = Side.CLIENT, Side.SERVER


def heard(protocol, *lines, greeted=True):
    pairs = Pairs[bytes](protocol, greeted=greeted)
    return [pairs.hear(side, line, line) for side, line in lines]


def test_the_greeting_answers_nobody():
    """The first reply answers nothing, however many lines it has."""
    lines = [(S, b"220-hi"), (S, b"220 there"), (C, b"EHLO"), (S, b"250 ok")]
    assert heard("smtp", *lines, greeted=False) == [None, None, b"220 there", b"EHLO"]


def test_pipelining():
    """Replies come in the order of the commands; all lines of one reply answer the same."""
    lines = [(C, b"MAIL"), (C, b"RCPT"), (S, b"250-a"), (S, b"250 b"), (S, b"550 no"), (S, b"421 unasked")]
    assert heard("smtp", *lines) == [None, None, b"MAIL", b"MAIL", b"RCPT", None]


def test_other_protocols():
    """Of POP3 and DNS every line answers what was asked last."""
    lines = [(C, b"LIST"), (S, b"+OK"), (S, b"1 20"), (S, b"."), (C, b"QUIT"), (S, b"+OK")]
    assert heard("pop3", *lines) == [None, b"LIST", b"LIST", b"LIST", b".", b"QUIT"]
