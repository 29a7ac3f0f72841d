"""The record of a person at a keyboard."""

from maillab.mail.content import Content
from maillab.recording.line_ends import with_crlf
from maillab.recording.talks import Asked, talks
from tests.recording.told import record, talk_of, typed

TYPED = "S: 220 mx\nC: DATA\nS: 354 go\nMESSAGE a|..|b\nC: .\nS: 250 ok\nC: QUIT\nS: 221 bye"


def asked(talk):
    return [turn for turn in talk.turns if isinstance(turn, Asked)]


def test_typed():
    """Commands, message and end mark end with CRLF then, as a program would have said them."""
    [talk], [program] = talks(typed(record(TYPED))), talks(record(TYPED))
    assert [turn.line for turn in asked(talk)] == [b"DATA\n", b".\n", b"QUIT\n"]
    assert [(turn.line, turn.contents) for turn in asked(with_crlf(talk))] == [
        (turn.line, turn.contents) for turn in asked(program)
    ]
    assert asked(with_crlf(talk))[1].contents == (Content(b"a\r\n..\r\nb\r\n"),)


def test_not_typed():
    """The talk of a program is left as it is, bare line ends in it included."""
    for talk in (talk_of("seven-steps", "submit-1"), talks(typed(record(TYPED))[:4] + record(TYPED)[4:])[0]):
        assert with_crlf(talk) == talk
