"""Headers, and the message byte for byte."""

from maillab.tui.mail.messageview import LINES, opened
from maillab.tui.mail.tabs.raw import SHOWN, explained_headers
from tests.tui.mail.tabs.samples import EN, MESSAGE, lines_of, pieces_of


def test_headers():
    """Every field is decoded to one line, its name in colour."""
    assert any(line.startswith("Subject: Xin chào") for line in lines_of(MESSAGE, "headers"))
    assert ("client", "Subject: ") in pieces_of(MESSAGE, "headers")


def test_what_a_field_is():
    """Beside a known one stands what it is, whole, in a column of its own; one that is too long goes on below."""
    octets = b"Date: x\r\nX-Unheard: y\r\nMIME-Version: 1.0\r\nReceived: " + b"from here by there " * 5 + b"\r\n\r\n"
    lines = ["".join(text for _, text in line) for line in explained(octets, 80)]
    assert max(map(len, lines)) <= 80
    dated, odd, *more = lines
    assert dated == "Date: x" + " " * 41 + "When the writer finished the"
    assert "".join(more).split()[0] == "X-Unheard:" or odd.startswith(" " * 48)
    column = [line[48:] for line in lines]
    assert " ".join(column[:2]) == "When the writer finished the message"
    assert "Each server writes one such line on top" in " ".join(part for part in column if part)
    values = "".join(line[:48].rstrip() + " " for line in lines)
    assert values.count("from here") == 5


def test_what_a_field_is_in_a_narrow_window():
    """It stands below the field."""
    lines = explained(b"Date: x\r\nX-Unheard: y\r\n\r\n", 50)
    assert ["".join(text for _, text in line) for line in lines] == [
        "Date: x", "    When the writer finished the message", "X-Unheard: y",
    ]  # fmt: skip


def explained(octets, cells):
    return explained_headers(opened(octets).message, EN, cells)


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


def test_the_headers_of_parts():
    """Names of their fields have a colour, too; the lines between parts are dim."""
    octets = (
        b'Content-Type: multipart/mixed;\r\n boundary="=_1"\r\n\r\nA: preface\r\n--=_1\r\nB: c\r\n\r\nC: d\r\n'
        b"--other\r\nD: e\r\n--=_1--\r\nE: f\r\n"
    )
    found = pieces_of(octets, "raw")
    assert [text for style, text in found if style == "client"] == ["Content-Type:", "B:"]
    assert [text for style, text in found if style == "dim" and text != r"\r\n"] == ["--=_1", "--=_1--"]


def test_there_is_an_end():
    """Of a large message the beginning is shown, and how much more there is."""
    assert lines_of(b"x" * (SHOWN + 7), "raw")[-1] == EN("message.more", octets=7)
    assert len(lines_of(b"\n" * 100_000, "raw")) <= 2 * LINES + 1
