"""A session taken apart: each talk as what was asked and what was answered, whoever heard it and however it was cut.

Rules for this file: it reads entries in their order and never fails; what makes no sense is kept as it stands.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from maillab.events import Authenticated, Carried, Closed, Entry, Leg, Opened, Said, Secured, Side
from maillab.mail.content import Content

Protocol = Literal["smtp", "pop3", "dns"]

_CHALLENGE = {"smtp": re.compile(rb"334(?:[ \r\n]|\Z)"), "pop3": re.compile(rb"\+(?:[ \r\n]|\Z)")}
CHALLENGES = 20  # of one login that are kept; no mechanism has that many
_MESSAGES = ("RETR", "TOP")
_LISTS = ("LIST", "UIDL", "LANG", "AUTH")  # many lines without an argument (RFC 1939 §5, RFC 5034 §4, RFC 6856 §3)


class Kind(StrEnum):
    """What a client's words are."""

    COMMAND = "command"
    SASL = "sasl"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Asked:
    """What wants one answer: a command, a response of a login, or a message up to its end mark.

    `line` is the end mark of a message (b"" when it never came); `contents` its octets, or those of a BDAT chunk.
    """

    kind: Kind
    line: bytes
    contents: tuple[Content, ...] = ()
    secret: tuple[int, int] = (0, 0)
    secure: bool = False
    at: float = 0.0

    @property
    def verb(self) -> str:
        """The command's word in capitals; "." for a message, "" for a response and for what is a secret itself.

        >>> Asked(Kind.COMMAND, b"mail FROM:<a@b.test>\\r\\n").verb
        'MAIL'
        """
        if self.secret[1] > self.secret[0] == 0:
            return ""
        if self.kind is Kind.COMMAND:
            return b"".join(self.line.split(None, 1)[:1]).decode("ascii", "replace").upper()
        return "." if self.kind is Kind.MESSAGE else ""

    @property
    def argument(self) -> bytes:
        """What follows the verb."""
        return b"".join(self.line.split(None, 1)[1:]).strip() if self.kind is Kind.COMMAND else b""


@dataclass(frozen=True, slots=True)
class Answered:
    """One whole answer: its lines with their endings, and the message that POP3 put between them."""

    lines: tuple[bytes, ...]
    contents: tuple[Content, ...] = ()
    at: float = 0.0

    @property
    def last(self) -> bytes:
        """The line that counts: of SMTP the last one, of POP3 the first."""
        return self.lines[0] if self.lines[0][:1] in b"+-" else self.lines[-1]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """TLS began here."""

    at: float = 0.0


Turn = Asked | Answered | Upgraded


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk. `user` is who logged in ("" for nobody), `ended` is why it closed ("" when it was still open)."""

    name: str
    leg: Leg
    service: str
    server: str
    tls_first: bool
    turns: tuple[Turn, ...]
    user: str = ""
    ended: str = ""

    @property
    def protocol(self) -> Protocol:
        """What is spoken."""
        return protocol_of(self.service)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, None where none came. `asked` is None for the greeting and for what came unasked.

    A login is one exchange: the command, the challenges on the way, and the last word.
    """

    asked: Asked | None
    answer: Answered | None
    secure: bool = False
    challenges: tuple[Answered, ...] = ()


def protocol_of(service: str) -> Protocol:
    """What is spoken at a service.

    >>> protocol_of("submissions"), protocol_of("pop3s"), protocol_of("dns")
    ('smtp', 'pop3', 'dns')
    """
    return "pop3" if service.startswith("pop3") else "dns" if service == "dns" else "smtp"


def is_long(line: bytes) -> bool:
    """Does POP3 answer this command, when it says +OK, with many lines up to a dot?

    >>> is_long(b"UIDL\\r\\n"), is_long(b"UIDL 1\\r\\n"), is_long(b"retr 1\\r\\n")
    (True, False, True)
    """
    verb, _, rest = line.strip().partition(b" ")
    word = verb.decode("ascii", "replace").upper()
    return word in _MESSAGES or word == "CAPA" or (word in _LISTS and not rest.strip())


def is_challenge(protocol: Protocol, line: bytes) -> bool:
    """Does the server ask for one more response of a login?"""
    return protocol in _CHALLENGE and bool(_CHALLENGE[protocol].match(line))


def talks(entries: Iterable[Entry]) -> tuple[Talk, ...]:
    """Every talk, in the order in which they began; one whose beginning is not among the entries is left out."""
    listeners: dict[str, _Listener] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, Opened):
            listeners.setdefault(event.talk, _Listener(event))
        elif isinstance(event, Said | Carried | Secured | Closed | Authenticated) and event.talk in listeners:
            listeners[event.talk].hear(event, entry.at)
    return tuple(listener.talk() for listener in listeners.values())


