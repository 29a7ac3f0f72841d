"""What a server says that it can do."""

from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.smtp import SMTP
from maillab.views.fields.offers import MOST, block, blocks
from tests.views.fields.words import EN, VI, told

LINES = [
    b"250-mx.test greets you\r\n",
    b"250-SIZE 26214400\r\n",
    b"250-AUTH PLAIN LOGIN\r\n",
    b"250-LIMITS MAILMAX=9 RCPTMAX=100 STRANGE=1\r\n",
    b"250-XCLIENT\r\n",
    b"250 WHATEVER 1\r\n",
]


def test_every_extension():
    """Each with what it is for, and its values in words."""
    found = told(blocks(SMTP, LINES, EN))
    assert found["mx.test"] == "the server's own name"
    assert found["greets you"] == "words for people"
    assert found["SIZE"].startswith("At most 26.2 MB for a message.")
    assert found["AUTH"] == "The server accepts logins with these mechanisms. (PLAIN, LOGIN)"
    assert found["LIMITS"] == "At most 9 messages in one connection, 100 recipients of one message"
    assert found["XCLIENT"] == "a private extension of this server"
    assert found["WHATEVER 1"] == ""
    assert told(blocks(SMTP, LINES, VI))["LIMITS"] == "Tối đa 9 thư trong một kết nối, 100 người nhận của một lá thư"


def test_one_line():
    """The same for a line alone; the dot at the end offers nothing."""
    assert told(block(SMTP, b"250-SIZE 0\r\n", EN))["SIZE"].startswith("The largest message")
    assert block(POP3, b".\r\n", EN) == []


def test_capabilities_of_pop3():
    """The same protocol's words are explained, not another one's."""
    found = told(blocks(POP3, [b"+OK here\r\n", b"UIDL\r\n", b"EXPIRE NEVER\r\n", b".\r\n"], EN))
    assert list(found) == ["+OK", "here", "UIDL", "EXPIRE"]
    assert found["EXPIRE"].endswith("(NEVER)")


def test_a_server_that_never_ends():
    """As many lines as a person reads."""
    (found,) = blocks(SMTP, [b"250-X\r\n"] * 1_000, EN)
    assert len(found.parts) == MOST


def test_capabilities_of_imap():
    """They stand on one line, word by word."""
    line = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256 STATUS=SIZE XYZZY\r\n"
    found = told(blocks(IMAP, [line, b"a OK done\r\n"], EN))
    assert list(found) == ["IMAP4REV1", "AUTH=PLAIN", "AUTH=SCRAM-SHA-256", "STATUS=SIZE", "XYZZY"]
    assert found["AUTH=PLAIN"].startswith("AUTHENTICATE is available")
    assert found["STATUS=SIZE"].startswith("STATUS can tell")
    assert block(IMAP, b"a OK done\r\n", EN) == []
    (many,) = blocks(IMAP, [b"* CAPABILITY" + b"".join(b" X%d" % n for n in range(1_000))], EN)
    assert len(many.parts) == MOST
