"""What fits on the next line that somebody types by hand: which commands, or what of one that has begun.

Rules for this file: quiet, and no judge; whatever is typed is sent. It is a hint of what usually comes next.
"""

from dataclasses import dataclass
from enum import StrEnum

from maillab.events import Closed, Entry, Opened, Secured
from maillab.protocols.protocol import AnswerKind, AnswerLine, ContentForm, Protocol, Request, RequestKind, Verb
from maillab.views.followed import FollowedTalks


class LineWanted(StrEnum):
    """What the next line is."""

    COMMAND = "command"
    CONTENT = "content"  # of a message, up to a lone dot
    OCTETS = "octets"  # so many of a message
    RESPONSE = "login"  # of a login
    REST = "rest"  # of a command that has begun
    DONE = "done"  # what ends a wait for news
    NOTHING = "closed"  # nobody listens any more


@dataclass(frozen=True, slots=True)
class NextLine:
    """`commands` are those that fit, as a person begins to type them; `octets` are still to come."""

    wanted: LineWanted
    commands: tuple[str, ...] = ()
    octets: int = 0


class NextLines:
    """Follows one conversation.

    >>> from maillab.protocols.smtp import SMTP
    >>> NextLines(SMTP).now
    NextLine(wanted=<LineWanted.COMMAND: 'command'>, commands=('EHLO …',), octets=0)
    """

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._talks = FollowedTalks()
        self._asked: Request | None = None
        self._secure = False
        self._names = protocol.then.get("", ())
        self.now = NextLine(LineWanted.COMMAND, self._commands)

    def hear(self, entry: Entry) -> None:
        """Take the next entry; `now` is what fits after it."""
        heard, event = self._talks.hear(entry), entry.event
        match event:
            case Opened(secure=secure):
                self._secure = secure
            case Secured():
                self._secure = True
            case Closed():
                self.now = NextLine(LineWanted.NOTHING)
                return
            case _:
                pass
        if isinstance(heard, Request):
            self._asked = heard
        elif isinstance(heard, AnswerLine) and heard.last:
            self._answered(heard)
        talk = self._talks.get(getattr(event, "talk", ""))
        if talk is not None and (heard is not None or isinstance(event, Secured)):
            self.now = self._line(talk.follower.expects, talk.follower.counted, heard)

    def _line(self, expects: RequestKind, counted: int, heard: Request | AnswerLine | None) -> NextLine:
        if counted:
            return NextLine(LineWanted.OCTETS, octets=counted)
        match expects:
            case RequestKind.END:
                return NextLine(LineWanted.CONTENT)
            case RequestKind.RESPONSE:
                return NextLine(LineWanted.RESPONSE)
            case RequestKind.REST:
                waits = self._asked is not None and self._asked.row.waits
                return NextLine(LineWanted.DONE if waits else LineWanted.REST)
            case RequestKind.COMMAND:
                is_over = heard is None or (isinstance(heard, AnswerLine) and heard.last)
                return NextLine(LineWanted.COMMAND, self._commands) if is_over else self.now

    def _answered(self, answer: AnswerLine) -> None:
        """An answer is whole: after a good one others fit; after a refusal the same, but a login begins anew."""
        request = answer.request
        if request is None:  # a greeting, or news that nobody asked for
            return
        if answer.kind is AnswerKind.GOOD:
            is_chunk = request.row.content is ContentForm.COUNTED and not request.completes
            self._names = (request.verb,) if is_chunk else self._protocol.then.get(request.verb, self._names)
        elif request.row.login and self._names == (request.row.name,):
            self._names = self._protocol.then.get("", ())

    @property
    def _commands(self) -> tuple[str, ...]:
        """Those that fit, but for what begins TLS where it has begun."""
        rows = (self._protocol.verb(name) for name in self._names)
        return tuple(_begun(row) for row in rows if not (row.tls and self._secure))


def _begun(row: Verb) -> str:
    """A command as a person begins to type it, with … for what follows.

    >>> _begun(Verb("RCPT", typed=("RCPT TO:<",))), _begun(Verb("USER", typed=("USER ",))), _begun(Verb("DATA"))
    ('RCPT TO:<…>', 'USER …', 'DATA')
    """
    words = row.typed[0] if row.typed else row.name
    return f"{words}…>" if words.endswith("<") else f"{words}…" if words.endswith(" ") else words
