"""The conversation that is typed by hand: nobody is connected, or somebody is; and what was said in the last one.

Rules for this file: no Textual. Panes that show it follow `news`, an endless list of what happened.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from maillab.protocols.services import SMTP

if TYPE_CHECKING:
    from maillab.client.by_hand import ByHand
    from maillab.events import Entry
    from maillab.protocols.protocol import Protocol


class Unconnected(Struct, frozen=True):
    """Nobody listens; a line that is typed connects to the service of last time."""


class Connected(Struct, frozen=True):
    """A server listens at the other end."""

    hand: "ByHand"


class HandBegun(Struct, frozen=True):
    """A conversation began: with whom, in words, and in which protocol."""

    where: str
    protocol: "Protocol"


class HandNote(Struct, frozen=True):
    """A word of the console itself."""

    text: str


@dataclass(slots=True)
class Conversation:
    """`last` is the service that was talked to last, and its site; lines that are typed go one after the other."""

    line: Unconnected | Connected = field(default_factory=Unconnected)
    last: tuple[str, str] = (SMTP.name, "")
    typing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _news: "list[HandBegun | HandNote | Entry]" = field(default_factory=list)
    _forgotten: int = 0

    def begin(self, where: str, protocol: "Protocol") -> None:
        """A new conversation; the one before is forgotten."""
        self._forgotten += len(self._news)
        self._news = [HandBegun(where, protocol)]

    def heard(self, entry: "Entry") -> None:
        """Something was said."""
        self._news.append(entry)

    def note(self, text: str) -> None:
        """A word about the conversation."""
        self._news.append(HandNote(text))

    @property
    def count(self) -> int:
        """How many things have happened so far, in all conversations."""
        return self._forgotten + len(self._news)

    def since(self, count: int) -> "Iterator[HandBegun | HandNote | Entry]":
        """What has happened after so many; of older conversations nothing."""
        yield from self._news[max(0, count - self._forgotten) :]
