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
    octets are content up to a lone dot. `counted` octets of content come before that line, and `told` before the next
    line of the server.

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
        self._unfinished: Request | None = None  # the command of which more is to come
        self._inside = 0  # octets of a literal of it that stand in the next lines
        self.told = 0  # octets of a literal that the server has announced in its last line
        self._behind = False  # a literal: the next line of the server is the rest of its last one
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
        if self._unfinished is not None:
            request = self._more(self._unfinished, line, open_words, mark)
        elif self.expects is RequestKind.COMMAND and self._announced is None:
            request = self._command(line, open_words, mark)
        else:
            request = self._expected(open_words, mark) or self._command(line, open_words, mark)
        if request.goes_on:
            return request
        self._waiting.append(request)
        if len(self._waiting) > WAITING:
            del self._waiting[0]
        return request

    def _expected(self, line: bytes, mark: int) -> Request | None:
        """The response, or the end of a content, that this line is."""
        kind, self.expects = self.expects, RequestKind.COMMAND
        if kind is RequestKind.RESPONSE:
            row = self._challenged.row if self._challenged is not None else NOBODY_ASKED
            tag = self._challenged.tag if self._challenged is not None else b""
            return Request(kind, row.name, line, row, mark, tag=tag)
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
        tag = self.protocol.tag_of(open_words) if self.protocol.tag_of is not None else b""
        command = Request(
            RequestKind.COMMAND, verb, open_words, row, mark, tag=tag, argument_of=self.protocol.argument_of
        )
        self._asked, self.counted = command, 0
        self._announce(command, line)
        if row.content is ContentForm.DOTTED:
            self._announced = command
        elif row.content is ContentForm.COUNTED:
            self.counted, command.completes = self.protocol.chunk(line)
        return command

    def _announce(self, request: Request, line: bytes) -> None:
        """The line may end with a literal: of a message, or of a word, which is heard as lines."""
        if (literal := self.protocol.literal(line)) is None:
            return
        self._unfinished, self.expects = request, RequestKind.REST
        request.goes_on = not literal.waits
        if request.row.content is ContentForm.LITERAL:
            self.counted, self._inside = literal.octets, 0
        else:
            self._inside = literal.octets

    def _more(self, command: Request, line: bytes, open_words: bytes, mark: int) -> Request:
        """The rest of a command, up to its end or to the next literal."""
        of_message = command.row.content is ContentForm.LITERAL
        rest = Request(RequestKind.REST, command.verb, open_words, command.row, mark, tag=command.tag)
        behind = line[self._inside :]
        self._inside = max(0, self._inside - len(line))
        rest.goes_on = not behind
        if behind:
            self._unfinished, self.expects, self.counted = None, RequestKind.COMMAND, 0
            self._announce(rest, behind)
            rest.completes = of_message and self._unfinished is None
        return rest

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
        counted = (ContentForm.COUNTED, ContentForm.LITERAL)
        return self._asked is not None and self._asked.row.content in counted

    def _unheard(self) -> Request:
        """What must have announced a content, if nobody heard what did."""
        rows = (row for row in self.protocol.verbs.values() if row.content is ContentForm.DOTTED)
        row = next(rows, NOBODY_ASKED)
        return Request(RequestKind.COMMAND, row.name, b"", row)

    def server(self, line: bytes) -> AnswerLine:
        """The server said a line."""
        if self._behind:
            return self._behind_literal(line)
        if self.protocol.tag_of is not None:
            self._turn_to(self.protocol.tag_of(line))
        first = not self._first
        if first:
            self.answering = self._waiting.pop(0) if self._waiting else None
            self._first = line
        if first or self.protocol.status_last:
            self._kind = self.protocol.kind(line)
        request, kind = self.answering, self._kind
        if kind is AnswerKind.CHALLENGE and not self._challenges(request):
            kind = AnswerKind.GO_AHEAD
        last = not (self.protocol.until_asked or self.protocol.goes_on(request, self._first, line))
        if self._announced_by_server(line):
            last = False
        if last:
            self._last = request, line
            self._answered(request, kind)
        elif kind is AnswerKind.PERMANENT and request is not None and request.row.ends:
            kind = AnswerKind.GOOD  # the goodbye that was asked for (RFC 9051 §7.1.5)
        return AnswerLine(request, first, last, kind)

    def _challenges(self, request: Request | None) -> bool:
        """Does a challenge to this belong to a login? Else it lets the client go on with its command."""
        return request is None or (request.row.login and self._unfinished is None)

    def _announced_by_server(self, line: bytes) -> bool:
        """Does the line end with a literal?"""
        literal = self.protocol.told_literal(line)
        self.told = literal.octets if literal is not None else 0
        self._behind = literal is not None
        return self._behind

    def _behind_literal(self, line: bytes) -> AnswerLine:
        """The rest of a line in which a literal stood; an answer that nobody asked for ends with it."""
        behind = line[self.told :]  # nothing of it was carried: it stands in the lines
        self.told = max(0, self.told - len(line))
        if behind:
            literal = self.protocol.literal(behind)
            self.told = literal.octets if literal is not None else 0
            self._behind = literal is not None
        last = self.answering is None and not self._behind
        if last:
            self.answering, self._first = None, b""
        return AnswerLine(self.answering, False, last, AnswerKind.OTHER)

    def _turn_to(self, tag: bytes) -> None:
        """The request of this tag is answered now, whichever was before; of a tag that nobody used, none is."""
        if not tag or (self._first and self.answering is not None and self.answering.tag == tag):
            return
        if self._first and self.answering is not None:
            self._waiting.insert(0, self.answering)
        place = next((at for at, one in enumerate(self._waiting) if one is not None and one.tag == tag), None)
        self.answering, self._first = None, b""
        self._waiting.insert(0, self._waiting.pop(place) if place is not None else None)

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
        elif self.protocol.tag_of is not None:
            self._go_on_or_end(request, kind)
        elif kind is AnswerKind.GO_AHEAD and self._announced is not None:
            self.expects = RequestKind.END
        elif request is self._announced and kind is not AnswerKind.GOOD:
            self._announced = None  # it is not wanted
        if request is not None:
            request.answered = True

    def _go_on_or_end(self, request: Request | None, kind: AnswerKind) -> None:
        """After a go-ahead the rest of the command comes; after its last word, nothing of it."""
        if kind is AnswerKind.GO_AHEAD:
            self._unfinished = self._unfinished or request
            self.expects = RequestKind.REST
        elif request is not None and self._unfinished is not None and self._unfinished.tag == request.tag:
            self._unfinished, self.expects, self.counted, self._inside = None, RequestKind.COMMAND, 0, 0

    @property
    def in_answer(self) -> bool:
        """Has the server begun an answer that goes on?"""
        return bool(self._first)

    @property
    def hung_up(self) -> bool:
        """Does the server hang up after the answer that it gave last?"""
        return self.protocol.hangs_up(*self._last)

    def server_content(self) -> Request | None:
        """The server carried content, all of it; gives the command that asked for it."""
        self.told = 0
        return self.answering

    def secured(self) -> None:
        """TLS began: what was asked before is answered no more, and nothing of it counts (RFC 3207 §4.2)."""
        self._waiting.clear()
        self.expects, self.counted = RequestKind.COMMAND, 0
        self._asked = self._announced = self._challenged = self._unfinished = None
        self._inside, self.told, self._behind = 0, 0, False
        self.answering, self._first = None, b""
