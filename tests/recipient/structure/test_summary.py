"""What is worked out of a message when it is stored."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.content import Content
from maillab.recipient.structure.header import Headers
from maillab.recipient.structure.parts import tree
from maillab.recipient.structure.summary import (
    MARK,
    VERSION,
    fields_of,
    fresh,
    has_heading,
    make_heading,
    make_words,
    outline,
    searchable,
    summarise,
    unpack,
    words_of,
    work_out,
)
from maillab.recipient.structure.words import SearchWords

CASES = sorted((Path(__file__).parents[2] / "cases" / "mail").glob("*.eml"))
LETTER = (
    b"Date: Mon, 30 Nov 2026 23:30:00 -0200\r\nFrom: Ann <ann@x.test>\r\nTo: team: =?utf-8?q?=C4=90=E1=BB=97?= <do@y.test>;\r\n"
    b"Subject: [list] Re: =?utf-8?q?Ti=E1=BA=BFng?=\r\nMessage-ID: <m@x>\r\nReferences: <a@x>\r\n <b@x>\r\nIn-Reply-To: <c@x>\r\n"
    b"List-Id: <list.test>\r\n\r\nHello\r\n"
)  # fmt: skip


def heading_of(content):
    """The blob of a heading."""
    return make_heading(content).summary


def test_what_is_known():
    """A summary goes into the index and comes back as it was."""
    blob = summarise(Content(LETTER))
    known = unpack(blob)
    made = outline(Headers(LETTER), tree(Headers(LETTER)))
    assert [getattr(known, name) for name in known.__struct_fields__] == [
        getattr(made, name) for name in made.__struct_fields__
    ]
    assert known.envelope.startswith(
        b'("Mon, 30 Nov 2026 23:30:00 -0200" "[list] Re: =?utf-8?q?Ti=E1=BA=BFng?=" (("Ann" NIL "ann" "x.test"))'
    )
    assert (known.body, known.structure) == (
        b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 1)', b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 1 NIL NIL NIL NIL)',
    )  # fmt: skip
    assert (known.first_from, known.first_to, known.first_cc) == ("ann", "team", "")
    assert (known.sent, known.day) == (1796088600.0, "2026-11-30")
    assert (known.topic, known.is_answer, known.preview) == ("Tiếng", True, "Hello")
    assert (known.message_id, known.references) == ("<m@x>", ("<a@x>", "<b@x>"))
    assert known.searched["TO"] == "team: Đỗ <do@y.test>;"
    assert known.searched["LIST-ID"] == "<list.test>"
    assert known.tree == tree(Headers(LETTER))


def test_words():
    """With the summary come the words to be searched."""
    made = work_out(Content(LETTER))
    assert (made.summary, made.words) == (summarise(Content(LETTER)), make_words(Content(LETTER)).words)
    assert made.fields == make_heading(Content(LETTER)).fields
    header, _, body = words_of(Content(LETTER)).partition(b"\0")
    assert ("tiếng".encode() in header, body) == (True, b"hello ")


def test_what_is_kept_to_be_searched():
    """Of a plain text in ASCII the header: its body is read in no time. Of all others everything."""
    plain, page = b"Subject: a\r\n\r\nHi", b"Content-Type: text/html\r\n\r\n<p>Hi"
    for octets, kept in [(plain, b"subject: a"), (page, b"content-type: text/html\0 hi"), (b"\r\nHi", b"")]:
        assert work_out(Content(octets)).words == make_words(Content(octets)).words == kept


def test_an_address_with_a_comment_amid_it():
    """It is found as the address that it is, and as it stands there."""
    content = Content(b"From: Ann (o)f( x <a@x.test>\r\nTo: <bob (b)@ (c) y.test>, Cy (boss) <c@z.test>\r\n\r\n")
    searched = unpack(summarise(content)).searched
    assert searched["TO"].split("\n") == ["<bob (b)@ (c) y.test>, Cy (boss) <c@z.test>", "bob@y.test"]
    assert "\n" not in searched["FROM"]


def test_fields_to_be_searched():
    """Where words do not stand in them, they stand in none of the fields that SEARCH knows."""
    content = Content(LETTER)
    fields = make_heading(content).fields
    assert fields.startswith(MARK)
    for text in (*unpack(summarise(content)).searched.values(), "tieng", "TIẾNG"):
        assert SearchWords(text).octets in fields
    assert SearchWords("tiềng").octets not in fields


def test_in_reply_to():
    """Where no message is referred to, the first that is answered is (RFC 5256 3)."""
    octets = LETTER.replace(b"References:", b"X:")
    assert unpack(summarise(Content(octets))).references == ("<c@x>",)


def test_other_versions():
    """A blob of another version, or one that was damaged, is refused."""
    blob = summarise(Content(LETTER))
    assert fresh(blob)
    for damaged in (b"", bytes([VERSION + 1]) + blob[1:], blob[:-1], blob[:1] + b"\xff" * 20, blob[:1]):
        with pytest.raises(ValueError, match="summary"):
            unpack(damaged)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_heading_says_what_the_summary_says(path):
    """What is worked out of the header alone is no other than what is worked out of the whole message."""
    content = Content(path.read_bytes())
    blob, known = heading_of(content), unpack(summarise(content))
    assert (fresh(blob), has_heading(blob), has_heading(summarise(content))) == (False, True, True)
    told = unpack(blob)
    names = known.__struct_fields__[: known.__struct_fields__.index("body")]
    assert [getattr(told, name) for name in names] == [getattr(known, name) for name in names]
    blobs = (blob, summarise(content), b"damaged")
    assert [fields_of(one, lambda: content) for one in blobs] == [known.searched] * 3


def test_a_heading_beyond_ascii_is_read_with_its_message():
    """A part says in which character set the octets of the header are."""
    content = Content(b"Subject: \xd4\xc5\xd3\xd4\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n")
    assert unpack(heading_of(content)).searched["SUBJECT"] == "тест"


def test_the_heading_of_a_large_message(tmp_path):
    """Of a file no more is read than its header."""
    file = tmp_path / "large"
    file.write_bytes(b"Subject: x\r\n\r\n" + b"Subject: y\r\n" * 100_000)
    large = Content(b"", file, 0, file.stat().st_size)
    assert heading_of(large) == heading_of(Content(file.read_bytes()))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_messages_of_strangers(path):
    """Every message that somebody wrote has a summary and words."""
    octets = path.read_bytes()
    known = unpack(summarise(Content(octets)))
    header, body = searchable(Headers(octets), known.tree)
    assert known.envelope.count(b"(") > 0
    assert header
    assert body or not known.preview


@pytest.mark.parametrize(
    "octets",
    [
        b"Date: Mon, 1 Jan 99999999999 00:00:00 +0000\r\n\r\n", b"Date: Mon, 1 Jan 2024 00:00:00 +99999999999999999\r\n\r\n",
        *(b"Message-ID: " + ident + b"\r\n\r\n" for ident in (b"<[x@microsoft.com]>", b"<", b"<>", b"<@>", b"<a@[b>", b"<a@", b"<" * 16_384)),
        b"References: " + b"<a@b> " * 10_000 + b"\r\n\r\n", b"Subject: =?utf-16?b?2AAAAA==?=\r\n\r\n", b"Subject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80",
        b"Subject: =?utf-8?q?" + b"=ed=a0=80" * 10 + b"?=\r\n\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 5_000,
    ],
)  # fmt: skip
def test_bombs(octets):
    """What cannot be understood is left out, and the rest is kept."""  # T207, T244, T246, T250
    known = unpack(summarise(Content(octets)))
    assert known.tree == tree(Headers(octets))
    assert len(known.references) <= 200


@given(st.binary(max_size=300))
def test_any_octets(octets):
    """Any octets have a summary."""
    assert unpack(summarise(Content(octets))).tree.end == len(octets)
