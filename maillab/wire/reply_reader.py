"""Reading what an SMTP server answers, strictly: octets to `Reply` values (RFC 5321 §4.2).

Rules for this file: no socket, no clock. What is not a reply is never guessed into one: it ends the talk, and the
message waits. A reply that is read wrongly turns a refusal into a loss.
"""

import os
import re

from maillab.mail.reply import Refused, Reply

LINE_OCTETS = 8_192  # RFC 5321 §4.5.3.1.5 says 512; real servers say more, none says this much
REPLY_OCTETS = 32_768  # all lines of one reply: an EHLO answer has a few hundred octets

_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])([^\r\n\x00]*))?\Z")  # RFC 5321 §4.2.1, and NUL is never text
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |\Z)")  # RFC 2034 §4
_KEYWORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\Z")  # RFC 5321 §4.1.1.1


class LineError(Refused):
    """The talk cannot go on. `stage` says where it stopped, `reply` what that means for the message; `heard` whether
    these are the server's own words, or what we made of its silence.

    Stages: connect, greet, ehlo, tls, auth, mail, rcpt, data, dot (after the end of the content), quit.

    LineError
    ├── Declined        the server said no to what a message needs; `reply` is its own
    ├── Unreachable     nobody answered at that address
    ├── Lost            the connection ended
    ├── TimedOut        an answer did not come in time
    ├── ProtocolError   what came is not SMTP, or answers nothing that was asked
    ├── TlsError        the handshake failed, or the certificate is not the right one
    └── NotOffered      the server lacks an extension that is needed; nothing was said to it
    """

    heard = False

    def __init__(self, stage: str, reply: Reply) -> None:
        super().__init__(reply)
        self.stage = stage


UNENCRYPTED = "No password is sent without TLS"  # what our own clients say


def why_not(error: OSError) -> str:
    """Why there is no connection, in the system's words: asyncio puts its own before them.

    >>> why_not(ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 2525)"))
    'Connection refused'
    """
    if error.errno is not None and error.errno > 0:  # below 0 are the resolver's own numbers, with its own words
        return os.strerror(error.errno)
    return error.strerror or str(error)


class Declined(LineError):  # noqa: N818 - a fact, as the trade says it
    """The server refused the greeting, EHLO, STARTTLS or AUTH; `reply` is the server's."""

    heard = True


class Unreachable(LineError):  # noqa: N818 - a fact, as the trade says it
    """No connection: refused, no route, no such host."""


class Lost(LineError):  # noqa: N818 - a fact, as the trade says it
    """The connection ended before the answer came. At stage `dot` the message may have been accepted all the same.

    `heard` when the server said goodbye: 421.
    """

    def __init__(self, stage: str, reply: Reply) -> None:
        super().__init__(stage, reply)
        self.heard = reply.code == 421


class TimedOut(LineError):  # noqa: N818 - a fact, as the trade says it
    """No answer within the time of this phase (RFC 5321 §4.5.3.2)."""


class ProtocolError(LineError):
    """The server's octets are no reply, or a reply to nothing. Always temporary: 451 4.5.0."""

    def __init__(self, stage: str, why: str) -> None:
        super().__init__(stage, Reply(451, "4.5.0", (f"Protocol error: {why}",)))


class TlsError(LineError):
    """TLS could not be had as asked."""


class NotOffered(LineError):  # noqa: N818 - a fact, as the trade says it
    """The server does not offer what this message or this login needs."""


class ReplyReader:
    """Cuts a stream of octets into replies. What cannot be one becomes `fault`, and nothing is read after it.

    A server that ends its first line with a bare LF may go on so (`bare_lf`). One that changes its line ends may not:
    the other ones come from whoever it quotes, and what follows them is no reply.

    >>> reader = ReplyReader()
    >>> reader.feed(b"250-first\\r\\n25"), reader.feed(b"0 second\\r\\n"), reader.fault
    ([], [Reply(code=250, enhanced='', lines=('first', 'second'))], None)
    """

    def __init__(self) -> None:
        self.fault: ProtocolError | None = None
        self.bare_lf: bool | None = None  # how lines end; unknown before the first
        self._rest = b""
        self._code = b""
        self._lines: list[str] = []
        self._octets = 0

    @property
    def begun(self) -> bool:
        """Octets of a reply that is not complete are held."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that these octets complete."""
        replies: list[Reply] = []
        if self.fault is not None:
            return replies
        *lines, self._rest = (self._rest + data).split(b"\n")
        try:
            for line in lines:
                self._take(line, replies)
            if len(self._rest) > LINE_OCTETS:
                raise ProtocolError("", "a reply line without end")
        except ProtocolError as fault:
            self.fault, self._rest = fault, b""
        return replies

    def _take(self, line: bytes, replies: list[Reply]) -> None:
        if self.bare_lf is None:
            self.bare_lf = not line.endswith(b"\r")
        same = line.endswith(b"\r") is not self.bare_lf
        match = _LINE.match(line.removesuffix(b"\r")) if same else None
        if not match or len(line) > LINE_OCTETS:
            shown = line[:80].decode("utf-8", "backslashreplace").strip()
            raise ProtocolError("", f'"{shown}" is not a reply line')
        code, hyphen, text = match.groups()
        if self._lines and code != self._code:
            raise ProtocolError("", f"the lines of one reply disagree: {self._code.decode()} and {code.decode()}")
        self._octets += len(line) + 1
        if self._octets > REPLY_OCTETS:
            raise ProtocolError("", f"a reply of more than {REPLY_OCTETS} octets")
        self._code = code
        self._lines.append((text or b"").decode("utf-8", "backslashreplace"))
        if hyphen != b"-":
            replies.append(_reply(int(code), self._lines))
            self._lines, self._octets = [], 0


def _reply(code: int, lines: list[str]) -> Reply:
    """The enhanced code is taken out of the text when every line says the same one (RFC 2034 §4)."""
    match = _ENHANCED.match(lines[0])
    if not match or lines[0][0] != str(code)[0]:
        return Reply(code, "", tuple(lines))
    enhanced = match[1]
    if not all(line == enhanced or line.startswith(enhanced + " ") for line in lines):
        return Reply(code, "", tuple(lines))
    return Reply(code, enhanced, tuple(line[len(enhanced) + 1 :] for line in lines))


def extensions(reply: Reply) -> dict[str, str]:
    """What an answer to EHLO offers: keyword in capitals to its parameters. Lines that are no offer are passed over.

    >>> extensions(Reply(250, "", ("mx.recipient.test", "SIZE 1000", "AUTH=LOGIN", "auth PLAIN", "8BITMIME")))
    {'SIZE': '1000', 'AUTH': 'LOGIN PLAIN', '8BITMIME': ''}
    """
    offered: dict[str, str] = {}
    for line in reply.lines[1:]:
        keyword, _, parameters = line.partition(" ")
        if keyword[:5].upper() == "AUTH=":  # before RFC 2554 it was written so
            keyword, parameters = "AUTH", f"{keyword[5:]} {parameters}"
        if not _KEYWORD.match(keyword):
            continue
        key = keyword.upper()
        parameters = parameters.strip()
        if key == "AUTH":
            parameters = " ".join(f"{offered.get(key, '')} {parameters.replace('=', ' ')}".split())
        offered[key] = parameters
    return offered
