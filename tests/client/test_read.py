"""Messages of strangers, opened."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.markup import ELEMENTS
from maillab.client.read import DEPTH, FIELDS, PARTS, TEXT_OCTETS, Attached, read

MIXED = (
    b"From: a@x.test\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\npreamble\r\n"
    b"--B\r\nContent-Type: multipart/alternative; boundary=BB\r\n\r\n"
    b"--BB\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nCh\xc3\xa0o\r\n"
    b"--BB\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Ch=C3=A0o</p>\r\n--BB--\r\n"
    b'--B\r\nContent-Type: image/png; name="x.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBO\r\nRw==\r\n'
    b"--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nner\r\n--B--\r\nepilogue\r\n"
)


def test_a_message_with_everything() -> None:
    """Text, HTML, files and messages inside are found, byte for byte."""
    message = read(MIXED)

    assert (message.text, message.html, message.notes) == ("Chào", "<p>Chào</p>", ())
    assert message.attachments == (
        Attached("x.png", ("x.png",), "image/png", b"\x89PNG"),
        Attached("message.eml", (), "message/rfc822", b"Subject: in\r\n\r\nner"),
    )


def test_a_part_that_a_page_shows() -> None:
    """Its Content-ID without brackets, and whether the message wants it shown at its place."""
    message = read(
        b"Content-Type: multipart/related; boundary=B\r\n\r\n--B\r\nContent-Type: text/html\r\n\r\n<img src=cid:a@b>\r\n"
        b"--B\r\nContent-Type: image/png\r\nContent-ID: <a@b>\r\nContent-Disposition: inline\r\n\r\nx\r\n"
        b"--B\r\nContent-Type: image/png\r\n\r\ny\r\n--B--\r\n"
    )

    assert [(part.cid, part.is_inline) for part in message.attachments] == [("a@b", True), ("", False)]


def test_the_tree_of_a_message() -> None:
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
    """A message saved with LF opens to the same."""
    message = read(MIXED.replace(b"\r\n", b"\n"))

    assert (message.text, message.html) == ("Chào", "<p>Chào</p>")
    assert message.attachments[1].octets == b"Subject: in\n\nner"


@pytest.mark.parametrize("cut", range(0, len(MIXED), 3))
def test_a_message_cut_anywhere(cut: int) -> None:
    """What is there of a message is shown."""
    text = read(MIXED[:cut]).text

    assert text.startswith("Chào") or cut < MIXED.index(b"\r\n--BB\r\nContent-Type: text/html")


@given(st.binary(max_size=2000))
def test_nothing_raises(octets: bytes) -> None:
    """Any octets can be opened."""
    message = read(octets)
    assert isinstance(message.text, str)
    assert all(isinstance(value, str) for _, value in message.headers)


PIECES = st.lists(
    st.sampled_from(
        [b"Content-Type: ", b"multipart/mixed", b"; boundary=", b'"B"', b"B", b"--B", b"--B--", b"\r\n", b"\n", b"\r", b"\r\n\r\n",
         b"Subject: ", b"=?utf-8?q?=0d=0a?=", b"=?utf-8?b?", b"?=", b"To: ", b"<a@b.test>", b'"', b"(", b",", b"text/html", b"<script>",
         b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"=", b"Content-Disposition: attachment", b"; filename*0*=",
         b"''", b"%00", b"; charset=", b"utf-16", b"\xff", b"\0", b" ", b"message/rfc822", b":"]
    ), max_size=60,
).map(b"".join)  # fmt: skip


@given(PIECES)
def test_nothing_raises_on_almost_messages(octets: bytes) -> None:
    """Words of MIME in any order can be opened, and their people and headers be read."""
    message = read(octets)
    for name in ("From", "To", "Reply-To", "Subject"):
        message.people(name)
        assert "\n" not in message.header(name)
    message.text.encode()
    message.html.encode()


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
def test_broken_messages(octets: bytes) -> None:
    """Broken messages open to what can be read of them."""  # T248, T255 to T257
    message = read(octets)

    assert message.text.endswith("hi") or b"hi" not in octets


def test_a_boundary_that_begins_another() -> None:
    """A parent's boundary that is the beginning of the child's does not cut it."""  # T256
    inner = b"--BB\r\n\r\none\r\n--BB--\r\n"
    octets = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: multipart/mixed; boundary=BB\r\n\r\n"
        + inner + b"--B\r\n\r\ntwo\r\n--B--\r\n"
    )  # fmt: skip

    assert read(octets).text == "one\ntwo"


def test_a_boundary_that_is_used_twice() -> None:
    """An inner multipart with the boundary of the outer one: all parts are found, also behind the inner end."""
    inner = b"Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\n\r\none\r\n--B--\r\n\r\n"
    message = read(
        b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n--B\r\n' + inner
        + b"--B\r\nContent-Type: image/gif; name=x.gif\r\n\r\nGIF\r\n--B--\r\n--B\r\n\r\nepilogue\r\n--B--\r\n"
    )  # fmt: skip

    assert "one" in message.text
    assert "epilogue" not in message.text
    assert [(file.name, file.octets) for file in message.attachments] == [("x.gif", b"GIF")]


@pytest.mark.parametrize(
    ("octets", "subject", "text"),
    [
        (b"Subject: x\r\nhello\r\nworld\r\n", "x", "hello\nworld\n"),  # no blank line
        (b"Subject: x\r\nHello there\r\nNote: this\r\n\r\nrest", "x", "Hello there\nNote: this\n\nrest"),
        (b"X: y\r\nnot a field\r\nSubject: x\r\n\r\nhi", "x", "hi"),
        (b"Subject: x\r\n>From alice Thu Jan 1\r\nTo: b\r\n\r\nhi", "x", "hi"),
        (b"\xef\xbb\xbfSubject: x\r\n\r\nhi", "x", "hi"),
        (b"just text\r\n\r\nmore", "", "just text\n\nmore"),
        (b" begins with a blank\r\nSubject: x\r\n\r\nhi", "x", "hi"),
        (b"Content-Type: text/plain;\r\ncharset=iso-8859-2\r\nSubject: x\r\n\r\n\xb1", "x", "ą"),
    ],
)
def test_lines_out_of_place(octets: bytes, subject: str, text: str) -> None:
    """A line that is no field neither ends a header that goes on, nor is it lost where the text begins with it."""
    message = read(octets)

    assert (message.header("Subject"), message.text) == (subject, text)


def test_raw_octets_in_a_header() -> None:
    """Octets that no encoded word explains are read in the message's own character set."""
    message = read(b"Subject: \xf0\xd2\xc9\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n\xf0\r\n")

    assert (message.charset, message.header("Subject"), message.headers[0][1]) == ("koi8-r", "При", "При")


