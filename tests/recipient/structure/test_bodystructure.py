"""BODYSTRUCTURE, compared with what Dovecot 2.3.19 told of the same octets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap import responses
from maillab.protocols.imap.values import Multipart, SinglePart
from maillab.recipient.structure.bodystructure import PEOPLE, body_structure_of, joined
from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import tree

TEXT = '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" {} {} NIL NIL NIL NIL)'
EMPTY = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"


def wire(octets, **options):
    """A structure as it goes over the wire."""
    return responses.body_structure(body_structure_of(Headers(octets), tree(Headers(octets))), **options).decode(
        "latin-1"
    )


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"\r\nhi\r\n", TEXT.format(4, 1)),
        (
            b"Content-Type: Text/HTML; Charset=\"UTF-8\"; name*0*=utf-8''a; name*1=b; foo=(c) bar (d)\r\n"
            b"Content-Transfer-Encoding: Quoted-Printable (x)\r\nContent-ID: <x@y>\r\nContent-Description: d  e\r\n f\r\n"
            b'Content-MD5: abc==\r\nContent-Disposition: Attachment; FileName="a\\"b.txt"\r\nContent-Language: en, vi\r\n'
            b"Content-Location: http://x/\r\n y\r\n\r\nline\r\nline2",
            '("Text" "HTML" ("Charset" "UTF-8" "foo" "bar" "name*" "utf-8\'\'ab") "<x@y>" "d  e f" "Quoted-Printable" 11 1'
            ' "abc==" ("Attachment" ("FileName" "a\\"b.txt")) ("en" "vi") "http://x/ y")',
        ),
        (
            b"Content-Type: multipart/mixed; boundary=b; charset=x\r\n\r\npre\r\n--b\r\n\r\none\r\n--b\r\n"
            b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody\r\n--b\r\nContent-Type: image/png\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\naGk=\r\n--b--\r\nepilogue\r\n",
            f'({TEXT.format(3, 0)}("message" "rfc822" NIL NIL NIL "7bit" 19 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) '
            f'{TEXT.format(4, 0)} 2 NIL NIL NIL NIL)("image" "png" NIL NIL NIL "base64" 4 NIL NIL NIL NIL)'
            ' "mixed" ("boundary" "b" "charset" "x") NIL NIL NIL)',
        ),
        (b"Content-Type: message/rfc822\r\n\r\n", f'("message" "rfc822" NIL NIL NIL "7bit" 0 {EMPTY} {TEXT.format(0, 0)} 0 NIL NIL NIL NIL)'),
        (b"Content-Type: message/delivery-status\r\n\r\nA: in\r\n\r\nb\r\n", '("message" "delivery-status" NIL NIL NIL "7bit" 12 NIL NIL NIL NIL)'),
        (b"Content-Type: text/plain; charset\r\nContent-ID: \r\nContent-Disposition: \r\n\r\nb\r\n", TEXT.format(3, 1)),
        (b"Content-Type: text/plain; name=a.txt\r\n\r\nb", '("text" "plain" ("name" "a.txt" "charset" "us-ascii") NIL NIL "7bit" 1 0 NIL NIL NIL NIL)'),
    ],
)  # fmt: skip
def test_as_dovecot_tells_it(octets, told):
    """Kinds and parameters are told as they are written, sizes and lines as they are in the message."""  # T258
    assert wire(octets) == told


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        # Dovecot tells an empty text of a multipart without parts: its reader would see nothing
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\nnone\r\n", TEXT.format(6, 1)),
        (b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\none\r\n--b--\r\n", TEXT.format(19, 4)),
        # Dovecot tells kinds that cannot be read as two empty strings
        (b"Content-Type: foo/bar/baz; x=y\r\n\r\nb\r\n", TEXT.format(3, 1)),
        (b"Content-Type: text\r\n\r\nb\r\n", TEXT.format(3, 1)),
        # Dovecot looks into message/rfc822 alone; RFC 9051 knows message/global, too
        (b"Content-Type: message/global\r\n\r\n\r\nb", f'("message" "global" NIL NIL NIL "7bit" 3 {EMPTY} {TEXT.format(1, 0)} 1 NIL NIL NIL NIL)'),
        # a semicolon behind the encoding, or none before the boundary: our reader understands them
        (b"Content-Transfer-Encoding: 8bit;\r\n\r\nb", TEXT.format(1, 0).replace("7bit", "8bit")),
        (b"Content-Type: multipart/mixed boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--", f'({TEXT.format(3, 0)} "mixed" ("boundary" "b") NIL NIL NIL)'),
    ],
)  # fmt: skip
def test_not_as_dovecot_tells_it(octets, told):
    """Where a message is malformed, its reader sees its text."""  # T258
    assert wire(octets) == told


def test_a_digest():
    """The parts of a digest are messages, if they do not say what they are (RFC 2046 5.1.5)."""
    octets = b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\nbody\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"
    found = body_structure_of(Headers(octets), tree(Headers(octets)))
    assert [part.kind for part in found.parts] == [b"message", b"text"]


def test_split_parameters():
    """A parameter that was split is whole, and keeps its character set; gaps and doubles end it."""  # T254
    assert joined([("n*0", "a"), ("n*1", "b")]) == ((b"n", b"ab"),)
    assert joined([("n*1", "b"), ("N*0*", "x''%41"), ("n*0", "z"), ("n*3", "d"), ("n", "w")]) == (
        (b"n", b"w"),
        (b"n*", b"x''%41b"),
    )
    assert joined([("n*0", "é"), ("n*1*", "%42")]) == ((b"n*", b"''%C3%A9%42"),)
    assert joined([("n*", "x"), ("n*99999999999", "y"), ("*", "z")]) == (
        (b"n*", b"x"),
        (b"n*99999999999", b"y"),
        (b"*", b"z"),
    )


@pytest.mark.parametrize(
    "octets",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
        b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
        b"Content-Type: multipart/digest; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 2_000,
        b"Content-Type: text/plain" + b";" * 65_536,
        b"Content-Type: (" + b"(" * 16_384,
        b"Content-Type: text/plain; name*\r\nContent-Disposition: x; name*0*; name*=\x00'x'y\r\n\r\n",
        b'Content-Type: a/b; x="\r\n * 666 EXISTS"\r\nContent-ID: a\r* 1 EXPUNGE\x00\xff\r\n\r\n',
    ],
)  # fmt: skip
def test_bombs(octets):
    """Whatever a message is made of, its structure is one line of balanced parentheses."""  # T207, T242, T243, T247
    for extended in (False, True):
        told = wire(octets, extended=extended)
        outside = "".join(told.split('"')[::2])
        assert outside.count("(") == outside.count(")")
        assert "\n*" not in told


@pytest.mark.parametrize(("senders", "count"), [(b"a," * 2_000, 20), (b"(" * 40_000, 40)])
def test_people_of_messages_inside(senders, count):
    """Of all messages in a message ten thousand addresses are told; the rest of their envelopes stays."""
    inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: " + senders + b"\r\nSubject: s\r\n\r\n"
    octets = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + inner * count
    found = body_structure_of(Headers(octets), tree(Headers(octets)))
    told = [part.envelope for part in found.parts]
    assert 0 < sum(len(one.senders) for one in told) <= PEOPLE
    assert not told[-1].senders
    assert {one.subject for one in told} == {b"s"}


PIECE = st.sampled_from(
    [b"--a", b"--a--", b"", b"text", b"Content-Type: multipart/mixed; boundary=a", b"Content-Type: message/rfc822", b"From: a@b",
     b"Content-Type: application/x; a", b"Content-Disposition: attachment; filename*0=x", b"Content-Language: (", b"Content-Type: multipart/digest; boundary=a"]
)  # fmt: skip


@given(st.lists(PIECE, max_size=30))
def test_any_lines(lines):
    """Every message has a structure whose parts are those of its tree."""
    octets = b"\r\n".join(lines)
    root = tree(Headers(octets))
    found = body_structure_of(Headers(octets), root)

    def same(part, entity):
        match part:
            case Multipart(parts):
                assert len(parts) == len(entity.children)
                for one, child in zip(parts, entity.children, strict=True):
                    same(one, child)
            case SinglePart():
                assert part.octets == entity.octets
                assert (part.inner is None) == (not entity.children)

    same(found, root)
