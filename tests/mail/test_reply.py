"""Replies as values."""

import pytest

from maillab.mail.reply import Refused, Reply, refused


@pytest.mark.parametrize(
    ("reply", "wire"),
    [
        (Reply(250, "", ("mx.test", "SIZE 5")), b"250-mx.test\r\n250 SIZE 5\r\n"),
        (Reply(550, "5.1.1", ("a", "b")), b"550-5.1.1 a\r\n550 5.1.1 b\r\n"),
        (Reply(334, "", ("",)), b"334 \r\n"),  # RFC 4954 §4
        (Reply(250, "", ("a", "")), b"250-a\r\n250 \r\n"),
        (Reply(250, "2.0.0", ("",)), b"250 2.0.0\r\n"),
    ],
)
def test_the_hyphen_stands_on_all_lines_but_the_last(reply, wire):
    """A multi-line reply is marked as RFC 5321 §4.2.1 says."""
    assert reply.wire() == wire


def test_a_code_without_text_keeps_its_blank():
    """The kind: every reply with empty text (RFC 5321 section 4.2); without it GNU SASL takes 334 for no challenge."""
    assert all(Reply(code, "", ("",)).wire() == b"%d \r\n" % code for code in (220, 250, 334, 354, 421, 550))


def test_text_can_never_begin_a_second_reply():
    """Line ends and controls in a text are replaced, so that no fault text becomes a second reply (T101)."""
    assert Reply(451, "", ("x\r\n250 OK\x1b[31m",)).wire() == b"451 x??250 OK?[31m\r\n"


@pytest.mark.parametrize(
    ("code", "verdict"), [(250, "ok"), (354, "ok"), (421, "later"), (550, "never"), (25, "later"), (999, "later")]
)
def test_first_digit_decides_and_strange_codes_mean_later(code, verdict):
    """A code that no server should say never fails a message for good (T058)."""
    reply = Reply(code, "", ("x",))
    assert [name for name in ("ok", "later", "never") if getattr(reply, name)] == [verdict]


def test_refused_carries_its_reply():
    """An error that reaches the wire carries what is said there."""
    error = refused(550, "5.1.1", "No such mailbox")
    assert isinstance(error, Refused)
    assert error.reply.text == "550 5.1.1 No such mailbox"
