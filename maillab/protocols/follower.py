"""A follower hears both sides of a talk, and tells what each line is: request, response, content, part of an answer.

Rules for this file: it names no protocol and asks its value. It holds little, however much is said, and never fails,
whatever comes. A line is told with its ending; of octets that are content it is told the number.
"""

from maillab.protocols.protocol import (
    UNKNOWN,
    AnswerKind,
    AnswerLine,
    ContentForm,
    Protocol,
    Request,
    RequestKind,
    Verb,
)

WAITING = 1_000  # requests that still wait for their answer; of more, the oldest are forgotten
KEPT = 4_096  # octets of a request that are kept, its secret left out

NOTHING = (0, 0)  # the slice of a line in which no secret stands
NOBODY_ASKED = Verb("")


class Follower:
    """Follows one talk. `greeted`: the server's greeting has been said already, as in a talk joined in the middle.

    `expects` is what the next line of the client will be, as far as that is known; where it is an END, the client's
    octets are content up to a lone dot. `counted` octets of content come before that line.

    >>> from maillab.protocols.smtp import SMTP
    >>> follower = Follower(SMTP)
    >>> follower.server(b"220 mx ready\\r\\n").request, follower.client(b"DATA\\r\\n").kind
    (None, <RequestKind.COMMAND: 'command'>)
    >>> follower.server(b"354 go ahead\\r\\n").kind, follower.expects
    (<AnswerKind.GO_AHEAD: 'go-ahead'>, <RequestKind.END: 'end'>)
    """

    def __init__(self, protocol: Protocol = UNKNOWN, *, greeted: bool = False) -> None:
        self.protocol = protocol
        self.expects = RequestKind.COMMAND
        self.counted = 0
        self.answering: Request | None = None  # whose answer has begun and not ended
        self._last: tuple[Request | None, bytes] = (None, b"")  # the answer that ended last: of what, its last line
        self._asked: Request | None = None  # the last command of the client
        self._announced: Request | None = None  # the last that announces content up to a dot, as long as none came
        self._challenged: Request | None = None
        self._waiting: list[Request | None] = []  # an empty deque would take ten times the room in each talk
        if protocol.greets and not greeted:
            self._waiting.append(None)
        self._first = b""  # line of the answer that goes on
        self._kind = AnswerKind.OTHER

    def client(self, line: bytes, secret: tuple[int, int] = NOTHING, mark: int = 0) -> Request:
        """The client said a line, in which `secret` is a slice that nobody may keep."""
        if self.protocol.until_asked:
            self.answering, self._first = None, b""
        start, end = secret
        open_words = (line[:start] + line[end:] if start < end else line)[:KEPT]
        if self.expects is RequestKind.COMMAND and self._announced is None:
            request = self._command(line, open_words, mark)
        else:
            request = self._expected(open_words, mark) or self._command(line, open_words, mark)
        self._waiting.append(request)
        if len(self._waiting) > WAITING:
            del self._waiting[0]
        return request

    def _expected(self, line: bytes, mark: int) -> Request | None:
        """The response, or the end of a content, that this line is."""
        kind, self.expects = self.expects, RequestKind.COMMAND
        if kind is RequestKind.RESPONSE:
            row = self._challenged.row if self._challenged is not None else NOBODY_ASKED
            return Request(kind, row.name, line, row, mark)
        if (command := self._announced) is None:
            return None
        early = not command.answered and line.rstrip(b"\r\n") == b"."  # nobody waited for the go-ahead
        if kind is not RequestKind.END and not early:
            return None
        self._announced = None
        return Request(RequestKind.END, command.verb, line, command.row, mark, completes=True)

    def _command(self, line: bytes, open_words: bytes, mark: int) -> Request:
        verb = self.protocol.verb_of(open_words)
        row = self.protocol.verb(verb)
        command = self._asked = Request(RequestKind.COMMAND, verb, open_words, row, mark)
        self.counted = 0
        if row.content is ContentForm.DOTTED:
            self._announced = command
        elif row.content is ContentForm.COUNTED:
            self.counted, command.completes = self.protocol.chunk(line)
        return command

    def client_content(self, octets: int = 0) -> Request | None:
        """The client carried so many octets of content; gives the command that announced them."""
        if self.counted:
            self.counted = max(0, self.counted - octets)
        elif self._announced is not None or not self._is_chunk():
            self._announced = self._announced or self._unheard()
            self.expects = RequestKind.END  # it may have come before the server said go ahead
            return self._announced
        return self._asked

    def _is_chunk(self) -> bool:
        return self._asked is not None and self._asked.row.content is ContentForm.COUNTED

    def _unheard(self) -> Request:
        """What must have announced a content, if nobody heard what did."""
        rows = (row for row in self.protocol.verbs.values() if row.content is ContentForm.DOTTED)
        row = next(rows, NOBODY_ASKED)
        return Request(RequestKind.COMMAND, row.name, b"", row)

    def server(self, line: bytes) -> AnswerLine:
        """The server said a line."""
        first = not self._first
        if first:
            self.answering = self._waiting.pop(0) if self._waiting else None
            self._first = line
        if first or self.protocol.status_last:
            self._kind = self.protocol.kind(line)
        request, kind = self.answering, self._kind
        last = not (self.protocol.until_asked or self.protocol.goes_on(request, self._first, line))
        if last:
            self._last = request, line
            self._answered(request, kind)
        return AnswerLine(request, first, last, kind)

    def server_message(self, line: bytes) -> AnswerLine:
        """The server said a whole answer at once, which begins with this line."""
        self.answering, self._first = None, b""
        answer = self.server(line)
        self._answered(answer.request, answer.kind)
        return answer._replace(last=True)

    def _answered(self, request: Request | None, kind: AnswerKind) -> None:
        """An answer is whole: it may want a response, or a content."""
        self.answering, self._first = None, b""
        if kind is AnswerKind.CHALLENGE:
            self.expects, self._challenged = RequestKind.RESPONSE, request
        elif kind is AnswerKind.GO_AHEAD and self._announced is not None:
            self.expects = RequestKind.END
        elif request is self._announced and kind is not AnswerKind.GOOD:
            self._announced = None  # it is not wanted
        if request is not None:
            request.answered = True

    @property
    def in_answer(self) -> bool:
        """Has the server begun an answer that goes on?"""
        return bool(self._first)

    @property
    def hung_up(self) -> bool:
        """Does the server hang up after the answer that it gave last?"""
        return self.protocol.hangs_up(*self._last)

    def server_content(self) -> Request | None:
        """The server carried content; gives the command that asked for it."""
        return self.answering

    def secured(self) -> None:
        """TLS began: what was asked before is answered no more, and nothing of it counts (RFC 3207 §4.2)."""
        self._waiting.clear()
        self.expects, self.counted = RequestKind.COMMAND, 0
        self._asked = self._announced = self._challenged = None
        self.answering, self._first = None, b""
