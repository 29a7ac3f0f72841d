"""The ear on a cable: hears both sides of one talk and writes it into the logbook, line by line.

Quiet: it is told octets, it never touches a socket. At a door of ours the server's own reader tells it what the
client's octets are (`DoorEar`): the two cannot disagree about what is a command, an answer, content. Elsewhere it
follows the talk as its protocol is followed (`FollowingEar`).
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from maillab.events import (
    Carried,
    Certificate,
    Closed,
    DecidedEvent,
    Event,
    Leg,
    Opened,
    Said,
    Secured,
    Side,
    Tolerated,
    Warned,
)
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.protocols.follower import Follower
from maillab.protocols.lines import Lines
from maillab.protocols.protocol import RequestKind
from maillab.protocols.services import protocol_of
from maillab.protocols.tagged_secrets import secrets_of
from maillab.wire.intake import DataReader, Nobody
from maillab.wire.recorded import Recorded

_LONG_LINE = 65_536  # an unfinished line longer than this is written down in pieces
_UNREAD = 100  # lines that are written down of what a server never read
_MANY = 8  # lines that are written down together: they are cut when somebody looks

Piece: TypeAlias = bytes | Content | DecidedEvent
"""Of an answer: octets of lines, a message in memory that stands between them, or what was decided there."""


class Ear:
    """Hears one talk. `record` is the folder for content too large to be held in memory, `None` to hold everything."""

    def __init__(
        self, logbook: Logbook, leg: Leg, service: str, server: str, *, secure: bool, record: Path | None = None
    ) -> None:
        self.talk = logbook.name_talk(leg)
        self._logbook = logbook
        self._record = record
        self._secure = secure
        self._place = service, leg
        self._secrets = secrets_of(protocol_of(service, leg))
        self._body: Recorded | None = None  # a content of the client that is under way
        self._told: Recorded | None = None  # the same of the server
        self._lines = {Side.CLIENT: Lines(), Side.SERVER: Lines()}
        self._closed = False
        logbook.append(Opened(self.talk, leg, service, server, secure))

    def client(self, data: bytes) -> None:
        """The client said these octets."""
        for line in self._lines[Side.CLIENT].feed(data):
            self._say(Side.CLIENT, line)
        self._cut_long_line(Side.CLIENT)

    def server(self, data: bytes) -> None:
        """The server said these octets."""
        if data and data.find(b"\n") == len(data) - 1 and not self._lines[Side.SERVER].rest:
            self._say(Side.SERVER, data)  # one whole line: so most answers come
            return
        for line in self._lines[Side.SERVER].feed(data):
            self._say(Side.SERVER, line)
        self._cut_long_line(Side.SERVER)

    def carried(self, side: Side, content: Content) -> None:
        """A body went over the wire, as it stood there."""
        self._logbook.append(Carried(self.talk, side, content, self._secure))

    def secured(self, version: str, cipher: str = "", certificate: Certificate | None = None) -> None:
        """TLS began: what was heard of unfinished lines is written down, then everything starts anew."""
        self._flush()
        self._secure = True
        self._secrets = secrets_of(protocol_of(*self._place))
        self._logbook.append(Secured(self.talk, version, cipher, certificate))

    def closed(self, why: str) -> None:
        """The talk ended; only the first word counts."""
        if not self._closed:
            self._closed = True
            self._flush()
            self._logbook.append(Closed(self.talk, why))

    def _say(self, side: Side, line: bytes) -> None:
        secret = self._secrets.client(line) if side is Side.CLIENT else self._secrets.server(line)
        self._logbook.append(Said(self.talk, side, line, self._secure, secret))

    def _cut_long_line(self, side: Side) -> None:
        if len(rest := self._lines[side].rest) > _LONG_LINE:
            self._lines[side] = Lines()
            self._say(side, rest)

    def _flush(self) -> None:
        if self._body is not None:  # the talk broke off inside a message: what came is written down
            self._write_body(self._body)
            self._body = None
        if self._told is not None:
            self._write_body(self._told, Side.SERVER)
            self._told = None
        for side, lines in self._lines.items():
            if rest := lines.rest:
                self._say(side, rest)
                self._lines[side] = Lines()

    def _write_body(self, body: Recorded, side: Side = Side.CLIENT) -> None:
        if len(content := body.content()):
            self.carried(side, content)
        if body.trouble:
            text = f"the record has only the first {len(content)} octets of this content: {body.trouble}"
            self._logbook.append(Warned(self.talk, text))


class DoorEar(Ear):
    """The ear at a door of ours: the server says what it has read, when it reads it."""

    _line_ended = True  # the last octet of the content ended a line

    def heard(self, line: bytes, *, answer: bool = False) -> None:
        """One line of the client; `answer`: to a challenge, so that all of it is secret."""
        if not self._closed:
            secret = self._secrets.answer(line) if answer else self._secrets.client(line)
            self._logbook.append(Said(self.talk, Side.CLIENT, line, self._secure, secret))

    def heard_more(self, piece: bytes) -> None:
        """More octets of the last line, which is longer than any line may be."""
        if piece and not self._closed:
            self._logbook.append(Said(self.talk, Side.CLIENT, piece, self._secure, self._secrets.more(piece)))

    def content(self, data: bytes, *, refused: bool = False) -> None:
        """Octets of a message's content, end mark and all; of one that is `refused` already little is kept."""
        if self._closed:
            return
        self._body = self._body or Recorded(self._record)
        self._body.hold(data)
        self._line_ended = data.endswith(b"\n")
        if refused:
            self._body.refuse()

    def content_ended(self, end_mark: bytes = b"") -> None:
        """The content is complete; its last octets were the end mark."""
        body, self._body = self._body or Recorded(None), None
        body.drop(len(end_mark))
        self._write_body(body)
        if end_mark:
            self.heard(end_mark)
        elif not self._line_ended:  # a chunk may end anywhere (RFC 3030 §2)
            self._secrets.torn()

    def server(self, data: bytes) -> None:
        """As every ear; many lines are written down together."""
        if data.count(b"\n") < _MANY or not self._tell_together((data,)):
            super().server(data)

    def told(self, pieces: Sequence[Piece]) -> None:
        """The server said this."""
        if self._tell_together(pieces):
            return
        for piece in pieces:
            if isinstance(piece, bytes):
                super().server(piece)
            elif not isinstance(piece, Content):
                self._logbook.append(piece)
            elif piece.start:
                self.carried(Side.SERVER, piece)

    def _tell_together(self, pieces: Sequence[Piece]) -> bool:
        """Write this down, if its lines are whole, and whatever stands in them is no secret; gives whether."""
        if not self._secrets.expects_none or self._lines[Side.SERVER].rest:
            return False
        count = octets = 0
        for piece in pieces:
            if isinstance(piece, bytes):
                if not piece.endswith(b"\n"):
                    return False
                count += piece.count(b"\n")
                octets += len(piece)
            elif isinstance(piece, Content):
                count += bool(piece.start)
                octets += len(piece.start)
            else:
                count += 1
        kept, talk, secure = tuple(pieces), self.talk, self._secure
        self._logbook.append_together(lambda: _events(talk, kept, secure=secure), count, octets)
        return True

    def unread(self, data: bytes) -> None:
        """What the client had sent when the server hung up: nobody has read it, and nobody will."""
        if self._closed or not data:
            return
        lines = Lines()
        ended = lines.feed(data)
        for line in [*ended, *([lines.rest] if lines.rest else [])][:_UNREAD]:
            self.heard(line)