def exchanges(talk: Talk) -> tuple[Exchange, ...]:
    """Answers put to their questions, in the order in which they were asked (RFC 2920 §3.1, RFC 2449 §6.6)."""
    rows = [] if talk.protocol == "dns" else [Exchange(None, None, talk.tls_first)]
    waiting: deque[int] = deque(range(len(rows)))
    for turn in talk.turns:
        match turn:
            case Asked(kind=Kind.SASL) if rows and (login := rows[-1]).answer is not None:
                rows[-1] = replace(login, answer=None, challenges=(*login.challenges[-CHALLENGES:], login.answer))
                waiting.append(len(rows) - 1)
            case Asked():
                rows.append(Exchange(turn, None, turn.secure))
                waiting.append(len(rows) - 1)
            case Answered() if waiting:
                at = waiting.popleft()
                rows[at] = replace(rows[at], answer=turn)
            case Answered():
                rows.append(Exchange(None, turn))
            case Upgraded():
                waiting.clear()
    return tuple(rows)


@dataclass(slots=True)
class _Listener:
    """Follows one talk and cuts it into turns."""

    opened: Opened
    turns: list[Turn] = field(default_factory=list)
    user: str = ""
    ended: str = ""
    _owed: deque[bytes] = field(default_factory=lambda: deque([b""]))  # without an answer; b"" is the greeting's
    _lines: list[bytes] = field(default_factory=list)  # of an answer that has not ended
    _contents: list[Content] = field(default_factory=list)  # of a message that has not ended
    _chunks: dict[int, list[Content]] = field(default_factory=dict)  # by the place of their command
    _chunk: list[Content] | None = None  # where one would belong now
    _in_message: bool = False
    _challenged: bool = False

    def hear(self, event: Said | Carried | Secured | Closed | Authenticated, at: float) -> None:
        """One more event of this talk."""
        match event:
            case Said(_, Side.CLIENT):
                self._client(event, at)
            case Said():
                self._server(event.line, at)
            case Carried(_, Side.CLIENT, content):
                self._carried(content)
            case Carried():
                self._contents.append(event.content)
            case Secured():
                self._owed.clear()
                self.turns.append(Upgraded(at))
            case Closed():
                self.ended = event.why
            case Authenticated():
                self.user = event.user

    def talk(self) -> Talk:
        """What was heard."""
        opened = self.opened
        turns = list(self.turns)
        for at, contents in self._chunks.items():
            command = turns[at]
            assert isinstance(command, Asked)
            turns[at] = replace(command, contents=tuple(contents))
        if self._in_message and self._contents:  # it broke off inside
            turns = [*turns, Asked(Kind.MESSAGE, b"", tuple(self._contents), secure=opened.secure)]
        elif self._lines:
            turns = [*turns, Answered(tuple(self._lines), tuple(self._contents))]
        return Talk(
            opened.talk, opened.leg, opened.service, opened.server, opened.secure, tuple(turns), self.user, self.ended
        )

    def _client(self, said: Said, at: float) -> None:
        if self._in_message:
            asked = Asked(Kind.MESSAGE, said.line, tuple(self._contents), secure=said.secure, at=at)
            self._in_message, self._contents = False, []
        else:
            kind = Kind.SASL if self._challenged else Kind.COMMAND
            asked = Asked(kind, said.line, (), said.secret, said.secure, at)
        self._challenged = False
        self._chunk = None
        if asked.verb == "BDAT":  # a chunk belongs to the BDAT before it (RFC 3030 §2)
            self._chunk = self._chunks[len(self.turns)] = []
        self._owed.append(said.line)
        self.turns.append(asked)

    def _carried(self, content: Content) -> None:
        if self._in_message:
            self._contents.append(content)
            return
        if self._chunk is not None:
            self._chunk.append(content)

    def _server(self, line: bytes, at: float) -> None:
        self._lines.append(line)
        protocol = protocol_of(self.opened.service)
        if protocol == "smtp" and line[3:4] == b"-":
            return
        first = self._lines[0]
        question = self._owed[0] if self._owed else b""
        if (
            protocol == "pop3"
            and first.startswith(b"+OK")
            and is_long(question)
            and (len(self._lines) == 1 or line.strip() != b".")
        ):
            return
        if self._owed:
            self._owed.popleft()
        self._challenged = is_challenge(protocol, line)
        self._in_message = protocol == "smtp" and line.startswith(b"354") and question.strip().upper() == b"DATA"
        self.turns.append(Answered(tuple(self._lines), tuple(self._contents), at))
        self._lines, self._contents = [], []
