"""Sections, compared with what Dovecot 2.3.19 told of the same octets."""

import pytest

from maillab.mail.content import Content
from maillab.protocols.imap.fetch import SectionForm, SectionKind, parse_items
from maillab.protocols.imap.lexer import Cursor
from maillab.protocols.imap.spoken import SpokenCommand
from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import tree
from maillab.recipient.structure.section import UnknownEncoding, header_fields, located, of_header_and_text, section

HEAD = b"From: a@b\r\nX-A: 1\r\n  f\r\nx-a: 2\r\nstray line\r\n"
SINGLE = HEAD + b"\r\nline\r\n"
MULTI = (
    HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\nX-P: 1\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n"
    b"X-M: y\r\n\r\nSubject: in\r\n\r\nbody\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
    b"--c\r\n\r\ninner\r\n--c--\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAP/4\r\n--b\r\nContent-Transfer-Encoding: x-own\r\n\r\n?\r\n--b--\r\n"
)  # fmt: skip


def fetched(octets, item, tmp_path=None):
    """What FETCH of an item gives; of a message in a file, where a folder is given."""
    [wanted] = parse_items(Cursor(SpokenCommand(item.encode(), ())))
    content = Content(octets)
    if tmp_path is not None:
        (tmp_path / "message").write_bytes(b"**" + octets + b"**")
        content = Content(b"", tmp_path / "message", 2, len(octets))
    found = section(content, tree(Headers(octets)), wanted)
    if not wanted.path and wanted.form is not SectionForm.WHOLE:
        assert of_header_and_text(octets, wanted) == Content(found.whole())
    return None if found is None else found.whole()


@pytest.mark.parametrize(
    ("octets", "item", "expected"),
    [
        (SINGLE, "BODY[]", SINGLE), (SINGLE, "BODY[HEADER]", HEAD + b"\r\n"), (SINGLE, "BODY[TEXT]", b"line\r\n"),
        (SINGLE, "BODY[1]", b"line\r\n"), (SINGLE, "BODY[1.MIME]", HEAD + b"\r\n"),
        (SINGLE, "BODY[HEADER.FIELDS (X-A)]", b"X-A: 1\r\n  f\r\nx-a: 2\r\n\r\n"), (SINGLE, "BODY[HEADER.FIELDS (nope)]", b"\r\n"),
        (SINGLE, "BODY[HEADER.FIELDS.NOT (x-a)]", b"From: a@b\r\nstray line\r\n\r\n"),
        (SINGLE, "BODY[TEXT]<2.3>", b"ne\r"), (SINGLE, "BODY[TEXT]<20.3>", b""), (SINGLE, "BODY[]<4294967295.1>", b""),
        (SINGLE, "BINARY[1]", b"line\r\n"), (SINGLE, "BINARY[]", SINGLE), (SINGLE, "RFC822.HEADER", HEAD + b"\r\n"),
        (MULTI, "BODY[1]", b"one"), (MULTI, "BODY[1.MIME]", b"X-P: 1\r\n\r\n"), (MULTI, "BODY[2]", b"Subject: in\r\n\r\nbody"),
        (MULTI, "BODY[2.MIME]", b"Content-Type: message/rfc822\r\nX-M: y\r\n\r\n"), (MULTI, "BODY[2.HEADER]", b"Subject: in\r\n\r\n"),
        (MULTI, "BODY[2.TEXT]", b"body"), (MULTI, "BODY[2.1]", b"body"), (MULTI, "BODY[2.1.MIME]", b"Subject: in\r\n\r\n"),
        (MULTI, "BODY[2.HEADER.FIELDS (subject)]", b"Subject: in\r\n\r\n"), (MULTI, "BODY[3.1]", b"inner"),
        (MULTI, "BODY[3.1.MIME]", b"\r\n"), (MULTI, "BODY[3.TEXT]", b"--c\r\n\r\ninner\r\n--c--"),
        (MULTI, "BODY[3.HEADER]", b"Content-Type: multipart/mixed; boundary=c\r\n\r\n"), (MULTI, "BODY[4]", b"AP/4"),
        (MULTI, "BINARY[4]", b"\x00\xff\xf8"), (MULTI, "BINARY[4]<1.1>", b"\xff"), (MULTI, "BINARY[2]", b"Subject: in\r\n\r\nbody"),
    ],
)  # fmt: skip
def test_as_dovecot_tells_it(octets, item, expected, tmp_path):
    """A section is what stands in the message, octet for octet, be it in memory or in a file."""
    assert fetched(octets, item) == fetched(octets, item, tmp_path) == expected


@pytest.mark.parametrize(
    "item", ["1.HEADER", "1.TEXT", "1.1", "2", "1.HEADER.FIELDS (To)", "999999999", ".".join(["1"] * 500)]
)
def test_no_such_section(item):
    """What a message has not is NIL, and it costs nothing to find out."""  # T206
    assert fetched(SINGLE, f"BODY[{item}]") is None


def test_unknown_encodings():
    """An encoding that nobody knows is not undone; the octets can be had as they are (RFC 3516 4.3)."""
    with pytest.raises(UnknownEncoding):
        fetched(MULTI, "BINARY[5]")
    assert fetched(MULTI, "BODY[5]") == b"?"
    assert fetched(MULTI, "BINARY.SIZE[4]") == b"\x00\xff\xf8"


@pytest.mark.parametrize(
    ("header", "told", "others"),
    [
        (b"To: a\r\n\r\n", b"To: a\r\n\r\n", b"\r\n"), (b"\r\n", b"\r\n", b"\r\n"), (b"To: a\n\n", b"To: a\n\r\n", b"\r\n"),
        (b"To: a\r\n", b"To: a\r\n", b""), (b"To: a", b"To: a\r\n", b""), (b"", b"", b""), (b"x\r\nTo: a", b"To: a\r\n", b"x\r\n"),
    ],
)  # fmt: skip
def test_the_blank_line(header, told, others):
    """It is told with whatever fields, except of a message that has none (RFC 9051 §6.4.5.1)."""
    assert header_fields(header, [b"to"]) == told
    assert header_fields(header, [b"to"], without=True) == others


def test_many_names():
    """Fields are looked for once, however many are named."""  # T206
    names = [b"x-%d" % number for number in range(5_000)]
    header = b"".join(name + b": y\r\n" for name in names) + b"\r\n"
    assert header_fields(header, names) == header
    assert located(tree(Headers(b"")), (), SectionForm.WHOLE) == (0, 0)
    assert SectionKind.BODY
