"""The same for talks in which commands have tags: a password after LOGIN may be a word, quoted, or come as a literal.

Rules for this file: as those of `secrets.py`. What announces a literal stays readable, or nobody could follow the talk.
"""

import re

from maillab.protocols.follower import NOTHING
from maillab.protocols.imap.protocol import IMAP
from maillab.protocols.imap.spoken import literal_of
from maillab.protocols.protocol import Protocol
from maillab.protocols.secrets import ODD, Secrets, is_nearly

_LOGIN = re.compile(rb"(?is)[ \t]*(?:\S+[ \t]+)?login(?:[ \t]+(.*)|\Z)")
_USER = re.compile(rb'(?s)(?:"(?:[^"\\]++|\\.)*+"|[^\s"{]++)[ \t]+(?=\S)')
_AUTHENTICATE = re.compile(rb"(?is)[ \t]*(?:\S+[ \t]+)?authenticate(?:[ \t]+(.*)|\Z)")
_MECHANISM = re.compile(rb"(?:[A-Z0-9_-]{1,20}|[a-z0-9_-]{1,20})(?:[ \t]+=?|\Z)")  # in one case: base64 mixes them
_WORDS = re.compile(rb"[ \t]*\S+[ \t]+(?:(?i:uid)[ \t]+)?(\S+)")
_FIRST_OR_SECOND = re.compile(rb"(?s)[ \t]*(?:\S+[ \t]+)??([A-Za-z]{3,14})[ \t]+(\S.*)")
_TAG = re.compile(rb"[ \t]*\S+[ \t]+")
_ALONE = (b"", b"*", b"DONE")
_OPEN = frozenset(row.name.encode() for row in IMAP.verbs.values() if not row.login)
_CLOSED = tuple(row.name.encode() for row in IMAP.verbs.values() if row.login)
_FINISHED = re.compile(rb"(?i)[^ *+][^ ]* (OK|NO|BAD)(?=[ \r\n]|\Z)")
_MARKER = re.compile(rb"~?\{[0-9]+\+?\}\Z")


def secrets_of(protocol: Protocol) -> Secrets:
    """What finds the secrets in a talk of this protocol."""
    return Secrets() if protocol.tag_of is None else TaggedSecrets()


class TaggedSecrets(Secrets):
    """Follows one talk, as `Secrets` does.

    >>> talk = TaggedSecrets()
    >>> line = b"a1 LOGIN bob secret\\r\\n"
    >>> start, end = talk.client(line); line[start:end]
    b'secret'
    >>> talk.client(b"a2 LOGIN bob {6}\\r\\n"), talk.client(b"secret\\r\\n")
    ((0, 0), (0, 6))
    """

    def __init__(self) -> None:
        super().__init__()
        self._within = False  # a login whose literal goes on
        self._left = 0  # octets of that literal

    def client(self, line: bytes) -> tuple[int, int]:
        """The slice of this client line that is secret."""
        if self._within or self._challenged:
            return self.answer(line)
        words = line.rstrip(b"\r\n")
        if words.upper() in _ALONE:
            return self._pointed(len(words), len(words))
        if ODD.search(words):
            return super().client(line)
        if login := _LOGIN.match(words):
            self._decisive = self._logging_in = True
            self._await(line)
            return self._of_login(words, login)
        if login := _AUTHENTICATE.match(words):
            self._decisive = self._logging_in = True
            start, mechanism = max(0, login.start(1)), _MECHANISM.match(login[1] or b"")
            return self._pointed(start + mechanism.end() if mechanism else start, len(words))
        command = _WORDS.match(words)
        if command and command[1].upper() in _OPEN:
            self._decisive, self._torn = False, False
            return self._pointed(len(words), len(words))
        return self._unusual(line, words)

    def _await(self, line: bytes) -> None:
        """The login goes on in the next line, if this one ends with a literal."""
        literal = literal_of(line)
        self._within, self._left = literal is not None, literal.octets if literal is not None else 0

    def _of_login(self, words: bytes, login: "re.Match[bytes]") -> tuple[int, int]:
        """The password; all that was said, where a name and a password cannot be told apart."""
        marker = _MARKER.search(words, max(0, words.rfind(b"{") - 1)) if self._within else None
        end = marker.start() if marker else len(words)
        start = login.start(1) if login[1] else len(words)
        user = _USER.match(words, start, len(words))
        if user is not None and user.end() >= end:
            return self._pointed(end, end)  # the password is the literal
        return self._pointed(user.end() if user else start, end)

    def _unusual(self, line: bytes, words: bytes) -> tuple[int, int]:
        """No command of IMAP: what another protocol's would be, with or without a tag, or a slip of the pen."""
        near = _FIRST_OR_SECOND.match(words)
        if near and any(is_nearly(near[1], right) for right in _CLOSED):
            self._decisive = self._logging_in = True
            return self._pointed(near.start(2), len(words))
        start, end = super().client(line)
        tag = _TAG.match(words)
        if start < end or tag is None:
            return start, end
        behind, _ = super().client(line[tag.end() :])
        return self._pointed(tag.end() + behind if self._hidden else len(words), len(words))

    def _pointed(self, start: int, end: int) -> tuple[int, int]:
        self._hidden = start < end
        return (start, end) if self._hidden else NOTHING

    def torn(self) -> None:
        """A message ends anywhere in a line, and what follows it there belongs to its command."""

    def answer(self, line: bytes) -> tuple[int, int]:
        """A line that is secret as a whole: a response of a login, or the rest of one behind a literal."""
        if not self._within:
            return super().answer(line)
        behind = line[self._left :]
        self._left = max(0, self._left - len(line))
        words = line.rstrip(b"\r\n")
        if not behind:
            return self._pointed(0, len(words))
        self._await(behind)
        marker = _MARKER.search(words, max(0, words.rfind(b"{") - 1)) if self._within else None
        return self._pointed(0, marker.start() if marker else len(words))

    @property
    def expects_none(self) -> bool:
        """As `Secrets` says."""
        return not (self._logging_in or self._decisive or self._within)

    def server(self, line: bytes) -> tuple[int, int]:
        """The slice of this server line that is secret."""
        if self.expects_none:
            return NOTHING  # so most lines are heard
        proof = super().server(line)
        finished = _FINISHED.match(line)
        if self._within:
            self._challenged, self._within = False, finished is None
        if finished and finished[1].upper() == b"OK":
            self._logging_in = self._logging_in and not self._decisive
        return proof
