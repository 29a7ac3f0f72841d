"""The messages that clients handed over in a session: the octets after DATA or BDAT, without the dots of the wire.

Rules for this file: nothing in a message is changed; one that broke off, or whose octets are gone, is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from maillab.events import Carried, Closed, Entry, Opened, Said, Secured, Side
from maillab.mail.content import Content
from maillab.protocols.follower import Follower
from maillab.protocols.protocol import ContentForm, Named, Request, RequestKind
from maillab.views.followed import FollowedTalks

_DOTS = re.compile(rb"(?:\A|(?<=\r\n))\.")
_TYPED_DOTS = re.compile(rb"(?m)^\.")  # where a person typed, and no line ended with CR LF


@dataclass(frozen=True, slots=True)
class ExportedMessage:
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


def messages(entries: Iterable[Entry]) -> Iterator[ExportedMessage]:
    """Every message that a client of SMTP said to its end, in the order of their ends.

    >>> from maillab.events import Carried, Said
    >>> said = [b"MAIL FROM:<a@sender.test>\\r\\n", b"DATA\\r\\n", Content(b"..\\r\\n"), b".\\r\\n"]
    >>> events = [(Carried if isinstance(one, Content) else Said)("relay-1", Side.CLIENT, one) for one in said]
    >>> [message.octets for message in messages(Entry(n, 0.0, event) for n, event in enumerate(events))]
    [b'.\\r\\n']
    """
    open_now: dict[str, _Transaction] = {}
    followed = FollowedTalks()
    for entry in entries:
        event = entry.event
        heard = followed.hear(entry)
        if isinstance(event, Opened | Secured | Closed):
            open_now.pop(event.talk, None)
        elif isinstance(event, Said | Carried) and event.side is Side.CLIENT:
            transaction = open_now.setdefault(event.talk, _Transaction())
            assert isinstance(heard, Request)
            if _hear(transaction, event, heard, followed[event.talk].follower):
                del open_now[event.talk]
                if (octets := transaction.octets()) is not None:
                    yield ExportedMessage(event.talk, transaction.sender, entry.at, octets)


def _hear(transaction: _Transaction, event: Said | Carried, request: Request, follower: Follower) -> bool:
    """Take note of what the client says; does its message end with it?"""
    if isinstance(event, Carried):
        transaction.contents.append(event.content)
        return transaction.last
    if request.kind is not RequestKind.COMMAND:
        return request.kind is RequestKind.END and transaction.stuffed
    match request.row.content:
        case ContentForm.DOTTED:
            transaction.stuffed, transaction.contents = True, []
        case ContentForm.COUNTED:
            transaction.last = request.completes
            return transaction.last and not follower.counted
        case ContentForm.NONE if request.row.afresh:
            path = follower.protocol.path(request.argument) if request.row.names is Named.SENDER else None
            transaction.sender = (path or b"").decode("utf-8", "replace")
            transaction.contents, transaction.stuffed, transaction.last = [], False, False
        case ContentForm.NONE:
            pass
    return False
