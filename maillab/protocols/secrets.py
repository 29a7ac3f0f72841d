"""Where in a talk the secrets are: a follower that hears both sides and points at what must not be written down.

Rules for this file: it reads the words only, and errs on the side of hiding: what may be a secret is struck out to the
end of its line, whatever control characters stand in it. It serves SMTP and POP3 alike; for IMAP, which has tags and
literals, `tagged_secrets.py` adds to it.
"""

import re

from maillab.protocols.follower import NOTHING
from maillab.protocols.pop3 import POP3
from maillab.protocols.smtp import SMTP

_LOGIN = re.compile(rb"(?is)[^A-Za-z]*(?:x?auth[ \t]+[A-Za-z0-9_-]+|apop[ \t]+\S+)[ \t]+(\S.*)")
_PASS = re.compile(rb"(?is)[^A-Za-z]*pass[^\w\r\n]*(.+)")
_USER = re.compile(rb"(?is)[ \t]*user[ \t]+[^ \t]+[ \t]+(\S.*)")  # a name has no blanks: what follows is a password
_IMAP = re.compile(rb"(?is)(?:\S+[ \t]+)?(?:login|authenticate)[ \t]+(.+)")  # said to the wrong door
_SASL = re.compile(  # behind whatever word
    rb"(?is)(?:\S+[ \t]+)?(?:plain|login|anonymous|external|ntlm|gssapi|xoauth2|oauthbearer"
    rb"|(?:cram|digest)-md5|scram-\S+)[ \t]+(\S.*)"
)
_AUTH = re.compile(rb"(?is)[^A-Za-z]*x?auth(.*)")
_MECHANISM = re.compile(  # in one case: base64 mixes them
    rb"(?:[ \t]+(?:[A-Z0-9_-]{1,20}|[a-z0-9_-]{1,20}))?[ \t]*(?:=[ \t]*)?\Z"
)
ODD = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # controls, a bare CR too: nobody knows where the command ends
_GLUED = re.compile(rb"(?is)(?:auth[ \t]+[a-z0-9_-]+|pass)[ \t]+(\S.*)")  # to a command whose line end was forgotten
_GLUED_LOGIN = re.compile(rb"(?i)\Sauth[ \t]+[a-z0-9_-]+[ \t]*\Z")  # likewise; the answers come in the next lines
_UNUSUAL = re.compile(rb"(?i)[\x00-\x08\x0a-\x1f\x7f]|(?:auth|pass)[ \t]")
_SUSPICIOUS = re.compile(rb"(?i)auth|pass|apop|login|user")
_WORD_AND_REST = re.compile(rb"(?s)[ \t]*([A-Za-z]{2,7})[ \t]+(\S.*)")
_BEGUN = re.compile(rb"(?i)[ \t]*user[ \t]")  # what is typed next without PASS is a password all the same
_CHALLENGE = re.compile(rb"(?:334|\+)(?:[ \r\n]|\Z)")
_PROOF = re.compile(  # RFC 5802 §3: v=..., of which a weak password can be guessed; dj0 to dj3 is its base64
    rb"(?:[0-9]{3}[ -]|\+(?:OK)?[ ])(?:[0-9.]+[ ])?(dj[0-3][A-Za-z0-9+/]{20,}=*)"
)
_ROWS = (*SMTP.verbs.values(), *POP3.verbs.values())
_OPEN = [row.name.encode() for row in _ROWS if not row.login]
_KNOWN = re.compile(rb"(?i)[ \t]*(?:" + b"|".join(_OPEN) + rb")(?=[ \t\r\n]|\Z)")
_OFTEN = frozenset(row.name.encode() for row in _ROWS if len(row.name) == 4 and not row.login) - {b"USER"}
_FOREIGN = frozenset((b"GET", b"PUT", b"POST", b"PATCH"))  # of HTTP
_SLIPS = 2  # messages by which a word may differ from one that a password follows


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
        self._hidden = False  # there is a secret in the client's last line
        self._torn = False  # the beginning of the client's next line was taken for something else

    def client(self, line: bytes) -> tuple[int, int]:
        """The slice of this client line that is secret, always up to its end; `NOTHING` where none is."""
        if self._challenged:
            return self.answer(line)
        if line[:4] in _OFTEN and line[4:5] in (b" ", b"\r") and not _UNUSUAL.search(line.rstrip(b"\r\n")):
            self._decisive = self._hidden = self._torn = False
            return NOTHING
        words = line.rstrip(b"\r\n")
        start = len(words) if words == b"." else self._start(words)  # a lone dot is the end of a message
        self._hidden = start < len(words)
        return (start, len(words)) if self._hidden else NOTHING

    def torn(self) -> None:
        """The beginning of the client's next line went elsewhere: what is no command may be the end of a password."""
        self._torn = True

    def more(self, piece: bytes) -> tuple[int, int]:
        """The same for more octets of the last line."""
        return (0, len(piece.rstrip(b"\r\n"))) if self._hidden else NOTHING

    def answer(self, line: bytes) -> tuple[int, int]:
        """The same for a line that answers a challenge: all of it, unless it gives up or is empty."""
        self._challenged, self._decisive, self._logging_in = False, True, True
        self._hidden = line.strip() not in (b"*", b"")
        return (0, len(line.rstrip(b"\r\n"))) if self._hidden else NOTHING

    def _start(self, words: bytes) -> int:
        """Where the secret of a command begins, the end of the line when there is none."""
        torn, self._torn = self._torn, bool(_GLUED_LOGIN.search(words))
        if ODD.search(words) and (start := _in_pieces(words)) is not None:
            before, self._decisive, self._logging_in = self._logging_in or torn, True, True
            return 0 if before and not _KNOWN.match(words) else start
        if _KNOWN.match(words):
            self._decisive = False
            self._logging_in = self._logging_in or bool(_BEGUN.match(words))
            match = _USER.match(words) or _GLUED.search(words)
            return match.start(1) if match else len(words)
        if match := _LOGIN.match(words) or _PASS.match(words) or _IMAP.match(words):
            self._decisive = self._logging_in = True
            return len(words) if match[1].strip() == b"=" else match.start(1)
        if match := _AUTH.match(words):
            self._decisive = self._logging_in = True
            return len(words) if _MECHANISM.match(match[1]) else match.start(1)
        if match := _SASL.match(words) or _GLUED.search(words) or _misspelt(words):
            self._decisive = self._logging_in = True
            return match.start(match.re.groups)
        self._decisive, self._logging_in = False, self._logging_in or torn
        return 0 if self._logging_in else len(words)  # a password typed where a command belongs (T308)

    @property
    def expects_none(self) -> bool:
        """May the server's next lines be anything: is no secret in them, and does nothing follow from them?"""
        return not (self._logging_in or self._decisive)

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


