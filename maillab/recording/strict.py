"""A strict, minimal server of SMTP on paper: what to answer where a record has no answer.

Rules for this file: it keeps nothing but the state of the talk, and takes every message. It hears what the record
answered, too, so that both are one server: what the record offered holds, and what was begun goes on.
"""

from maillab.mail.content import Content
from maillab.mail.reply import Refused, Reply
from maillab.protocols import smtp
from maillab.protocols.smtp import SMTP

NAME = "stand-in.invalid"

Spoken = tuple[bytes, tuple[Content, ...]]  # the lines, and the message that stands before the last one


class Strict:
    """One talk.

    >>> server = Strict()
    >>> server.answer("RCPT", b"RCPT TO:<b@b.test>\\r\\n")[0]
    b'503 5.5.1 Say MAIL first\\r\\n'
    """

    cancelled = b"501 5.7.0 Cancelled\r\n"  # RFC 4954 §4

    def __init__(self) -> None:
        self._mail = False
        self._rcpt = False
        self._offers: dict[str, tuple[str, ...]] = {}  # extensions and their words, as EHLO was answered

    def heard(self, verb: str, line: bytes, answer: bytes) -> None:
        """This command was answered so, whoever did it."""
        good = answer[:1] in (b"2", b"3")
        match verb:
            case "EHLO" | "HELO" if good:
                self._mail = self._rcpt = False
                self._offers = SMTP.offers(answer.splitlines()) if verb == "EHLO" else {}
            case "MAIL" if good:
                self._mail, self._rcpt = True, False
            case "RCPT" if good:
                self._rcpt = self._mail
            case ".":
                self._mail = self._rcpt = False
            case "BDAT" if not good or SMTP.chunk(line)[1]:  # RFC 3030 §2
                self._mail = self._rcpt = False
            case "RSET" if good:
                self._mail = self._rcpt = False

    def refuses(self, verb: str, line: bytes) -> bytes:
        """What is answered whatever the record says: no content follows a command that is wrongly written."""
        try:
            rest = smtp.read_command(line.rstrip(b"\r\n")).rest
            if verb == "DATA" and rest:  # RFC 5321 §4.1.1.4
                return Reply(501, "5.5.4", ("DATA stands alone",)).wire()
            if verb == "BDAT":
                smtp.read_bdat(rest)
        except Refused as refusal:
            return refusal.reply.wire() if verb in ("BDAT", "DATA") else b""
        return b""

    def answer(self, verb: str, line: bytes) -> Spoken:
        """The answer to a command; `verb` is "greeting" before the first, "." for a message."""
        try:
            return self._reply(verb, line).wire(), ()
        except Refused as refusal:
            return refusal.reply.wire(), ()

    def _reply(self, verb: str, line: bytes) -> Reply:
        match verb:
            case "greeting":
                return Reply(220, "", (f"{NAME} ESMTP",))
            case "EHLO" | "HELO":
                smtp.read_hello(smtp.read_command(line.rstrip(b"\r\n")).rest, lenient=False)
                return Reply(250, "", (NAME,))
            case "MAIL" | "RCPT" | "DATA":
                return self._transaction(verb, line)
            case "BDAT" if not SMTP.chunk(line)[1]:
                return Reply(250, "2.0.0", ("Go on",)) if self._rcpt else Reply(503, "5.5.1", ("No RCPT",))
            case "." | "BDAT":
                taken = Reply(250, "2.0.0", ("Taken, and thrown away",))
                return taken if self._rcpt else Reply(503, "5.5.1", ("No RCPT",))
            case "RSET":
                return Reply(250, "2.0.0", ("Forgotten",))
            case "NOOP":
                return Reply(250, "2.0.0", ("Ok",))
            case "VRFY":
                return Reply(252, "2.5.0", ("Try and see",))  # RFC 5321 §3.5.3
            case "QUIT":
                return Reply(221, "2.0.0", ("Goodbye",))
            case _:
                return self._offered(verb, line)

    def _offered(self, verb: str, line: bytes) -> Reply:
        """What only an offer makes possible; everybody's password is right."""
        if verb == "STARTTLS" and verb in self._offers:
            return Reply(220, "2.0.0", ("Ready to start TLS",))  # RFC 3207 §4
        if verb == "AUTH" and verb in self._offers:
            known = self.knows(line)
            return Reply(235, "2.7.0", ("Welcome",)) if known else Reply(504, "5.5.4", ("No such mechanism here",))
        return Reply(502, "5.5.1", ("Not done here",))

    def knows(self, line: bytes) -> bool:
        """Does AUTH with this line name a mechanism that was offered?"""
        words = line.decode("ascii", "replace").upper().split()
        return len(words) > 1 and words[1] in self._offers.get(SMTP.mechanisms, ())

    def _transaction(self, verb: str, line: bytes) -> Reply:
        """RFC 5321 §4.1.4: MAIL, then RCPT, then DATA."""
        rest = smtp.read_command(line.rstrip(b"\r\n")).rest
        if verb == "MAIL":
            if self._mail:
                return Reply(503, "5.5.1", ("MAIL was said already",))
            smtp.read_mail(rest)
            return Reply(250, "2.1.0", ("Ok",))
        if not self._mail:
            return Reply(503, "5.5.1", ("Say MAIL first",))
        if verb == "RCPT":
            smtp.read_rcpt(rest, smtputf8=True)
            return Reply(250, "2.1.5", ("Ok",))
        return Reply(354, "", ("Go ahead",)) if self._rcpt else Reply(503, "5.5.1", ("Say RCPT first",))
