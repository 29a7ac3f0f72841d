"""An opened message, in each of the ways to look at it."""

import time

import pytest

from maillab.tui.messageview import LINES, TABS, mixes_alphabets, opened, tab
from maillab.tui.texts import Texts

EN = Texts("en")
MESSAGE = (
    b"Received: from mx.sender.test by mx.recipient.test with ESMTP id R1; Mon, 23 Nov 2026 10:00:02 +0000\r\n"
    b"Received: from laptop by mx.sender.test with ESMTPA id L1; Mon, 23 Nov 2026 10:00:00 +0000\r\n"
    b"From: Alice <alice@sender.test>\r\nTo: bob@recipient.test\r\nSubject: =?utf-8?q?Xin_ch=C3=A0o?=\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n> said before\r\n"
    b'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n'
)


def text(octets, name="rendered"):
    return ["".join(text for _, text in line) for line in tab(opened(octets), name, EN)]


def styles(octets, name="rendered"):
    return {style for line in tab(opened(octets), name, EN) for style, _ in line}


def test_rendered():
    """Header fields decoded, the way, attachments with size and type, the text."""
    lines = text(MESSAGE)
    assert "Subject   Xin chào" in lines
    assert "Path      laptop ━▶ mx.sender.test ━▶ mx.recipient.test (+2 s)" in lines or any(
        "mx.sender.test ━▶ mx.recipient.test (+2 s)" in line for line in lines
    )
    assert any("a.png (image/png, 3 B)" in line for line in lines)
    assert "Hello" in lines
    assert "dim" in styles(MESSAGE)


def test_headers_and_source():
    """Fields as they are read; octets as they lie there, line ends seen."""
    assert "Subject: Xin chào" in text(MESSAGE, "headers")
    assert "Subject: =?utf-8?q?Xin_ch=C3=A0o?=␍␊" in text(MESSAGE, "source")
    assert text(b"no end", "source") == ["no end"]
    assert text(b"x" * 1_100_000, "source")[-1].endswith("octets more")


def test_parts():
    """The tree of MIME, with sizes."""
    lines = text(MESSAGE, "parts")
    assert lines[0].startswith("multipart/mixed")
    assert any("text/plain" in line and "utf-8" in line for line in lines)
    assert any("image/png a.png" in line for line in lines)


def test_trace():
    """Every hop with its time; each is only a claim."""
    lines = text(MESSAGE, "trace")
    assert lines[0] == EN("trace.claim")
    assert any(line.startswith(" 2 mx.recipient.test  +2 s") for line in lines)
    assert any("2026-11-23 10:00:02 UTC" in line for line in lines)


@pytest.mark.parametrize(
    "date", [b"", b"never", b"Mon, 1 Jan 99999999999 00:00:00 +0000", b"Mon, 1 Jan 1 00:00:00 +0000"]
)
def test_a_trace_without_a_date(date):
    """A date that no calendar has is none, and nothing breaks (T244)."""
    lines = text(b"Received: from a by b; " + date + b"\r\n\r\n", "trace")
    assert any(EN("trace.no_date") in line for line in lines) or date


def test_html_is_text():
    """Markup becomes text, and its links are shown whole with their real place (T259, T271)."""
    page = (
        b"Content-Type: text/html\r\n\r\n<p>Hi <b>Bob</b></p><script>alert(1)</script>"
        b'<a href="https://bank.test@evil.test/x">bank.test</a><a href="file:///etc/passwd">f</a>'
    )
    lines = text(page)
    assert any(line.startswith("Hi Bob") for line in lines)
    assert not any("alert" in line for line in lines)
    assert any("https://bank.test@evil.test/x" in line for line in lines)


def test_html_as_it_was_written():
    """The HTML of a message can be looked at as its writer made it, decoded; a message without any says so."""
    page = b"Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+Y2Fm6Two/L3A+"
    plain = b"Content-Type: text/html; charset=iso-8859-1\r\n\r\n<p\nid=x>caf\xe9</p>"
    assert text(plain, "html") == ["<p", "id=x>café</p>"]
    assert text(page, "html")[0].startswith("<p>café")
    assert text(b"\r\nhi", "html") == [EN("message.no_html")]


def test_notes_in_the_language_of_the_window():
    """What is wrong with a message is said in the reader's language."""
    message = opened(b"Content-Transfer-Encoding: x-none\r\n\r\nhi")
    lines = ["".join(text for _, text in line) for line in tab(message, "rendered", Texts("vi"))]
    assert any("không biết cách biểu diễn này (Content-Transfer-Encoding): x-none" in line for line in lines)


def test_two_alphabets_in_one_name():
    """A name that mixes messages that look alike is pointed at (T275)."""
    assert mixes_alphabets("Micrоsoft")
    assert not mixes_alphabets("Việt Nam Москва Ελλάδα")
    assert any(EN("message.mixed") in line for line in text("From: pаypal <x@x.test>\r\n\r\n".encode()))


def test_names_of_files_that_disagree():
    """Where a file has two names both are shown, and the safe one is used (T253, T254)."""
    octets = (
        b'Content-Type: application/x; name="a.txt"\r\n'
        b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n\r\nx'
    )
    lines = text(octets)
    assert any("passwd" in line and "(application/x, 1 B)" in line and "../" not in line for line in lines)
    assert any("a.txt" in line and "../../etc/passwd" in line for line in lines)


HOSTILE = "\x1b]0;PWN\x07 \x9b31m \u202emoc \u2066 \u200b \u061c \x00 \x7f"


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("field", ["Subject", "From", "To", "Date", "Content-Type", "X-Any", "Received"])
def test_nothing_that_a_terminal_obeys(name, field):
    """Whatever stands in a message, no tab shows an octet that acts (T260, T274)."""
    octets = f"{field}: {HOSTILE}\r\nX: y\r\n\r\n{HOSTILE}\r\n".encode("utf-8", "surrogatepass")
    shown = "".join(text(octets, name))
    assert not [char for char in shown if char in "\x1b\x07\x9b\u202e\u2066\u200b\u061c\x00\x7f"]


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\n",  # T237
        b"To: " + b'"' * 65_536 + b"\r\n\r\n",  # T238
        b"To: " + b"," * 65_536 + b"\r\n\r\n",  # T239
        b"Content-Type: text/plain" + b";" * 65_536 + b"\r\n\r\n",  # T242
        b"\r\n" + b"\n" * 100_000,  # T276
        b"\r\n" + b"\t" * 100_000,
        b"\r\n" + b"x" * 1_000_000,
        b"\r\n" + "e\u0301".encode() * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    ],
    ids=["encoded words", "quotes", "commas", "semicolons", "line ends", "tabs", "one line", "marks", "divs"],
)
def test_the_budget(octets):
    """However a message is made, it is opened and shown in bounded time and size, and nothing is raised."""
    began = time.process_time()
    message = opened(octets)
    for name in TABS:
        assert len(tab(message, name, EN)) <= 2 * LINES + 30
    assert time.process_time() - began < 5  # a bound on disaster, not a measurement


def test_charsets():
    """A charset that nobody has is shown as it can be, with a note (T248)."""
    lines = text(b"Content-Type: text/plain; charset=nosuch\r\n\r\n\xe9t\xe9\r\n")
    assert any("nosuch" in line for line in lines)
