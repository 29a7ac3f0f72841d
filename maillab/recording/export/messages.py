"""The messages that clients handed over in a session: the octets after DATA or BDAT, without the dots of the wire.

Rules for this file: nothing in a message is changed; one that broke off, or whose octets are gone, is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maillab.events import Carried, Closed, Entry, Opened, Said, Secured, Side
from maillab.mail.content import Content

_CHUNK = re.compile(rb"(?i)BDAT[ \t]+([0-9]{1,20})([ \t]+LAST)?[ \t]*\r?\n?\Z")
_DOTS = re.compile(rb"(?:\A|(?<=\r\n))\.")
_TYPED_DOTS = re.compile(rb"(?m)^\.")  # where a person typed, and no line ended with CR LF
_SENDER = re.compile(rb"(?i)MAIL[ \t]+FROM[ \t]*:[ \t]*<?([^>\s]{0,320})")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `sender` is the envelope's, "" for <>; `at` when its last octet was said, in seconds since 1970."""

    talk: str
    sender: str
    at: float
    octets: bytes


@dataclass(slots=True)
class _Transaction:
    """What a client has said of one message so far."""

    sender: str = ""
    contents: list[Content] = field(default_factory=list)
    stuffed: bool = False  # after DATA, not BDAT
    last: bool = False  # of the chunks: with it the message ends

    def octets(self) -> bytes | None:
        """The message; None where its file is gone."""
        try:
            octets = b"".join(content.whole() for content in self.contents)
        except OSError:
            return None
        if not self.stuffed:
            return octets
        dots = _DOTS if b"\r\n" in octets else _TYPED_DOTS
        return dots.sub(b"", octets)  # RFC 5321 §4.5.2


def messages(entries: Iterable[Entry]) -> Iterator[Message]:
    """Every message that a client of SMTP said to its end, in the order of their ends.

    >>> from maillab.events import Carried, Said
    >>> said = [b"MAIL FROM:<a@sender.test>\\r\\n", b"DATA\\r\\n", Content(b"..\\r\\n"), b".\\r\\n"]
    >>> events = [(Carried if isinstance(one, Content) else Said)("relay-1", Side.CLIENT, one) for one in said]
    >>> [message.octets for message in messages(Entry(n, 0.0, event) for n, event in enumerate(events))]
    [b'.\\r\\n']
    """
    open_now: dict[str, _Transaction] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, Opened | Secured | Closed):
            open_now.pop(event.talk, None)
        elif isinstance(event, Said | Carried) and event.side is Side.CLIENT:
            one = open_now.setdefault(event.talk, _Transaction())
            ended = _hear(one, event)
            if ended and (octets := one.octets()) is not None:
                yield Message(event.talk, one.sender, entry.at, octets)
            if ended:
                open_now[event.talk] = _Transaction()


def _hear(one: _Transaction, event: Said | Carried) -> bool:
    """Take note of what the client says; does its message end with it?"""
    if isinstance(event, Carried):
        one.contents.append(event.content)
        return one.last
    if event.line.rstrip(b"\r\n") == b".":
        return one.stuffed
    if chunk := _CHUNK.match(event.line):
        one.last = chunk[2] is not None
        return one.last and int(chunk[1]) == 0
    verb = event.line[:5].strip().upper()
    if verb == b"DATA":
        one.stuffed, one.contents = True, []
    elif verb in (b"MAIL", b"RSET", b"EHLO", b"HELO"):
        found = _SENDER.match(event.line)
        one.sender = found[1].decode("utf-8", "replace") if found else ""
        one.contents, one.stuffed, one.last = [], False, False
    return False
