"""A strict, minimal POP3 server without a socket: answers for a recorded mailbox what the record does not.

Rules for this file: it knows of a message what the record says: number, size, name, octets. It hears what the record
answered, too, so that both are one mailbox.
"""

import re
from dataclasses import dataclass

from maillab.mail.content import Content
from maillab.protocols.pop3 import POP3
from maillab.recording.strict_smtp import Refusing, StrictRequest
from maillab.recording.talks import Answered, Talk, exchanges

_STATUS = re.compile(rb"\+OK ([0-9]{1,9}) ([0-9]{1,18})")
_ROW = re.compile(rb"(?:\+OK )?([0-9]{1,9}) ([!-~]{1,70})[ \r\n]*\Z")
_SIZE = re.compile(rb"\+OK ([0-9]{1,18}) octets")
MOST = 1000  # messages of a mailbox of which the record tells the number alone


@dataclass(slots=True)
class _Known:
    """One message, as far as the record tells."""

    size: int | None = None
    name: str = ""
    content: Content | None = None
    deleted: bool = False

    @property
    def octets(self) -> int:
        return self.size if self.size is not None else len(self.content) if self.content else 0


class StrictPop3(Refusing):
    """One talk. `talk` is the record.

    >>> from maillab.events import Leg
    >>> server = StrictPop3(Talk("retrieve-1", Leg.RETRIEVE, "pop3", "mail", False, ()))
    >>> server.answer("STAT", b"STAT\\r\\n")[0]
    b'-ERR log in first\\r\\n'
    """

    def __init__(self, talk: Talk) -> None:
        super().__init__(POP3)
        self.cancelled = b"-ERR cancelled\r\n"
        self._messages: dict[int, _Known] = {}
        self._user = False
        for row in exchanges(talk):
            if row.asked is not None and row.answer is not None and row.answer.last.startswith(b"+OK"):
                self._learn(row.asked.verb, row.asked.argument, row.answer)

    def heard(self, verb: str, line: bytes, answer: bytes) -> None:
        """This command was answered so, whoever did it: the mailbox is one."""
        super().heard(verb, line, answer)
        if not answer.startswith(b"+OK"):
            return
        if POP3.verb(verb).login:
            self._user = True
        elif verb == "DELE" and (message := self._messages.get(_number(line))):
            message.deleted = True
        elif verb == "RSET":
            for message in self._messages.values():
                message.deleted = False

    def answer(self, verb: str, line: bytes) -> StrictRequest:
        """As every server; the mailbox is that of the record."""
        match verb:
            case "greeting":
                return b"+OK ready\r\n", ()
            case "CAPA":
                return b"+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n", ()
            case "USER" | "PASS":
                return b"+OK\r\n", ()
            case "AUTH":
                return b"+OK\r\n" if self.knows(line) else b"-ERR no such mechanism here\r\n", ()
            case "STLS" if verb in self._offers:
                return b"+OK begin TLS\r\n", ()
            case "QUIT":
                return b"+OK goodbye\r\n", ()
            case "STAT" | "LIST" | "UIDL" | "RETR" | "TOP" | "DELE" | "NOOP" | "RSET":
                return self._mailbox(verb, line) if self._user else (b"-ERR log in first\r\n", ())
            case _:
                return b"-ERR not done here\r\n", ()

    def _mailbox(self, verb: str, line: bytes) -> StrictRequest:
        """RFC 1939 §5 and §7."""
        there = {number: message for number, message in self._messages.items() if not message.deleted}
        if verb == "STAT":
            return b"+OK %d %d\r\n" % (len(there), sum(message.octets for message in there.values())), ()
        if verb in ("LIST", "UIDL") and len(line.split()) == 1:
            rows = [b"%d %s\r\n" % (number, _told(verb, number, there[number])) for number in sorted(there)]
            return b"".join((b"+OK\r\n", *rows, b".\r\n")), ()
        if verb in ("NOOP", "RSET"):
            return b"+OK\r\n", ()
        number = _number(line)
        message = there.get(number)
        if message is None:
            return b"-ERR no such message\r\n", ()
        if verb in ("LIST", "UIDL"):
            return b"+OK %d %s\r\n" % (number, _told(verb, number, message)), ()
        return (b"+OK deleted\r\n", ()) if verb == "DELE" else _carried(verb, line, message)

    # ── what the record tells ──

    def _learn(self, verb: str, argument: bytes, answer: Answered) -> None:
        match verb:
            case "STAT" if status := _STATUS.match(answer.last):
                for number in range(1, min(int(status[1]), MOST) + 1):
                    self._known(number)
            case "LIST" | "UIDL":
                for line in answer.lines[0:1] if argument else answer.lines[1:]:
                    if row := _ROW.match(line):
                        message, word = self._known(int(row[1])), row[2].decode("ascii")
                        if verb == "UIDL":
                            message.name = word
                        elif word.isdecimal():
                            message.size = int(word)
            case "RETR" if number := _number(b"RETR " + argument):
                message = self._known(number)
                if answer.contents:
                    message.content = Content(b"".join(content.whole() for content in answer.contents))
                if message.size is None and (size := _SIZE.match(answer.last)):
                    message.size = int(size[1])

    def _known(self, number: int) -> _Known:
        return self._messages.setdefault(number, _Known())


def _number(line: bytes) -> int:
    """The number of a message in a command, 0 for none."""
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) < 10 else 0


def _told(verb: str, number: int, message: _Known) -> bytes:
    """What LIST or UIDL says of a message."""
    return (message.name or f"record-{number}").encode() if verb == "UIDL" else str(message.octets).encode()


def _carried(verb: str, line: bytes, message: _Known) -> StrictRequest:
    """RETR, and TOP: the header, the empty line, and so many lines of the text."""
    if message.content is None:
        return b"-ERR [SYS/TEMP] the record does not have this message\r\n", ()
    if verb == "RETR":
        return b"+OK %d octets\r\n.\r\n" % message.octets, (message.content,)
    words = line.split()
    if len(words) < 3 or not words[2].isdigit():
        return b"-ERR TOP takes a message and a number of lines\r\n", ()
    header, empty, text = message.content.whole().partition(b"\r\n\r\n")
    lines = text.split(b"\r\n")[:-1]
    beginning = header + empty + b"".join(one + b"\r\n" for one in lines[: int(words[2][:9])])
    return b"+OK\r\n.\r\n", (Content(beginning),)
