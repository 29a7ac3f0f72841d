"""Headers, and the message byte for byte."""

from maillab.tui.mail.messageview import LINES
from maillab.tui.mail.tabs.raw import SHOWN
from tests.tui.mail.tabs.samples import EN, MESSAGE, lines_of, pieces_of


def test_headers():
    """Every field is decoded to one line, its name in colour."""
    assert any(line.startswith("Subject: Xin chào") for line in lines_of(MESSAGE, "headers"))
    assert ("client", "Subject: ") in pieces_of(MESSAGE, "headers")


def test_what_a_field_is():
    """Behind a known one stands what it is, all in one column; an unknown one and one that is too long have none."""
    octets = b"Date: x\r\nX-Unheard: y\r\nMIME-Version: 1.0\r\nSubject: " + b"z" * 90 + b"\r\n\r\n"
    dated, odd, mime, long = lines_of(octets, "headers")
    assert dated == "Date: x" + " " * 13 + "When the writer finished the message"
    assert odd == "X-Unheard: y"
    assert mime.startswith("MIME-Version: 1.0   MIME-Version: 1.0 says")
    assert long == "Subject: " + "z" * 90


def test_raw():
    """Every byte is there; line ends are seen and dim; names of fields have a colour, in the header alone."""
    assert r"Subject: =?utf-8?q?Xin_ch=C3=A0o?=\r\n" in lines_of(MESSAGE, "raw")
    assert lines_of(b"A: b\n\tc: d\n\ne: f\r\r\nno end\r", "raw") == [
        r"A: b\n", r"\tc: d\n", r"\n", r"e: f␍\r\n", "no end␍",
    ]  # fmt: skip
    found = pieces_of(b"A: b\r\n\tc: d\r\n\r\ne: f\r\n", "raw")
    assert [text for style, text in found if style == "client"] == ["A:"]
    assert {text for style, text in found if style == "dim"} == {r"\r\n", r"\t"}
    assert lines_of(b"", "raw") == []


def test_there_is_an_end():
    """Of a large message the beginning is shown, and how much more there is."""
    assert lines_of(b"x" * (SHOWN + 7), "raw")[-1] == EN("message.more", octets=7)
    assert len(lines_of(b"\n" * 100_000, "raw")) <= 2 * LINES + 1