ALTERNATIVES = b"Content-Type: multipart/alternative; boundary=B\r\n\r\n"
HIDDEN = "the page hides all its words from readers: they are shown here"
LONG = "HTML of more than {} elements: the rest is not shown"
PAGE = b"--B\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "text", "notes"),
    [
        (b"--B\r\n\r\nplain\r\n" + PAGE + b"<p>page\r\n--B--", "plain", []),
        (PAGE + b"<p>page\r\n--B\r\n\r\nplain\r\n--B--", "plain", []),
        (b"--B\r\n\r\n \t\r\n" + PAGE + b"<p>page\r\n--B--", "page\n", []),
        (b"--B\r\n\r\n\r\n" + PAGE + b"<p hidden>page</p>\r\n--B--", "page\n", [HIDDEN]),
        (PAGE + b"<title>page\r\n--B--", "page\n", [HIDDEN]),
        (PAGE + b"<img src=x>\r\n--B--", "", ["the page has no words, only pictures or nothing"]),
        (PAGE + b"<b>" * 3_000 + b"page\r\n--B--", "page\n", ["HTML nested too deep: its layout is lost"]),
        (PAGE + b"<b>page</b>" + b"<br>" * 2 * ELEMENTS + b"\r\n--B--", "page\n", [LONG]),
        (b"--B\r\nContent-Type: text/enriched\r\n\r\n<bold>rich</bold>\r\n--B--", "<bold>rich</bold>", []),
    ],
)
def test_what_is_read_of_alternatives(body: bytes, text: str, notes: list[str]) -> None:
    """The plain text, unless it says nothing; whatever there is rather than nothing, and a note where it was hidden."""
    message = read(ALTERNATIVES + body)

    assert (message.text, [note.kind for note in message.notes]) == (text, notes)


