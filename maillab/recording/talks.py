"""A session taken apart: each talk as what was asked and what was answered, whoever heard it and however it was cut.

Rules for this file: it reads entries in their order and never fails; what makes no sense is kept as it stands.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from maillab.events import Authenticated, Carried, Closed, Entry, Leg, Opened, Packet, Said, Secured, Side, Spoken
from maillab.mail.content import Content
from maillab.protocols.dns.described import described
from maillab.protocols.protocol import AnswerLine, ContentForm, Protocol, Request, RequestKind, first_word
from maillab.protocols.services import protocol_of
from maillab.views.followed import FollowedTalks

CHALLENGES = 20  # of one login that are kept; no mechanism has that many


@dataclass(frozen=True, slots=True)
class Asked:
    """What wants one answer: a command, a response of a login, or a message up to its end mark.

    `line` is the end mark of a message (b"" when it never came); `contents` its octets, or those of a BDAT chunk.
    `completes`: with it a message's content is whole. `goes_on`: the rest of the command comes without an answer to it.
    `words` are its verb and its argument, where they are not the first word and what follows it.
    """

    kind: RequestKind
    line: bytes
    contents: tuple[Content, ...] = ()
    secret: tuple[int, int] = (0, 0)
    secure: bool = False
    at: float = 0.0
    completes: bool = False
    goes_on: bool = False
    words: tuple[str, bytes] | None = None

    @property
    def verb(self) -> str:
        """The command's word in capitals; "." for a message, "" for a response and for what is a secret itself.

        >>> Asked(RequestKind.COMMAND, b"mail FROM:<a@b.test>\\r\\n").verb
        'MAIL'
        """
        match self.kind:
            case RequestKind.COMMAND if self.words is not None:
                return self.words[0]
            case RequestKind.COMMAND:
                return "" if self.secret[1] > self.secret[0] == 0 else first_word(self.line)
            case RequestKind.END:
                return "."
            case RequestKind.RESPONSE | RequestKind.REST:
                return ""

    @property
    def argument(self) -> bytes:
        """What follows the verb."""
        if self.words is not None:
            return self.words[1]
        return b"".join(self.line.split(None, 1)[1:]).strip() if self.kind is RequestKind.COMMAND else b""


@dataclass(frozen=True, slots=True)
class Answered:
    """One whole answer: its lines with their endings, and the message that POP3 put between them."""

    lines: tuple[bytes, ...]
    contents: tuple[Content, ...] = ()
    at: float = 0.0
    status_last: bool = True  # the last line says how it went, not the first

    @property
    def last(self) -> bytes:
        """The line that counts."""
        return self.lines[-1] if self.status_last else self.lines[0]


@dataclass(frozen=True, slots=True)
class Upgraded:
    """TLS began here."""

    at: float = 0.0


TalkTurn = Asked | Answered | Upgraded


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk. `user` is who logged in ("" for nobody), `ended` is why it closed ("" when it was still open)."""

    name: str
    leg: Leg
    service: str
    server: str
    tls_first: bool
    turns: tuple[TalkTurn, ...]
    user: str = ""
    ended: str = ""

    @property
    def protocol(self) -> Protocol:
        """What is spoken."""
        return protocol_of(self.service, self.leg)


@dataclass(frozen=True, slots=True)
class TalkExchange:
    """A question and its answer, None where none came. `asked` is None for the greeting and for what came unasked.

    A login is one exchange: the command, the challenges on the way, and the last word. So is a command with literals.
    """

    asked: Asked | None
    answer: Answered | None
    secure: bool = False
    challenges: tuple[Answered, ...] = ()


def talks(entries: Iterable[Entry]) -> tuple[Talk, ...]:
    """Every talk, in the order in which they began; one whose beginning is not among the entries is left out."""
    followed = FollowedTalks()
    listeners: dict[str, _Listener] = {}
    for entry in entries:
        event = entry.event
        heard = followed.hear(entry)
        if isinstance(event, Opened):
            listeners.setdefault(event.talk, _Listener(event))
        elif isinstance(event, Spoken | Secured | Closed | Authenticated) and event.talk in listeners:
            listeners[event.talk].hear(event, heard, entry.at)
    return tuple(listener.talk() for listener in listeners.values())


def _lines(packet: bytes) -> tuple[bytes, ...]:
    """A message of DNS in lines, which count for it where talks are compared."""
    return tuple(line.encode() + b"\r\n" for line in described(packet))


