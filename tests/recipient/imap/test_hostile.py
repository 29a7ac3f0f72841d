"""Messages of strangers, told by FETCH: every answer can be read by a client, and no line of it is the stranger's."""

import random
import re

import pytest
from imapclient.response_parser import parse_fetch_response

from maillab.protocols.imap.names import INBOX
from tests.recipient.imap.shelves import HI
from tests.recipient.imap.staging import Stage

DEEP = (
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000))
    + b"\r\nx\r\n"
)
WIDE = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000
INSIDE_EACH_OTHER = b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"Subject: x\r\n\r\ny\r\n"
MESSAGES = {
    "parts in parts": DEEP,
    "many parts": WIDE,
    "messages in messages": INSIDE_EACH_OTHER,
    "an empty message": b"",
    "no header": b"\r\nbody\r\n",
    "no end of the header": b"Subject: x",
    "only NUL": b"\0" * 1000,
    "eight bits": b"Subject: \xff\xfe th\xc6\xb0\r\nFrom: \xff <\xff@\xff>\r\n\r\n\xff\r\n",
    "quotes": b'Subject: "\\" \\\r\nFrom: "a\\"b" <"x y"@z>\r\nTo: a:b,c;,d\r\n\r\nx\r\n',
    "a line of its own": b"Subject: x\r\n * 666 EXISTS\r\nFrom: =?utf-8?q?=0d=0a*_667_EXISTS?= <a@b>\r\n\r\nx\r\n",
    "bare line ends": b"Subject: a\rb\r\n\r\n* 668 EXISTS\n* 669 EXPUNGE\r",
    "a long field": b"Subject: " + b"x" * 100_000 + b"\r\nTo: " + b"a@b, " * 20_000 + b"\r\n\r\nx\r\n",
    "strange parameters": b"Content-Type: text/plain; name*0*=%; name*=\0'x'y; charset=\"\r\n ;=\r\n\r\nx\r\n",
    "strange types": b"Content-Type: /\r\nContent-Transfer-Encoding: \r\nContent-Disposition: ;;\r\n\r\nx\r\n",
}
ITEMS = (
    b"(UID ENVELOPE BODY BODYSTRUCTURE PREVIEW BODY.PEEK[HEADER] BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[TEXT]<0.100>)"
)


def lines_of(told):
    """What a client reads: pieces of lines, and literals by their length."""
    octets, pieces = b"".join(line for line in told if isinstance(line, bytes)), []
    while octets:
        line, _, octets = octets.partition(b"\r\n")
        literal = re.search(rb"~?\{([0-9]+)\}\Z", line)
        if literal:
            length = int(literal[1])
            pieces.append((line, octets[:length]))
            octets = octets[length:]
        else:
            pieces.append(line)
    return pieces


def without_word(piece):
    """The first piece of an answer, as imaplib hands it on."""
    return b"1 " + piece[10:] if isinstance(piece, bytes) else (b"1 " + piece[0][10:], piece[1])


def answers(message, items=ITEMS):
    """The pieces of what FETCH tells of a message."""
    stage = Stage(["logged in", "empty"])
    stage.shelves.bob.all[INBOX].put(message)
    stage.hear(b"b SELECT INBOX\r\n")
    return lines_of([*stage.heard(b"a FETCH 1 " + items + b"\r\n"), stage.half])


@pytest.mark.parametrize("name", MESSAGES)
def test_every_answer_can_be_read(name):
    """A client's parser reads the answer as one message, and no line is one that the server did not say."""  # T207, T208
    *pieces, last = answers(MESSAGES[name])
    assert last == b"a OK Done"
    starts = [piece for piece in pieces if isinstance(piece, bytes) and piece.startswith(b"* ")]
    starts += [piece[0] for piece in pieces if isinstance(piece, tuple) and piece[0].startswith(b"* ")]
    assert [start.split(b" ")[:3] for start in starts] == [[b"*", b"1", b"FETCH"]]
    pieces[0] = without_word(pieces[0])
    assert all(b"\0" not in piece[1] for piece in pieces if isinstance(piece, tuple) and not piece[0].endswith(b"~"))
    if name not in ("parts in parts", "messages in messages"):  # deeper than that parser can
        parsed = parse_fetch_response(pieces, uid_is_key=False)
        assert {b"ENVELOPE", b"BODYSTRUCTURE", b"BODY[HEADER]"} <= parsed[1].keys()


def test_many_names_of_fields():
    """Five thousand names of fields are looked for in linear time; the answer repeats them."""  # T206
    names = b" ".join(b"X-%d" % number for number in range(5000))
    ((line, literal), _, last) = answers(HI, b"BODY.PEEK[HEADER.FIELDS (" + names + b" Subject)]")
    assert (literal, last) == (b"Subject: hi\r\n\r\n", b"a OK Done")
    assert line.count(b"X-") == 5000


@pytest.mark.parametrize("seed", range(40))
def test_messages_by_chance(seed):
    """Messages made of what stands in messages, at random: every answer can be read."""
    dice = random.Random(seed)
    words = [b"Content-Type: ", b"multipart/mixed", b"; boundary=", b"b", b"\r\n", b"\n", b"--b", b"--", b"\r\n\r\n", b'"', b"\\",
             b"(", b")", b"message/rfc822", b"Subject: ", b"From: ", b"<a@b>", b"=?utf-8?b?=", b"\0", b"\xff", b" ", b"x", b":",
             b"Content-Transfer-Encoding: base64", b"; name*0=", b"{5}\r\n", b"* 1 EXPUNGE\r\n"]  # fmt: skip
    *pieces, last = answers(b"".join(dice.choices(words, k=200)))
    assert last == b"a OK Done"
    pieces[0] = without_word(pieces[0])
    assert b"ENVELOPE" in parse_fetch_response(pieces, uid_is_key=False)[1]
