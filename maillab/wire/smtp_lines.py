"""SMTP's command lines as a server reads them: their ends and lengths, and how many bad ones are borne.

Strict where leniency would be a hole: whatever announces content and cannot be read ends the talk, so that content is
never taken for commands.
"""

from collections.abc import Callable
from functools import lru_cache

from maillab.mail.reply import Refused, Reply, refused
from maillab.protocols import smtp
from maillab.wire.smtp_config import SmtpConfig

LINE_OCTETS = smtp.AUTH_OCTETS  # of the longest line that means anything
_FOREIGN = {"GET", "POST", "PUT", "HEAD", "CONNECT", "OPTIONS", "DELETE", "PATCH"}  # a browser is at the wrong port
_HANDSHAKE = b"\x16\x03"  # how TLS begins


class Leave(Exception):  # noqa: N818 - what the server does
    """The server hangs up after this reply (None: without a word)."""

    def __init__(self, reply: Reply | None, why: str = "refused") -> None:
        super().__init__(why)
        self.reply, self.why = reply, why


class CommandLines:
    """Those of one connection. `octets` gives the length of a verb's line at most."""

    def __init__(self, config: SmtpConfig, octets: Callable[[str], int]) -> None:
        self._config = config
        self._octets = octets
        self.crlf = False  # true for ever after the first line that ended with CRLF: a person's nc sends bare LFs
        self._bad: list[str] = []  # what was wrong with each bad line

    def note_end(self, line: bytes) -> None:
        """A line of whatever kind was said."""
        self.crlf = self.crlf or line.endswith(b"\r\n")

    def read(self, line: bytes, tolerate: Callable[[str], None]) -> smtp.SmtpCommand:
        """The command of a line with its ending; `tolerate` hears of each rule that is bent.

        Raises `Refused`, or `Leave` where nothing is certain any more.
        """
        if line.startswith(_HANDSHAKE):
            raise Leave(Reply(500, "5.5.2", ("This is a plain SMTP port; TLS begins with STARTTLS",)))
        try:
            command = self._read(line, tolerate)
        except Refused as error:
            if smtp.announces_chunk(line):  # content follows, of which nobody knows how much
                raise Leave(error.reply) from error
            raise
        if command.verb in _FOREIGN:
            raise Leave(Reply(500, "5.5.1", ("This is SMTP, not HTTP",)))
        return command

    def _read(self, line: bytes, tolerate: Callable[[str], None]) -> smtp.SmtpCommand:
        words = self._without_end(line, tolerate)
        try:
            command = smtp.read_command(words)
        except Refused:
            if words.strip(b" \t"):  # an empty line is only an error, like every unknown command
                self._count("lines that are no commands")
            raise
        if len(line) > self._octets(command.verb):
            raise refused(500, "5.5.2", "Line too long for this command")
        return command

    def _without_end(self, line: bytes, tolerate: Callable[[str], None]) -> bytes:
        """Cut the line end off. A bare LF is borne only on connections that have never sent CRLF (RFC 5321 §2.3.8)."""
        if line.endswith(b"\r\n"):
            return line[:-2]
        if self._config.classroom and not self.crlf:
            tolerate("bare-lf")
            return line[:-1]
        self._count("lines wrongly ended")
        raise refused(500, "5.5.2", "Lines end with CR LF")

    def refuse(self, line: bytes) -> Reply:
        """The answer to a line that is longer than any: its beginning, and its ending if that has come."""
        text = f"Line longer than {LINE_OCTETS} octets"
        if not line.endswith(b"\n"):
            raise Leave(Reply(500, "5.5.2", (f"{text}, and no end of it",)))
        self._count("lines too long")
        if smtp.announces_chunk(line):
            raise Leave(Reply(500, "5.5.2", (text,)))
        return Reply(500, "5.5.2", (text,))

    def _count(self, wrong: str) -> None:
        self._bad.append(wrong)
        if len(self._bad) >= self._config.limits.bad_lines:
            text = f"That is not SMTP: {', '.join(dict.fromkeys(self._bad))}"
            raise Leave(last_word(self._config.hostname, "4.7.0", text))


@lru_cache(256)  # most are said a thousand times
def last_word(hostname: str, enhanced: str, text: str) -> Reply:
    """421, which a server says before it hangs up (RFC 5321 §3.8)."""
    return Reply(421, enhanced, (f"{hostname} {text}",))
