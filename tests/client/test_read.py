"""Letters of strangers, opened."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.read import DEPTH, FIELDS, PARTS, TEXT_OCTETS, Attached, read

MIXED = (
    b"From: a@x.test\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\npreamble\r\n"
    b"--B\r\nContent-Type: multipart/alternative; boundary=BB\r\n\r\n"
    b"--BB\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCh\xc3\xa0o\r\n"
    b"--BB\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Ch=C3=A0o</p>\r\n--BB--\r\n"
    b'--B\r\nContent-Type: image/png; name="x.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\nRw==\r\n'
    b"--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nner\r\n--B--\r\nepilogue\r\n"
)


def test_a_letter_with_everything() -> None:
    """Text, HTML, files and letters inside are found, byte for byte."""
    letter = read(MIXED)

    assert (letter.text, letter.html, letter.notes) == ("Chào", "<p>Chào</p>", ())
    assert letter.attachments == (
        Attached("x.png", ("x.png",), "image/png", b"\x89PNG"),
        Attached("letter.eml", (), "message/rfc822", b"Subject: in\r\n\r\nner"),
    )


def test_the_tree_of_a_letter() -> None:
    """Every entity is in the tree with its depth, its type and where its body lies."""
    tree = read(MIXED).parts

    assert [(part.depth, part.type, part.encoding, part.charset, part.name) for part in tree] == [
        (0, "multipart/mixed", "", "", ""),
        (1, "multipart/alternative", "", "", ""),
        (2, "text/plain", "", "utf-8", ""),
        (2, "text/html", "quoted-printable", "", ""),
        (1, "image/png", "base64", "", "x.png"),
        (1, "message/rfc822", "", "", ""),
    ]
    assert MIXED[tree[2].start : tree[2].end] == "Chào".encode()
    assert MIXED[tree[5].start : tree[5].end] == b"Subject: in\r\n\r\nner"


def test_bare_line_feeds_are_read_as_well() -> None:
    """A letter saved with LF opens to the same."""
    letter = read(MIXED.replace(b"\r\n", b"\n"))

    assert (letter.text, letter.html) == ("Chào", "<p>Chào</p>")
    assert letter.attachments[1].octets == b"Subject: in\n\nner"


@pytest.mark.parametrize("cut", range(0, len(MIXED), 3))
def test_a_letter_cut_anywhere(cut: int) -> None:
    """What is there of a letter is shown."""
    text = read(MIXED[:cut]).text

    assert text.startswith("Chào") or cut < MIXED.index(b"\r\n--BB\r\nContent-Type: text/html")


@given(st.binary(max_size=2000))
def test_nothing_raises(octets: bytes) -> None:
    """Any octets can be opened."""
    letter = read(octets)
    assert isinstance(letter.text, str)
    assert all(isinstance(value, str) for _, value in letter.headers)


PIECES = st.lists(
    st.sampled_from(
        [b"Content-Type: ", b"multipart/mixed", b"; boundary=", b'"B"', b"B", b"--B", b"--B--", b"\r\n", b"\n", b"\r", b"\r\n\r\n",
         b"Subject: ", b"=?utf-8?q?=0d=0a?=", b"=?utf-8?b?", b"?=", b"To: ", b"<a@b.test>", b'"', b"(", b",", b"text/html", b"<script>",
         b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"=", b"Content-Disposition: attachment", b"; filename*0*=",
         b"''", b"%00", b"; charset=", b"utf-16", b"\xff", b"\0", b" ", b"message/rfc822", b":"]
    ), max_size=60,
).map(b"".join)  # fmt: skip


@given(PIECES)
def test_nothing_raises_on_almost_letters(octets: bytes) -> None:
    """Words of MIME in any order can be opened, and their people and headers be read."""
    letter = read(octets)
    for name in ("From", "To", "Reply-To", "Subject"):
        letter.people(name)
        assert "\n" not in letter.header(name)
    letter.text.encode()
    letter.html.encode()


@pytest.mark.parametrize(
    "octets",
    [
        b"", b"\0" * 50, b"\r" * 262_144, b"x" * 1_000_000, b"From x\r\n\r\nhi", b"no colon\r\n\r\nhi", b"\xe9: x\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=\"\"\r\n\r\nhi", b"Content-Type: multipart/mixed\r\n\r\nhi",
        b"Content-Type: multipart/mixed; boundary=\"" + b"x" * 5000 + b"\"\r\n\r\nhi",
        b"Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nhi",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nhi",
        b"Content-Type: text/plain; charset=nosuch\r\n\r\nhi",
    ],
)  # fmt: skip
def test_broken_letters(octets: bytes) -> None:
    """Broken letters open to what can be read of them."""  # T248, T255 to T257
    letter = read(octets)

    assert letter.text.endswith("hi") or b"hi" not in octets


def test_a_boundary_that_begins_another() -> None:
    """A parent's boundary that is the beginning of the child's does not cut it."""  # T256
    inner = b"--BB\r\n\r\none\r\n--BB--\r\n"
    octets = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n"
        + inner + b"--B\r\n\r\ntwo\r\n--B--\r\n"
    )  # fmt: skip

    assert read(octets).text == "one\ntwo"


def nested(depth: int) -> bytes:
    """Multiparts inside multiparts."""
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return head + b"\r\nhi\r\n"


def test_depth_and_parts_are_bounded() -> None:
    """Deep and wide letters are read to the budget, and it is said."""
    wide = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n\r\nx\r\n" * 5000

    assert read(nested(DEPTH - 1)).text == "hi\r\n".replace("\r\n", "\n")
    assert any("too deep" in note for note in read(nested(5000)).notes)
    assert read(wide).text.count("x") == PARTS - 1
    assert any(f"more than {PARTS} parts" in note for note in read(wide).notes)
    assert len(read(b"A: b\r\n" * 5000 + b"\r\n").fields) == FIELDS


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 18_000,  # T237
        b"To: " + b'"' * 65_536,  # T238
        b"To: " + b"," * 65_536,  # T239
        b"Content-Type: text/plain" + b";" * 65_536,  # T242
        b"Message-ID: <" + b"(" * 16_384,  # T243
        b"Content-Type: text/html\r\n\r\n" + b"<script" * 100_000,  # T259
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"&#" * 400_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000_000,
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 262_144,
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--Bx" * 500_000,
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + b"--B\r\n" * 500_000,
        nested(100) + b"x\r\n" * 500_000,
        b" " * 1_000_000,
    ],
)
def test_hostile_letters_take_no_time(octets: bytes) -> None:
    """Letters made to be slow are opened in a moment."""
    begun = time.process_time()
    letter = read(octets)
    _ = letter.headers, letter.people("To")

    assert time.process_time() - begun < 1.5


def test_text_is_bounded() -> None:
    """All texts of a letter together have one bound, and what is beyond it is told."""
    part = b"--B\r\n\r\n" + b"x" * (TEXT_OCTETS // 2) + b"\r\n"
    letter = read(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + part * 3 + b"--B--\r\n")

    assert letter.text.count("x") == TEXT_OCTETS
    assert [note for note in letter.notes if "more than" in note] == [
        "more than 4194304 octets of text: the rest is not shown"
    ]


def test_controls_do_not_come_through() -> None:
    """Escape sequences and half characters of a text are replaced."""
    text = read(b"Content-Type: text/plain; charset=utf-8\r\n\r\na\x1b[31m\xc2\x9b\xed\xa0\x80b\tc\r\n").text

    assert text == "a\ufffd[31m\ufffd\ufffd\ufffd\ufffdb\tc\n"


def test_html_alone_gives_its_words() -> None:
    """A letter that has only HTML is quoted by its words: no scripts, no tags, entities resolved."""
    page = b"<html><style>p{}</style><SCRIPT>alert(1)</script><p>Xin&nbsp;ch&agrave;o</p><br>b &lt; c <a href='http://x'>link"
    letter = read(b"Content-Type: text/html\r\n\r\n" + page)

    assert letter.text == "Xin chào\n\nb < c link\n"
    assert letter.html.startswith("<html>")


@pytest.mark.parametrize(
    ("fields", "name", "names"),
    [
        (b"Content-Disposition: attachment; filename=../../x", "x", ("../../x",)),
        (b"Content-Disposition: attachment; filename==?utf-8?q?=C3=A0?=.pdf", "à.pdf", ("à.pdf",)),
        (b"Content-Disposition: attachment", "attachment", ()),
        (b"Content-Type: text/plain; name=n.txt", "n.txt", ("n.txt",)),
        (
            b"Content-Type: a/b; name=n\r\nContent-Disposition: inline; filename=f; filename*=utf-8''g",
            "g",
            ("g", "f", "n"),
        ),
    ],
)
def test_names_of_files(fields: bytes, name: str, names: tuple[str, ...]) -> None:
    """All names are given, a safe one is proposed, and a disagreement is said."""  # T253, T254
    [file] = read(fields + b"\r\n\r\nx").attachments

    assert (file.name, file.names) == (name, names)
    assert bool(read(fields + b"\r\n\r\nx").notes) == (len(names) > 1)


def test_twenty_megabytes_in_a_moment() -> None:
    """A large attachment does not take long."""
    octets = b"Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"x" * 15_000_000)
    begun = time.process_time()

    assert read(octets).attachments[0].octets == b"x" * 15_000_000
    assert time.process_time() - begun < 3