class FollowingEar(Ear):
    """An ear that follows the talk, and knows when the client's octets are a message's content, not commands."""

    _reader: DataReader | None = None  # of content up to its end mark
    _first = True  # line of the server
    _lf_only = True  # no line of the client ended with CRLF: a person types (see wire/intake.py)

    @cached_property
    def _follower(self) -> Follower:
        return Follower(protocol_of(*self._place))

    def client(self, data: bytes) -> None:
        """As every ear, but content goes to `Carried`, up to its end mark or its announced length."""
        is_one_line = data.endswith(b"\n") and data.find(b"\n") == len(data) - 1
        if is_one_line and self._body is None and not self._lines[Side.CLIENT].rest:
            self._say(Side.CLIENT, data)  # one whole line: so most commands come
            return
        at = 0
        while at < len(data):
            if self._body is not None:
                octets = self._follower.counted
                at += self._content(self._body, data[at : at + octets] if octets else data[at:])
                continue
            cut = data.find(b"\n", at) + 1 or len(data)
            super().client(data[at:cut])
            at = cut

    def server(self, data: bytes) -> None:
        """As every ear, but the literals of an answer go to `Carried`."""
        if self._follower.protocol.tag_of is None:
            super().server(data)
            return
        at = 0
        while at < len(data):
            if self._told is not None:
                at += self._literal(self._told, data[at : at + self._follower.told])
                continue
            cut = data.find(b"\n", at) + 1 or len(data)
            super().server(data[at:cut])
            at = cut

    def _literal(self, told: Recorded, octets: bytes) -> int:
        """Take octets of a literal of the server; gives how many they are."""
        told.hold(octets)
        self._follower.told -= len(octets)
        if not self._follower.told:
            self._told = None
            self._write_body(told, Side.SERVER)
        return len(octets)

    @property
    def in_answer(self) -> bool:
        """Has the server begun an answer that goes on?"""
        return self._follower.in_answer

    @property
    def goes_on(self) -> bool:
        """Is the rest of a command to come from the client?"""
        return self._follower.expects is RequestKind.REST

    @property
    def hung_up(self) -> bool:
        """Does the server hang up after the answer that it gave last?"""
        return self._follower.hung_up

    def secured(self, version: str, cipher: str = "", certificate: Certificate | None = None) -> None:
        """As every ear; nothing of a transaction survives TLS (RFC 3207 §4.2)."""
        self._body = self._reader = self._told = None
        super().secured(version, cipher, certificate)
        self._follower.secured()

    def _say(self, side: Side, line: bytes) -> None:
        super()._say(side, line)
        if side is Side.SERVER:
            self._answered(line)
            return
        self._lf_only = self._lf_only and not line.endswith(b"\r\n")
        self._follower.client(line)
        if self._follower.counted:
            self._body = Recorded(self._record)

    def _answered(self, line: bytes) -> None:
        """A line of the server: with it the client's content may begin."""
        rule = self._follower.protocol.line_rule
        if self._first and rule and line.endswith(b"\n") and not line.endswith(b"\r\n"):
            self._logbook.append(Tolerated(self.talk, rule, "a server's lines end with CR LF"))
        self._first = False
        self._follower.server(line)
        if self._follower.told:
            self._told = Recorded(self._record)
        if self._body is not None and self._reader is None and not self._follower.counted:
            self._body = None  # a literal that is not wanted
        if self._follower.expects is RequestKind.END and self._body is None:
            self._body, self._reader = Recorded(self._record), DataReader(Nobody(), bare_lf=self._lf_only)
            early, self._lines[Side.CLIENT] = self._lines[Side.CLIENT].rest, Lines()
            self._content(self._body, early)  # the beginning of a line that came before the server's word

    def _content(self, body: Recorded, data: bytes) -> int:
        """Take content, up to its end; gives how many octets belong to it."""
        if self._reader is None:
            self._follower.client_content(len(data))
            body.hold(data)
            if not self._follower.counted:
                self._end(body, b"")
            return len(data)
        behind = self._reader.feed(data)
        octets = len(data) - len(behind or b"")
        body.hold(data[:octets])
        if behind is not None:
            self._end(body, self._reader.end_mark)
        return octets

    def _end(self, body: Recorded, end_mark: bytes) -> None:
        self._body = self._reader = None
        body.drop(len(end_mark))
        self._write_body(body)
        if end_mark:
            self._say(Side.CLIENT, end_mark)


class TypedEar(FollowingEar):
    """An ear for somebody who types: content is written down as it goes out, not when all of it has gone."""

    def _content(self, body: Recorded, data: bytes) -> int:
        octets = super()._content(body, data)
        if self._body is not None:
            self._write_body(body)
            self._body = Recorded(self._record)
        return octets


def _events(talk: str, pieces: Sequence[Piece], *, secure: bool) -> Iterator[Event]:
    """What a server said in whole lines, as it stands in the logbook."""
    for piece in pieces:
        if isinstance(piece, bytes):
            for line in piece.split(b"\n")[:-1]:
                yield Said(talk, Side.SERVER, line + b"\n", secure)
        elif not isinstance(piece, Content):
            yield piece
        elif piece.start:
            yield Carried(talk, Side.SERVER, piece, secure)
