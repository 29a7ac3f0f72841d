"""Where in a talk the secrets are: a follower that hears both sides and points at what must not be written down.

Rules for this file: it reads the words only, and errs on the side of hiding. It serves SMTP, POP3 alike.
"""

import re

_LOGIN = re.compile(rb"(?i)[ \t]*(?:x?auth[ \t]+[A-Za-z0-9_-]+|pass|apop[ \t]+\S+)[ \t]+(\S[^\r\n]*)")
_AUTH = re.compile(rb"(?i)[ \t]*x?auth\b")
_CHALLENGE = re.compile(rb"(?:334|\+)(?:[ \r\n]|\Z)")
_KNOWN = re.compile(
    rb"(?i)[ \t]*(?:EHLO|HELO|MAIL|RCPT|DATA|BDAT|RSET|NOOP|QUIT|VRFY|EXPN|HELP|STARTTLS"
    rb"|USER|STAT|LIST|UIDL|RETR|TOP|DELE|CAPA|STLS|UTF8|LANG)\b"
)

_BEGINNINGS = (b"A", b"a", b"P", b"p", b"X", b"x", b" ", b"\t")

NOTHING = (0, 0)


class Secrets:
    """Follows one talk. `client(line)` and `server(line)` are called for every line, in order.

    >>> talk = Secrets()
    >>> line = b"AUTH PLAIN AGFsaWNlAGFsaWNl\\r\\n"
    >>> start, end = talk.client(line); line[start:end]
    b'AGFsaWNlAGFsaWNl'
    """

    def __init__(self) -> None:
        self._challenged = False  # the client's next line answers a challenge
        self._logging_in = False  # an exchange has begun and has not succeeded

    def client(self, line: bytes) -> tuple[int, int]:
        """The slice of this client line that is secret; `NOTHING` where none is."""
        if not (self._logging_in or line.startswith(_BEGINNINGS)):
            return NOTHING  # most lines of most talks
        whole = (0, len(line.rstrip(b"\r\n")))
        if self._challenged:
            self._challenged = False
            return NOTHING if line.strip() in (b"*", b"") else whole
        found = _LOGIN.match(line)
        if found:
            self._logging_in = True
            start, end = found.span(1)
            return NOTHING if line[start:end].strip() == b"=" else (start, end)
        if _AUTH.match(line):
            self._logging_in = True
            return NOTHING
        if self._logging_in and not _KNOWN.match(line):
            return whole  # a password typed where a command belongs (T308)
        return NOTHING

    def server(self, line: bytes) -> tuple[int, int]:
        """Servers say nothing secret, but their words tell what comes next."""
        if self._logging_in:
            self._challenged = bool(_CHALLENGE.match(line))
            if line.startswith((b"235", b"+OK")):
                self._logging_in = False
        return NOTHING
