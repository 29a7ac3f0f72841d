"""An opened message, in each of the ways to look at it."""

import time

import pytest

from maillab.tui.mail.messageview import LINES, TABS, facts, filled, opened, tab
from tests.tui.mail.tabs.samples import BOTH, BOUNCE, EN, MESSAGE, lines_of


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("octets", [MESSAGE, BOTH, BOUNCE, b"", b"\r\n"])
def test_every_tab_has_lines(name, octets):
    """Whatever the message, each tab can be looked at."""
    assert all(isinstance(line, str) for line in lines_of(octets, name))


def test_tabs_that_hold_something():
    """A tab that holds something is known by its name, so that the others can be dim."""
    always = {"text", "headers", "raw"}
    assert filled(opened(b"Subject: x\r\n\r\nhi")) == always
    assert filled(opened(MESSAGE)) == {*always, "parts", "route"}
    assert filled(opened(BOTH)) == {*always, "html", "html_source", "parts"}


HOSTILE = "\x1b]0;PWN\x07 \x9b31m \u202emoc \u2066 \u200b \u061c \x00 \x7f"


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("field", ["Subject", "From", "To", "Date", "Content-Type", "X-Any", "Received"])
def test_nothing_that_a_terminal_obeys(name, field):
    """Whatever stands in a message, no tab shows an octet that acts (T260, T274)."""
    octets = f"{field}: {HOSTILE}\r\nX: y\r\n\r\n{HOSTILE}\r\n".encode("utf-8", "surrogatepass")
    shown = "".join(lines_of(octets, name))
    assert not [char for char in shown if char in "\x1b\x07\x9b\u202e\u2066\u200b\u061c\x00\x7f"]


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\n",  # T237
        b"To: " + b'"' * 65_536 + b"\r\n\r\n",  # T238
        b"To: " + b"," * 65_536 + b"\r\n\r\n",  # T239
        b"To: " + b"a " * 32_768 + b"\r\n\r\n",  # T240
        b"Content-Type: text/plain" + b";" * 65_536 + b"\r\n\r\n",  # T242
        b"\r\n" + b"\n" * 100_000,  # T276
        b"\r\n" + b"\t" * 100_000,
        b"\r\n" + b"x" * 1_000_000,
        b"\r\n" + "e\u0301".encode() * 100_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
    ],
    ids=["encoded words", "quotes", "commas", "words", "semicolons", "line ends", "tabs", "one line", "marks", "divs"],
)
def test_the_budget(octets):
    """However a message is made, it is opened and shown in bounded time and size, and nothing is raised."""
    began = time.process_time()
    message = opened(octets)
    for name in TABS:
        assert len(tab(message, name, EN)) <= 2 * LINES + 30
    assert time.process_time() - began < 5  # a bound on disaster, not a measurement


def test_facts():
    """How large it is; of how many parts only where there are several."""
    one = opened(b"Subject: x\r\n\r\nhello\r\n")
    assert facts(one, EN) == ["21 B"]
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    two = opened(head + b"--b\r\n\r\na\r\n--b\r\n\r\nb\r\n--b--\r\n")
    assert facts(two, EN)[1:] == [f"{len(two.message.parts)} parts"]