def exchanges(talk: Talk) -> tuple[TalkExchange, ...]:
    """Answers put to their questions, in the order in which they were asked (RFC 2920 §3.1, RFC 2449 §6.6)."""
    rows = [TalkExchange(None, None, talk.tls_first)] if talk.protocol.greets else []
    waiting: deque[int] = deque(range(len(rows)))
    for turn in talk.turns:
        match turn:
            case Asked(kind=RequestKind.REST) if (begun := _asked_last(rows)) is not None:
                row = rows[begun]  # news may have come since
                steps = row.challenges if row.answer is None else (*row.challenges[-CHALLENGES:], row.answer)
                rows[begun] = replace(row, answer=None, challenges=steps)
                waiting += [] if turn.goes_on else [begun]
            case Asked(kind=RequestKind.RESPONSE) if rows and (login := rows[-1]).answer is not None:
                rows[-1] = replace(login, answer=None, challenges=(*login.challenges[-CHALLENGES:], login.answer))
                waiting.append(len(rows) - 1)
            case Asked():
                rows.append(TalkExchange(turn, None, turn.secure))
                waiting += [] if turn.goes_on else [len(rows) - 1]
            case Answered() if waiting:
                at = waiting.popleft()
                rows[at] = replace(rows[at], answer=turn)
            case Answered():
                rows.append(TalkExchange(None, turn))
            case Upgraded():
                waiting.clear()
    return tuple(rows)


def _asked_last(rows: Sequence[TalkExchange]) -> int | None:
    """The place of the last exchange that a client began."""
    return next((at for at in range(len(rows) - 1, -1, -1) if rows[at].asked is not None), None)


@dataclass(slots=True)
class _Listener:
    """Puts what was heard of one talk into turns."""

    opened: Opened
    turns: list[TalkTurn] = field(default_factory=list)
    user: str = ""
    ended: str = ""
    _lines: list[bytes] = field(default_factory=list)  # of an answer that has not ended
    _answered: list[Content] = field(default_factory=list)  # of that answer
    _at: float = 0.0  # when the last line of it came
    _contents: list[Content] = field(default_factory=list)  # of a message that has not ended
    _chunks: dict[int, list[Content]] = field(default_factory=dict)  # by the place of their command

    def hear(
        self,
        event: Spoken | Secured | Closed | Authenticated,
        heard: Request | AnswerLine | None,
        at: float,
    ) -> None:
        """One more event of this talk."""
        match event, heard:
            case Said(), Request():
                self._client(event, heard, at)
            case Said(_, _, line), AnswerLine():
                if heard.first:
                    self._end_answer()
                self._lines.append(line)
                self._at = at
                if heard.last:
                    self._end_answer()
            case Packet(_, Side.CLIENT, octets), _:
                self.turns.append(Asked(RequestKind.COMMAND, _lines(octets)[0], at=at))
            case Packet(_, _, octets), _:
                self.turns.append(Answered(_lines(octets), at=at))
            case Carried(_, Side.CLIENT, content), Request():
                self._carried(content, heard)
            case Carried(_, _, content), _:
                self._answered.append(content)
            case Secured(), _:
                self.turns.append(Upgraded(at))
            case Closed(_, why), _:
                self.ended = why
            case Authenticated(_, user), _:
                self.user = user

    def talk(self) -> Talk:
        """What was heard."""
        opened = self.opened
        turns = list(self.turns)
        for at, contents in self._chunks.items():
            command = turns[at]
            assert isinstance(command, Asked)
            turns[at] = replace(command, contents=tuple(contents))
        if self._contents:  # it broke off inside
            turns = [*turns, Asked(RequestKind.END, b"", tuple(self._contents), secure=opened.secure)]
        elif self._lines:
            turns = [*turns, self._answer()]
        return Talk(
            opened.talk, opened.leg, opened.service, opened.server, opened.secure, tuple(turns), self.user, self.ended
        )

    def _answer(self) -> Answered:
        status_last = protocol_of(self.opened.service, self.opened.leg).status_last
        return Answered(tuple(self._lines), tuple(self._answered), self._at, status_last)

    def _end_answer(self) -> None:
        if self._lines:
            self.turns.append(self._answer())
            self._lines, self._answered = [], []

    def _client(self, said: Said, request: Request, at: float) -> None:
        contents: tuple[Content, ...] = ()
        secret = said.secret
        if request.kind is RequestKind.END:
            contents, secret, self._contents = tuple(self._contents), (0, 0), []
        elif request.kind is RequestKind.REST:
            contents, self._contents = tuple(self._contents), []
        elif request.row.content is ContentForm.COUNTED:
            self._chunks[len(self.turns)] = []
        words = (request.verb, request.argument) if request.tag and request.kind is RequestKind.COMMAND else None
        self.turns.append(
            Asked(request.kind, said.line, contents, secret, said.secure, at, request.completes, request.goes_on, words)
        )

    def _carried(self, content: Content, request: Request) -> None:
        if request.row.content is ContentForm.COUNTED and self._chunks:
            self._chunks[max(self._chunks)].append(content)  # it belongs to the BDAT before it (RFC 3030 §2)
        else:
            self._contents.append(content)
