"""A strict, minimal server on paper: what to answer where a record has no answer.

Rules for this file: it keeps nothing but the state of the talk, offers nothing, and takes every letter.
"""

from maillab.grammar import smtp
from maillab.mail.reply import Refused, Reply

NAME = "stand-in.invalid"


class Strict:
    """One talk of SMTP or POP3.

    >>> server = Strict("smtp")
    >>> server.answer("RCPT", b"RCPT TO:<b@b.test>\\r\\n")
    b'503 5.5.1 Say MAIL first\\r\\n'
    """

    def __init__(self, protocol: str) -> None:
        self._protocol = protocol
        self._mail = False
        self._rcpt = False
        self._user = False

    def answer(self, verb: str, line: bytes) -> bytes:
        """The answer to a command; `verb` is "greeting" before the first, "." for a letter."""
        if self._protocol == "pop3":
            return self._pop3(verb, line)
        try:
            return self._smtp(verb, line).wire()
        except Refused as refusal:
            return refusal.reply.wire()

    def _smtp(self, verb: str, line: bytes) -> Reply:
        match verb:
            case "greeting":
                return Reply(220, "", (f"{NAME} ESMTP",))
            case "EHLO" | "HELO":
                smtp.read_hello(smtp.read_command(line.rstrip(b"\r\n")).rest, lenient=False)
                self._mail = self._rcpt = False
                return Reply(250, "", (NAME,))
            case "MAIL" | "RCPT" | "DATA":
                return self._transaction(verb, line)
            case "." | "BDAT":
                taken, self._mail, self._rcpt = self._rcpt, False, False
                return Reply(250, "2.0.0", ("Taken, and thrown away",)) if taken else Reply(503, "5.5.1", ("No RCPT",))
            case "RSET":
                self._mail = self._rcpt = False
                return Reply(250, "2.0.0", ("Forgotten",))
            case "NOOP":
                return Reply(250, "2.0.0", ("Ok",))
            case "VRFY":
                return Reply(252, "2.5.0", ("Try and see",))  # RFC 5321 §3.5.3
            case "QUIT":
                return Reply(221, "2.0.0", ("Goodbye",))
            case _:
                return Reply(502, "5.5.1", ("Not done here",))

    def _transaction(self, verb: str, line: bytes) -> Reply:
        """RFC 5321 §4.1.4: MAIL, then RCPT, then DATA."""
        rest = smtp.read_command(line.rstrip(b"\r\n")).rest
        if verb == "MAIL":
            if self._mail:
                return Reply(503, "5.5.1", ("MAIL was said already",))
            smtp.read_mail(rest)
            self._mail = True
            return Reply(250, "2.1.0", ("Ok",))
        if not self._mail:
            return Reply(503, "5.5.1", ("Say MAIL first",))
        if verb == "RCPT":
            smtp.read_rcpt(rest, smtputf8=True)
            self._rcpt = True
            return Reply(250, "2.1.5", ("Ok",))
        return Reply(354, "", ("Go ahead",)) if self._rcpt else Reply(503, "5.5.1", ("Say RCPT first",))

    def _pop3(self, verb: str, line: bytes) -> bytes:
        alone = len(line.split()) < 2
        match verb:
            case "greeting":
                return b"+OK ready\r\n"
            case "CAPA":
                return b"+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n"
            case "USER":
                return b"+OK\r\n"
            case "PASS":
                self._user = True
                return b"+OK\r\n"
            case "QUIT":
                return b"+OK goodbye\r\n"
            case "STAT" if self._user:
                return b"+OK 0 0\r\n"
            case "LIST" | "UIDL" if self._user and alone:
                return b"+OK\r\n.\r\n"
            case "NOOP" | "RSET" if self._user:
                return b"+OK\r\n"
            case "LIST" | "UIDL" | "RETR" | "TOP" | "DELE" if self._user:
                return b"-ERR no such message\r\n"
            case _:
                return b"-ERR not done here\r\n"