def test_texts_of_a_mixed_message() -> None:
    """Every text is shown in its place, with one row of footnotes; brackets that a writer wrote are none."""
    page = b'Content-Type: text/html\r\n\r\n<a href="http://%s.test">%s</a> [1]\r\n'
    message = read(
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n" + page % (b"a", b"a")
        + b"--B\r\n\r\nplain [1]\r\n--B\r\n" + page % (b"b", b"b") + b"--B--"
    )  # fmt: skip

    assert message.shown == "a[1] [1]\n\nplain [1]\nb[2] [1]\n"
    assert message.text == "a [1]\n\nplain [1]\nb [1]\n"
    assert message.links == ("http://a.test  (host: a.test)", "http://b.test  (host: b.test)")
    assert message.targets == ("http://a.test", "http://b.test")


def test_texts_with_a_name() -> None:
    """A text with a name is shown, unless it is called an attachment, and can be saved in both cases."""
    head = b"Content-Type: text/plain; name=log.txt\r\n"

    assert read(head + b"\r\nshown").text == "shown"
    assert read(head + b"Content-Disposition: attachment\r\n\r\nkept").text == ""
    assert [len(read(head + more + b"\r\nx").attachments) for more in (b"", b"Content-Disposition: inline\r\n")] == [
        1,
        1,
    ]


def test_types_that_are_none() -> None:
    """What names no type is plain text; in base64 it is a file."""
    assert read(b"Content-Type: text\r\n\r\nhi").text == "hi"
    assert read(b"Content-Type: x-be2\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=").attachments[0].octets == b"hi"


def test_files_in_a_text() -> None:
    """A uuencoded file in a plain text is an attachment, and no longer in the text."""
    message = read(b"Subject: x\r\n\r\nsee\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\nbye\r\n")

    assert message.text == "see\nbye\n"
    assert [(file.name, file.octets) for file in message.attachments] == [("a.txt", b"hello")]


@pytest.mark.parametrize(
    ("head", "octets", "text"),
    [
        (b"", b"<meta charset=iso-8859-2>\xb1", "ą\n"),
        (b"; charset=utf-8", b"<meta charset=iso-8859-2>\xc4\x85", "ą\n"),
        (b"", b'<META content="text/html; charset=koi8-r">\xf0', "П\n"),
        (b"; charset=nosuch", b"caf\xe9", "café\n"),
    ],
)
def test_character_set_of_a_page(head: bytes, octets: bytes, text: str) -> None:
    """A page is read in the set that its part names, else in the one that it names itself, else in the likeliest."""
    assert read(b"Content-Type: text/html" + head + b"\r\n\r\n" + octets).text == text


def nested(depth: int) -> bytes:
    """Multiparts inside multiparts."""
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return head + b"\r\nhi\r\n"


def test_depth_and_parts_are_bounded() -> None:
    """Deep and wide messages are read to the budget, and it is said."""
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
        b"To: " + b"a " * 32_768,  # T240
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
def test_hostile_messages_take_no_time(octets: bytes) -> None:
    """Messages made to be slow are opened in a moment."""
    begun = time.process_time()
    message = read(octets)
    _ = message.headers, message.people("To")

    assert time.process_time() - begun < 1.5


def test_text_is_bounded() -> None:
    """All texts of a message together have one bound, and what is beyond it is told."""
    part = b"--B\r\n\r\n" + b"x" * (TEXT_OCTETS // 2) + b"\r\n"
    message = read(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + part * 3 + b"--B--\r\n")

    assert message.text.count("x") == TEXT_OCTETS
    assert [note for note in message.notes if "more than" in note] == [
        "more than 4194304 bytes of text: the rest is not shown"
    ]


def test_controls_do_not_come_through() -> None:
    """Escape sequences and half characters of a text are replaced."""
    text = read(b"Content-Type: text/plain; charset=utf-8\r\n\r\na\x1b[31m\xc2\x9b\xed\xa0\x80b\tc\r\n").text

    assert text == "a\ufffd[31m\ufffd\ufffd\ufffd\ufffdb\tc\n"


def test_html_alone_gives_its_words() -> None:
    """A message that has only HTML is quoted by its words: no scripts, no tags, entities resolved."""
    page = b"<html><style>p{}</style><SCRIPT>alert(1)</script><p>Xin&nbsp;ch&agrave;o</p><br>b &lt; c <a href='http://x'>link"
    message = read(b"Content-Type: text/html\r\n\r\n" + page)

    assert message.text == "Xin chào\n\nb < c link\n"
    assert message.html.startswith("<html>")


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
