"""SearchWords as a search finds them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.recipient.structure.header import Headers, lines, unfolded
from maillab.recipient.structure.parts import tree
from maillab.recipient.structure.words import (
    TEXT_OCTETS,
    SearchWords,
    body_text,
    charset_of,
    field_text,
    folded,
    header_text,
    headers_text,
    is_whole,
    packed_fields,
    packed_words,
    page_text,
    part_text,
    unmarked,
    words_of_plain,
)

POEM = "Tiếng gọi của Đất Nước\r\nnghe   rất gần"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("tiếng GỌI", True), ("tieng goi", True), ("dat nuoc", True), ("nước nghe rất gần", True), ("nuoc nghe rat gan", True),
        ("tiềng", False), ("tiêng", False), ("goi cua", True), ("góí", False), (unicodedata.normalize("NFD", "Đất Nước"), True), ("", True),
    ],
)  # fmt: skip
def test_vietnamese(wanted, found):
    """SearchWords without marks are found with any; words with marks only as they are; case and line breaks do not count."""
    assert SearchWords(wanted).are_in(folded(POEM)) == found


def test_packed_words():
    """Words are found in what is kept of a message as in its texts; those of the header only if they are asked for."""
    packed = packed_words(folded("subject: Chào\0 ann"), folded(POEM))
    for wanted, in_header, in_body in [
        ("chao", True, False),
        ("CHÀO", True, False),
        ("dat nuoc", False, True),
        ("tiềng", False, False),
        ("ann tieng", False, False),
        ("", True, True),
    ]:
        words = SearchWords(wanted)
        assert words.are_in_packed(packed, everywhere=False) == in_body
        assert words.are_in_packed(packed, everywhere=True) == (in_header or in_body)


PIECES = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b"  ", b"a", b"B", b":", b": ", b"Subject", b"\r\n\r\n", b"--", b"From: a@b\r\n", b"(", b'"', b"=?", b"\x01", b"\x0b",
    b"\x1c", b"\x7f", b"=?utf-8?q?Ch=C3=A0o?=", b"Content-Type: text/plain\r\n", b"Content-Type: TEXT/Plain; charset=utf-8\r\n", b"content-type : text/html\r\n",
    b"Content-Transfer-Encoding: 7bit\r\n", b"Content-Transfer-Encoding: base64\r\n", b"begin 644 x\n", b"end\n",
]  # fmt: skip
WANTED = ["a", "B", " ", "  ", "\t", "subject", "Subject: ", "chào", "chao", "a b", "\r\n", ":", "from", "\x01", "Chaò"]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(WANTED), min_size=1, max_size=3))
def test_plain_texts(pieces, wanted):
    """What is found in a plain text of which the header is kept is what is found in all its words, and nothing else."""
    octets, words = b"".join(pieces), SearchWords("".join(wanted))
    headers = Headers(octets)
    root = tree(headers)
    header, body = (folded(text) for text in (headers_text(headers, root), body_text(headers, root)))
    if kept := words_of_plain(octets):
        assert not is_whole(kept)
        for everywhere in (False, True):
            found = words.are_in_packed(packed_words(header, body), everywhere=everywhere)
            assert words.are_in_plain(kept, octets, everywhere=everywhere) == found


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_fields_without_anything_to_decode(pieces):
    """They are read as all others are."""
    octets = b"".join(pieces)
    read = [
        f"{name.lower().decode()}: {field_text(unfolded(value))}" if name else field_text(unfolded(value))
        for name, value in lines(octets, 0, len(octets))
    ]
    assert folded(header_text(octets, 0, len(octets))) == folded("\n".join(read))


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: a\r\n\r\nb\xc3\xa9", b"Subject: \xc3\xa9\r\n\r\nb", b"A: b\r\n\r\n\0", b"Content-Type: text/html\r\n\r\nb", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=20", b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n$B", b"Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\n",
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+AOk-", b"X: y\r\n" * 20_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_text(octets):
    """Everything else is looked through part by part."""
    assert words_of_plain(octets) is None


def test_fields_as_they_are_kept():
    """With their marks and without; each is looked at as it is alone, however long it is."""
    assert packed_fields(["A  b", "Chào"]) == "a b\nchào\nchao".encode()
    assert packed_fields([]) == b""
    assert packed_fields(["Chào " * 100]) == f"{'chào ' * 100}\n{'chao ' * 100}".encode()


def test_other_alphabets():
    """Marks that are letters of their own stay."""
    assert [folded(text) for text in (" A\r\n b ", "\t", "", "a")] == [" a b ", " ", "", "a"]
    assert folded("STRASSE ΣΊΣΥΦΟΣ") == folded("Straße σίσυφος")
    assert unmarked(folded("กำลัง हिन्दी 한국어 й")) == "กำลัง हिन्दी 한국어 и"
    assert SearchWords("가").are_in(folded("가"))
    assert not SearchWords("가").are_in(folded("각"))


def test_headers():
    """Fields are decoded, octets without a name for their character set are read in that of the message."""
    octets = (
        b"Subject: =?utf-8?q?Ch=C3=A0o?=\r\n b\xe9\r\nstray\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
    )
    charset = charset_of(Headers(octets), tree(Headers(octets)))
    assert charset == "iso-8859-1"
    assert header_text(octets, 0, len(octets), charset).split("\n")[:2] == ["subject: Chào bé", "stray"]
    long = b", ".join(b"=?utf-8?q?Ch=C3=A0o?= <a%d@b>" % number for number in range(500))
    assert field_text(long).count("Chào") == 500


def test_bodies():
    """The texts in the parts are decoded, not what is no text; the headers of parts and of messages inside are headers."""
    octets = (
        b"Subject: outside\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"xJHhuqV0\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>n=C6=B0=\r\n&#7899;c</p>"
        b"<script>hidden</script>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\ndeep\r\n--b\r\n"
        b'Content-Type: image/png; name="p.png"\r\nContent-Transfer-Encoding: base64\r\n\r\nZGVlcA==\r\n--b--\r\nepilogue'
    )  # fmt: skip
    headers = Headers(octets)
    root = tree(headers)
    body, above = body_text(headers, root), headers_text(headers, root)
    words = ("outside", "preamble", "đất", "nước", "hidden", "inside", "deep", "p.png", "ZGVlcA", "epilogue")
    assert [word for word in words if word in body] == ["đất", "nước", "deep"]
    assert [word for word in words if word in above] == ["outside", "inside", "p.png"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<b>b</b>c", "abc"), ("a<br>b", "a b"), ("1 < 2 > 1", "1 < 2 > 1"), ("a<!-- <p> -->b", "ab"), ("a<!-- b", "a"), ("a<style>p{}</STYLE>b", "a b"),
        ("a<script>b", "a"), ("&lt;b&gt; &#x110;&#272;", "<b> ĐĐ"), ("<p", ""), ("&#99999999999999999999;&#xFFFFFFFFFF;", "\ufffd\ufffd"), ("<a href='x>y'>z", "y'>z"),
    ],
)  # fmt: skip
def test_pages(markup, text):
    """Of a page its words are found, across tags inside of words; what is hidden or broken is left out."""
    assert page_text(markup).strip() == text


def test_character_sets():
    """The character set of a part is heeded, wrong names are guessed around."""  # T248, T249, T255
    octets = b"Content-Type: text/plain; charset=koi8-r\r\n\r\n\xd0\xd2\xc9\xd7\xc5\xd4"
    assert part_text(Headers(octets), tree(Headers(octets))) == "привет"
    for charset in (b"nosuch", b"hex", b"rot13", b"idna", b"unicode_escape", b"utf-7", b"a" * 5_000, b"x\x00y"):
        octets = b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n\\x1b caf\xc3\xa9"
        assert part_text(Headers(octets), tree(Headers(octets))).endswith("café")


@pytest.mark.parametrize(
    "octets",
    [
        b"\r\n" + b"x" * (TEXT_OCTETS + 10), b"Subject: " + b"=?utf-8?q?a?= " * 20_000, b"Content-Type: text/html\r\n\r\n" + b"<" * 300_000,
        b"Content-Type: text/html\r\n\r\n" + b"<script>" * 50_000, b"Content-Type: text/html\r\n\r\n" + b"<style></style>" * 20_000,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000, b"Content-Type: text/html\r\n\r\n" + b"&#" + b"9" * 100_000 + b";",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000, b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 262_144,
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 262_144, b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\nM\n",
        b"A: b\r\n" * 100_000,
    ],
)  # fmt: skip
def test_bombs(octets):
    """No more is decoded than anybody needs."""  # T236, T237, T255, T259
    root = tree(Headers(octets))
    assert len(body_text(Headers(octets), root)) <= TEXT_OCTETS
    assert len(header_text(octets, root.start, root.body)) <= 2 * 65_536
    assert len(headers_text(Headers(octets), root)) <= 2 * TEXT_OCTETS


@given(st.text(max_size=60), st.text(max_size=5))
def test_whatever_is_there_is_found(text, more):
    """A piece of a text is found in it, however it is spelled."""
    assert SearchWords(text.upper()).are_in(folded(folded(more + text)) + " " + folded(text.upper()))
    assert SearchWords(unmarked(folded(text))).are_in(unmarked(folded(text)))


@given(st.binary(max_size=200))
def test_any_octets(octets):
    """Any octets have words."""
    root = tree(Headers(octets))
    assert isinstance(body_text(Headers(octets), root), str)
    assert isinstance(header_text(octets, 0, root.body), str)
