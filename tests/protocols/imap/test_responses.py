"""What a server says: octets that every client reads as they are meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap import responses
from maillab.protocols.imap.lexer import Cursor
from maillab.protocols.imap.responses import StatusWord, body_structure, envelope, string
from maillab.protocols.imap.spoken import SpokenCommand, literal_of
from maillab.protocols.imap.values import Disposition, ImapAddress, ImapEnvelope, Multipart, SinglePart, StatusItem

BOB = ImapAddress(b"Bob", None, b"bob", b"recipient.test")


def read(octets):
    """What a reader makes of one string."""
    if octets.startswith(b"{"):
        line, _, rest = octets.partition(b"\n")
        announced = literal_of(line + b"\n")
        assert announced is not None
        assert len(rest) == announced.octets
        return rest
    assert octets.isascii()
    assert not set(octets) & set(b"\r\n\x00")
    return Cursor(SpokenCommand(octets)).string()


@given(st.binary(max_size=50))
def test_strings(octets):
    """Every octet arrives, but NUL, which no string holds; quotes hold no line end and no octet beyond ASCII."""  # T207
    assert read(string(octets)) == octets.replace(b"\x00", b"\x80")


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"x\r\n* 666 EXISTS", b"{15}\r\nx\r\n* 666 EXISTS"),  # T208
        (b"\xff", b"{1}\r\n\xff"),
        (b'"""""', b'{5}\r\n"""""'),
        (b"\x1b[31m", b"{5}\r\n\x1b[31m"),
        (b"a" * 1001, b"{1001}\r\n" + b"a" * 1001),
    ],
)
def test_literals(octets, said):
    """What could break a line, or a reader, goes as a literal."""
    assert string(octets) == said


def test_utf8_strings():
    """Where UTF-8 was agreed on it stands in quotes, if it is UTF-8."""
    assert string(b"\xc3\xa9", utf8=True) == b'"\xc3\xa9"'
    assert string(b"\xff", utf8=True) == b"{1}\r\n\xff"


def test_an_envelope():
    """Ten fields, addresses side by side, NIL for what is not there."""
    told = envelope(ImapEnvelope(subject=b"hi", senders=(BOB,), to=(BOB, BOB), cc=(ImapAddress.group(b"g"),)))
    bob = b'("Bob" NIL "bob" "recipient.test")'
    assert told == b'(NIL "hi" (%b) NIL NIL (%b%b) ((NIL NIL "g" NIL)) NIL NIL NIL)' % (bob, bob, bob)


def test_a_structure():
    """Parts side by side; what BODY leaves out, BODYSTRUCTURE tells."""
    picture = SinglePart(
        b"IMAGE", b"PNG", ((b"NAME", b"x.png"),), encoding=b"BASE64", octets=9,
        disposition=Disposition(b"ATTACHMENT", ((b"FILENAME", b"x.png"),)), languages=(b"vi",),
    )  # fmt: skip
    both = Multipart((SinglePart(octets=5, lines=1), picture), parameters=((b"BOUNDARY", b"b"),))
    text = b'"TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 5 1'
    image = b'"IMAGE" "PNG" ("NAME" "x.png") NIL NIL "BASE64" 9'
    assert body_structure(both, extended=False) == b'((%b)(%b) "MIXED")' % (text, image)
    assert body_structure(both) == (
        b'((%b NIL NIL NIL NIL)(%b NIL ("ATTACHMENT" ("FILENAME" "x.png")) ("vi") NIL) '
        b'"MIXED" ("BOUNDARY" "b") NIL NIL NIL)' % (text, image)
    )


def test_a_message_in_a_message():
    """It has an envelope and a structure of its own; one that was not looked into is told as octets."""
    inner = SinglePart(octets=5, lines=1)
    message = SinglePart(b"MESSAGE", b"RFC822", (), octets=50, lines=4, envelope=ImapEnvelope(), inner=inner)
    none = b" ".join([b"NIL"] * 10)
    told = b'("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 50 (%b) %b 4)' % (none, body_structure(inner, extended=False))
    assert body_structure(message, extended=False) == told
    closed = SinglePart(b"message", b"rfc822", (), octets=50, lines=4)
    assert body_structure(closed, extended=False) == b'("APPLICATION" "OCTET-STREAM" NIL NIL NIL "7BIT" 50)'


def test_an_empty_multipart():
    """It is told with one empty part: the grammar has no other form."""
    assert body_structure(Multipart(()), extended=False).startswith(b'(("TEXT" "PLAIN"')


def test_a_hostile_structure():
    """A media type, a parameter, a name with a line end in it are literals all."""  # T207
    evil = b"x\r\n* 666 EXISTS"
    part = SinglePart(evil, evil, ((evil, evil),), evil, evil, evil, disposition=Disposition(evil), location=evil)
    told = body_structure(part)
    assert told.count(evil) == told.count(b"{15}\r\n" + evil) == 9


def test_status_lines():
    """A condition, a code, a text of one line; never without a text."""
    assert responses.status(StatusWord.OK, "Done", tag=b"a") == b"a OK Done\r\n"
    assert responses.status(StatusWord.BAD, "x\r\n* 1 EXISTS ü") == b"* BAD x??* 1 EXISTS ?\r\n"
    assert responses.status(StatusWord.OK, "", "UIDNEXT 5") == b"* OK [UIDNEXT 5] -\r\n"


def test_lines_of_mailboxes():
    """LIST with its attributes and what it says of mailboxes below; STATUS."""
    assert responses.listing("LSUB", "Đã gửi", ["\\Sent"]) == b'* LSUB (\\Sent) "/" "&ARAA4w- g&Hu0-i"\r\n'
    assert responses.listing("LIST", "a", child_info=["SUBSCRIBED"]) == (
        b'* LIST () "/" a ("CHILDINFO" ("SUBSCRIBED"))\r\n'
    )
    assert responses.listing("LIST", "é", utf8=True) == '* LIST () "/" "é"\r\n'.encode()
    assert responses.namespace() == b'* NAMESPACE (("" "/")) NIL NIL\r\n'
    assert responses.mailbox_status("a b", {StatusItem.SIZE: 3}) == b'* STATUS "a b" (SIZE 3)\r\n'


def test_lines_of_searches():
    """What was found, in the old form and in the new."""
    assert responses.search([3, 1], modseq=7) == b"* SEARCH 3 1 (MODSEQ 7)\r\n"
    assert responses.search([], modseq=7) == b"* SEARCH\r\n"
    assert responses.sort([3, 1]) == b"* SORT 3 1\r\n"
    assert responses.extended_search(b"a", by_uid=False) == b'* ESEARCH (TAG "a")\r\n'
    assert responses.extended_search(b"a", by_uid=True, count=0, modseq=4, in_order=b"3,1") == (
        b'* ESEARCH (TAG "a") UID COUNT 0 ALL 3,1 MODSEQ 4\r\n'
    )


def test_lines_of_messages():
    """Numbers, flags, what is gone."""
    assert responses.numbered(3, "EXISTS") == b"* 3 EXISTS\r\n"
    assert responses.flag_list(["\\Seen"]) == b"(\\Seen)"
    assert responses.vanished([3]) == b"* VANISHED 3\r\n"
    assert responses.go_ahead() == b"+ \r\n"
