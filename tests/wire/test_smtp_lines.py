"""Command lines of SMTP; whole conversations with them are in tests/dialogues."""

import pytest

from maillab.mail.reply import Refused
from maillab.protocols.smtp import SmtpCommand
from maillab.wire.limits import Limits
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.smtp_lines import LINE_OCTETS, CommandLines, Leave, last_word
from tests.wire.talking import Clerk


@pytest.fixture
def tolerated():
    return []


@pytest.fixture
def lines(tmp_path, tolerated):
    config = SmtpConfig("mx.local.test", "local.test", Clerk(), tmp_path, Limits(bad_lines=3))
    return CommandLines(config, lambda verb: 20 if verb == "NOOP" else 100)


def test_a_command_is_read(lines, tolerated):
    """Verb in capitals, the rest as it came, without the end of the line."""
    assert lines.read(b"mail FROM:<a@a.test>\r\n", tolerated.append) == SmtpCommand("MAIL", "FROM:<a@a.test>")


def test_the_length_of_a_line_depends_on_its_verb(lines, tolerated):
    """At the limit it is read, one octet more is refused, and that is no bad line."""
    assert lines.read(b"NOOP " + b"x" * 13 + b"\r\n", tolerated.append).verb == "NOOP"
    for _ in range(5):
        with pytest.raises(Refused, match="too long"):
            lines.read(b"NOOP " + b"x" * 14 + b"\r\n", tolerated.append)


def test_a_bare_line_feed_is_borne_until_the_first_crlf(lines, tolerated):
    """A person's nc is borne, a program is not, and three bad lines are too many (T094)."""
    lines.note_end(b"NOOP\n")
    assert lines.read(b"NOOP\n", tolerated.append).verb == "NOOP"
    assert tolerated == ["bare-lf"]
    lines.note_end(b"NOOP\r\n")
    for _ in range(2):
        with pytest.raises(Refused, match="CR LF"):
            lines.read(b"NOOP\n", tolerated.append)
    with pytest.raises(Leave) as caught:
        lines.read(b"NO\x00OP\r\n", tolerated.append)
    assert caught.value.reply.code == 421


def test_an_empty_line_is_no_bad_one(lines, tolerated):
    """It is refused, however often it comes."""
    for _ in range(5):
        with pytest.raises(Refused, match="empty line"):
            lines.read(b" \r\n", tolerated.append)


@pytest.mark.parametrize("line", [b"BDAT 6 \x00\r\n", b"bdat 6 \xff\r\n", b"BDAT 6" + b" " * 200 + b"\r\n", b"\x16\x03\x01\n", b"GET / HTTP/1.1\r\n"])  # fmt: skip
def test_nothing_is_certain_after_it(lines, tolerated, line):
    """What announces content and cannot be read, TLS and HTTP end the talk (T096, T111)."""
    lines.note_end(line)
    with pytest.raises(Leave) as caught:
        lines.read(line, tolerated.append)
    assert caught.value.reply.code == 500


def test_lines_that_are_longer_than_any(lines):
    """Two are refused, the third is the last; one without an end, and one that announces content, is so at once (T100)."""
    long = b"x" * LINE_OCTETS
    assert lines.refuse(long + b"\r\n").code == lines.refuse(long + b"\r\n").code == 500
    for line in (long, b"BDAT 5" + long + b"\r\n", long + b"\r\n"):
        with pytest.raises(Leave):
            lines.refuse(line)


def test_the_last_word():
    """421, and who says it."""
    assert last_word("mx.test", "4.3.2", "This server is stopped").text == "421 4.3.2 mx.test This server is stopped"
