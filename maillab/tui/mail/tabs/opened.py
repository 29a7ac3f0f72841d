"""A message that was opened, and what every way to look at it needs: how much is shown, and how lines begin."""

from dataclasses import dataclass
from functools import cached_property

from maillab.client.layout import Runs
from maillab.client.markup import drawn
from maillab.client.read import Readable, read
from maillab.tui.looks.sink import Line, piece

LINES = 20_000  # of one message that are shown
TABS_EXPANDED = 4_096  # characters of a line in which tabs are expanded


@dataclass(frozen=True, eq=False)
class OpenedMessage:
    """A message that was opened: its octets, and what was understood of them. Equal to itself alone: it is large."""

    octets: bytes
    message: Readable

    @cached_property
    def drawn(self) -> tuple[list[Runs], list[str]]:
        """Its pages in HTML one below the other, and their links, counted through."""
        lines: list[Runs] = []
        links: list[str] = []
        for number, markup in enumerate(self.message.pages):
            more, others = drawn(markup, first=len(links) + 1)
            lines += [(), *more[:LINES]] if number else more[:LINES]
            links += others
        return lines[:LINES], links


def opened(octets: bytes) -> OpenedMessage:
    """Open a message; it takes no longer than its budget allows, and never fails."""
    return OpenedMessage(octets, read(octets))


def unread(octets: bytes) -> OpenedMessage:
    """A message of which nothing is understood but its octets."""
    return OpenedMessage(octets, read(b""))


def body_lines(text: str) -> list[Line]:
    """The lines of a text; quoted ones are dim."""
    return [_body_line(line) for line in text.split("\n")[:LINES]]


def _body_line(line: str) -> Line:
    style = "dim" if line.startswith(">") else "plain"
    return [piece(style, line.expandtabs(8) if len(line) < TABS_EXPANDED else line)]


def label(text: str) -> tuple[str, str]:
    """What stands before a value, in a column of its own."""
    return "dim", f"{text:<10}"
