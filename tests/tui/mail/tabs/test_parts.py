"""The parts of a message."""

import pytest

from maillab.tui.mail.messageview import opened
from maillab.tui.mail.tabs import parts
from tests.tui.mail.tabs.samples import BOTH, BOUNCE, EN, MESSAGE, lines_of


def part(octets, number):
    return ["".join(text for _, text in line) for line in parts.one(opened(octets), number, EN, 94)]


def test_tree():
    """A line each, with size; the last branch of a level is drawn as the last."""
    inner = b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\na\r\n--c\r\n\r\nb\r\n--c--\r\n"
    octets = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + inner + b"--b\r\n\r\nx\r\n--b--\r\n"
    assert [line.partition("/")[0] for line in lines_of(octets, "parts")] == [
        "multipart", "├ multipart", "│ ├ text", "│ └ text", "└ text",
    ]  # fmt: skip
    assert lines_of(MESSAGE, "parts")[2] == "└ image/png a.png  3 B"


@pytest.mark.parametrize(
    ("octets", "number", "words"),
    [
        (BOTH, 0, EN("parts.multipart")),
        (BOTH, 1, "plain words"),
        (BOTH, 2, "Hi Bob, see[1]"),
        (BOUNCE, 2, "No such mailbox at that domain."),
        (BOUNCE, 3, "Dear nobody"),
        (MESSAGE, 2, "000000  50 4e 47"),
    ],
)
def test_one_part(octets, number, words):
    """A part is decoded as what it is: text, page, report, message, or bytes; the way back is said."""
    lines = part(octets, number)
    assert EN("parts.back") in lines[0]
    assert any(words in line for line in lines[2:])


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "message/delivery-status", "message/rfc822", "image/png"])
def test_a_hostile_part(kind):
    """Whatever is in a part, nothing of it acts on a terminal (T260)."""
    octets = f"Content-Type: {kind}\r\n\r\nStatus: \x1b[31m\u202e\x9b\x07\r\n\r\nAction: \x1b]0;x\x07\r\n".encode()
    assert not set("".join(part(octets, 0))) & set("\x1b\x9b\x07\u202e")


def test_there_is_no_such_part():
    """Asked for one that is not there nothing is shown."""
    assert part(MESSAGE, 9) == part(MESSAGE, -1) == []


def test_deep_trees_are_drawn():
    """A hundred levels are drawn as thirty."""
    octets = b"\r\nhi"
    for level in range(90):
        octets = b"Content-Type: multipart/mixed; boundary=b%d_\r\n\r\n--b%d_\r\n" % (level, level) + octets + b"\r\n"
    assert max(map(len, lines_of(octets, "parts"))) < 120


def test_names_of_files():
    """A part is saved under its own name, else under one for its type."""
    assert [parts.file_name(one) for one in opened(MESSAGE).message.parts] == ["part.bin", "part.txt", "a.png"]