def _in_pieces(words: bytes) -> int | None:
    """Where the secret of a line with control characters begins; None where it cannot hold one."""
    if match := _SUSPICIOUS.search(words):
        if not re.search(rb"[A-Za-z]", words[: match.start()]):
            return match.end()
        return command.end() if (command := _KNOWN.match(words)) else 0
    return 0 if any(_SASL.match(piece) or _misspelt(piece) for piece in ODD.split(words)) else None


def _misspelt(words: bytes) -> "re.Match[bytes] | None":
    """A word that somebody may have meant for AUTH, PASS or APOP, and what follows it."""
    match = _WORD_AND_REST.match(words)
    if not match or (word := match[1].upper()) in _FOREIGN:
        return None
    return match if any(is_nearly(word, right) for right in (b"AUTH", b"PASS", b"APOP")) else None


def is_nearly(word: bytes, right: bytes) -> bool:
    """May somebody have meant this word?"""
    return _slips(word.upper(), right) <= _SLIPS


def _slips(one: bytes, other: bytes) -> int:
    """How many letters were left out, added, changed or exchanged with their neighbour.

    >>> _slips(b"AUHT", b"AUTH"), _slips(b"PSAS", b"PASS"), _slips(b"EHLOO", b"AUTH")
    (1, 1, 5)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, wanted in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = above
    return row[-1]
