"""A strict, minimal server of SMTP without a socket: what to answer where a record has no answer.

Rules for this file: it keeps nothing but the state of the talk, and takes every message. It hears what the record
answered, too, so that both are one server: what the record offered holds, and what was begun goes on.
"""

from maillab.mail.content import Content
from maillab.mail.reply import Refused, Reply
from maillab.protocols import smtp
from maillab.protocols.protocol import AnswerKind, Protocol
from maillab.protocols.smtp import SMTP
from maillab.wire.smtp_server import OVER, VERBS, SmtpState

NAME = "stand-in.invalid"

_REPLIES = {
    "greeting": Reply(220, "", (f"{NAME} ESMTP",)),
    "EHLO": Reply(250, "", (NAME,)),
    "HELO": Reply(250, "", (NAME,)),
    "MAIL": Reply(250, "2.1.0", ("Ok",)),
    "RCPT": Reply(250, "2.1.5", ("Ok",)),
    "DATA": Reply(354, "", ("Go ahead",)),
    "BDAT": Reply(250, "2.0.0", ("Go on",)),
    ".": Reply(250, "2.0.0", ("Taken, and thrown away",)),
    "RSET": Reply(250, "2.0.0", ("Forgotten",)),
    "NOOP": Reply(250, "2.0.0", ("Ok",)),
    "VRFY": Reply(252, "2.5.0", ("Try and see",)),  # RFC 5321 §3.5.3
    "QUIT": Reply(221, "2.0.0", ("Goodbye",)),
}

StrictRequest = tuple[bytes, tuple[Content, ...]]  # the lines, and the message that stands before the last one


class Refusing:
    """One talk in a protocol for which no strict server is written: what is offered is remembered, nothing is done."""

    def __init__(self, protocol: Protocol) -> None:
        self.cancelled = protocol.refusal  # what a login that was given up is answered
        self._protocol = protocol
        self._offers: dict[str, tuple[str, ...]] = {}  # abilities and their words, as a server offered them last

    def heard(self, verb: str, line: bytes, answer: bytes) -> None:
        """This command was answered so, whoever did it."""
        if self._protocol.verb(verb).offers and self._protocol.kind(answer) is AnswerKind.GOOD:
            self._offers = self._protocol.offers(answer.splitlines())

    def refuses(self, verb: str, line: bytes) -> bytes:
        """What is answered whatever the record says, b"" for nothing."""
        return b""

    def knows(self, line: bytes) -> bool:
        """Does a login with this line name a mechanism that was offered (RFC 4954 §3, RFC 5034 §3)?"""
        words = line.decode("ascii", "replace").upper().split()
        return len(words) > 1 and words[1] in self._offers.get(self._protocol.mechanisms, ())

    def answer(self, verb: str, line: bytes) -> StrictRequest:
        """The answer to a command; `verb` is "greeting" before the first, "." for a message."""
        return self._protocol.refusal, ()


class StrictSmtp(Refusing):
    """One talk.

    >>> server = StrictSmtp()
    >>> server.answer("RCPT", b"RCPT TO:<b@b.test>\\r\\n")[0]
    b'503 5.5.1 MAIL FROM comes first\\r\\n'
    """

    def __init__(self) -> None:
        super().__init__(SMTP)
        self.cancelled = b"501 5.7.0 Cancelled\r\n"  # RFC 4954 §4
        self._state = SmtpState.HELLO

    def heard(self, verb: str, line: bytes, answer: bytes) -> None:
        """This command was answered so, whoever did it: what was begun goes on."""
        super().heard(verb, line, answer)
        good = SMTP.kind(answer) in (AnswerKind.GOOD, AnswerKind.GO_AHEAD)
        if good and verb == "HELO":
            self._offers = {}
        if verb == "." or (verb == "BDAT" and (not good or SMTP.chunk(line)[1])):  # RFC 3030 §2
            self._state = OVER.get(self._state, self._state)
        elif good and verb in VERBS and verb != "DATA":
            self._state = VERBS[verb].leads.get(self._state) or self._state

    def refuses(self, verb: str, line: bytes) -> bytes:
        """No content follows a command that is wrongly written."""
        try:
            rest = smtp.read_command(line.rstrip(b"\r\n")).rest
            if verb == "DATA" and rest:  # RFC 5321 §4.1.1.4
                return Reply(501, "5.5.4", ("DATA stands alone",)).wire()
            if verb == "BDAT":
                smtp.read_bdat(rest)
        except Refused as refusal:
            return refusal.reply.wire() if verb in ("BDAT", "DATA") else b""
        return b""

    def answer(self, verb: str, line: bytes) -> StrictRequest:
        """As every server; what is written wrongly is refused."""
        try:
            return self._reply(verb, line).wire(), ()
        except Refused as refusal:
            return refusal.reply.wire(), ()

    def _reply(self, verb: str, line: bytes) -> Reply:
        """RFC 5321 §4.1.4: in which order commands come, the table of the server knows."""
        asked = "DATA" if verb == "." else verb
        if asked in VERBS and (why := VERBS[asked].refused.get(self._state)):
            return Reply(503, "5.5.1", (why,))
        match verb:
            case "EHLO" | "HELO":
                smtp.read_hello(smtp.read_command(line.rstrip(b"\r\n")).rest, lenient=False)
            case "MAIL":
                smtp.read_mail(smtp.read_command(line.rstrip(b"\r\n")).rest)
            case "RCPT":
                smtp.read_rcpt(smtp.read_command(line.rstrip(b"\r\n")).rest, smtputf8=True)
            case "BDAT" if SMTP.chunk(line)[1]:
                verb = "."
            case _:
                pass
        return _REPLIES.get(verb) or self._offered(verb, line)

    def _offered(self, verb: str, line: bytes) -> Reply:
        """What only an offer makes possible; everybody's password is right."""
        if verb == "STARTTLS" and verb in self._offers:
            return Reply(220, "2.0.0", ("Ready to start TLS",))  # RFC 3207 §4
        if verb == "AUTH" and verb in self._offers:
            known = self.knows(line)
            return Reply(235, "2.7.0", ("Welcome",)) if known else Reply(504, "5.5.4", ("No such mechanism here",))
        return Reply(502, "5.5.1", ("Not done here",))
