"""Where in a talk the secrets are: a follower that hears both sides and points at what must not be written down.

Rules for this file: it reads the words only, and errs on the side of hiding. It serves SMTP, POP3 alike.
"""

import re

_LOGIN = re.compile(rb"(?i)[^A-Za-z]*(?:x?auth[ \t]+[A-Za-z0-9_-]+|apop[ \t]+\S+)[ \t]+(\S[^\r\n]*)")
_PASS = re.compile(rb"(?i)[^A-Za-z]*pass[^\w\r\n]*([^\r\n]+)")
_IMAP = re.compile(rb"(?i)(?:\S+[ \t]+)?(?:login|authenticate)[ \t]+([^\r\n]+)")  # said to the wrong door
_AUTH = re.compile(rb"(?i)[^A-Za-z]*x?auth([^\r\n]*)")
_MECHANISM = re.compile(  # in one case: base64 mixes them
    rb"(?:[ \t]+(?:[A-Z0-9_-]{1,20}|[a-z0-9_-]{1,20}))?[ \t]*(?:=[ \t]*)?\Z"
)
_BEGUN = re.compile(rb"(?i)[ \t]*user[ \t]")  # what is typed next without PASS is a password all the same
_CHALLENGE = re.compile(rb"(?:334|\+)(?:[ \r\n]|\Z)")
_PROOF = re.compile(  # RFC 5802 §3: v=..., of which a weak password can be guessed; dj0 to dj3 is its base64
    rb"(?:[0-9]{3}[ -]|\+(?:OK)?[ ])(?:[0-9.]+[ ])?(dj[0-3][A-Za-z0-9+/]{20,}=*)"
)
_KNOWN = re.compile(
    rb"(?i)[ \t]*(?:EHLO|HELO|MAIL|RCPT|DATA|BDAT|RSET|NOOP|QUIT|VRFY|EXPN|HELP|STARTTLS"
    rb"|USER|STAT|LIST|UIDL|RETR|TOP|DELE|CAPA|STLS|UTF8|LANG)(?=[ \t\r\n]|\Z)"
)

_OFTEN = frozenset((b"EHLO", b"MAIL", b"RCPT", b"DATA", b"BDAT", b"RSET", b"NOOP", b"QUIT", b"RETR", b"LIST", b"DELE"))

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
        self._decisive = False  # the client's last line was one that is answered by yes or no to its password

    def client(self, line: bytes) -> tuple[int, int]:
        """The slice of this client line that is secret; `NOTHING` where none is."""
        whole = (0, len(line.rstrip(b"\r\n")))
        if self._challenged:
            self._challenged, self._decisive = False, True
            return NOTHING if line.strip() in (b"*", b"") else whole
        if line.rstrip(b"\r\n") == b".":  # the end of a letter (RFC 5321 §4.1.1.4)
            return NOTHING
        if (line[:4] in _OFTEN and line[4:5] in (b" ", b"\r")) or _KNOWN.match(line):
            self._decisive = False
            self._logging_in = self._logging_in or bool(_BEGUN.match(line))
            return NOTHING
        found = _LOGIN.match(line) or _PASS.match(line) or _IMAP.match(line)
        auth = _AUTH.match(line)
        self._decisive = bool(found or auth)
        if found:
            self._logging_in = True
            start, end = found.span(1)
            return NOTHING if line[start:end].strip() == b"=" else (start, end)
        if auth:
            self._logging_in = True
            return NOTHING if _MECHANISM.match(auth[1]) else auth.span(1)
        return whole if self._logging_in else NOTHING  # a password typed where a command belongs (T308)

    def server(self, line: bytes) -> tuple[int, int]:
        """The slice of this server line that is secret: what it proves (SCRAM). Its words tell what comes next."""
        proof = _PROOF.match(line) if self._logging_in else None
        if self._logging_in:
            self._challenged = bool(_CHALLENGE.match(line))
            if line.startswith(b"235") or (self._decisive and line.startswith(b"+OK")):
                self._logging_in = False
        elif self._decisive and line.startswith(b"-ERR"):
            self._logging_in = True  # the +OK before it was USER's
        return proof.span(1) if proof else NOTHING
