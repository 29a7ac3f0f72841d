"""Names of mailboxes: modified UTF-7 (RFC 3501 §5.1.3), UTF-8 (RFC 6855 §3, RFC 9051 §5.1), INBOX, patterns of LIST.

Rules for this file: inside, a name is a `str` with / between its levels; how it is said is the wire's affair. What a
name means on a disk is not this file's affair at all.
"""

import binascii
import re

from maillab.protocols.imap.lexer import BadSyntax

SEPARATOR = "/"  # between the levels of a name
INBOX = "INBOX"
NAME_OCTETS = 1_000  # a longer one is refused when it is read

_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")
_TO_SHIFT = re.compile(r"[^ -~]+|&")
_WILD = re.compile(r"[*%]+")


def decode_utf7(octets: bytes) -> str:
    """Modified UTF-7 as text. Raises `BadSyntax` for what `encode_utf7` would never write (RFC 3501 §5.1.3).

    >>> decode_utf7(b"Th&AbA- &- m&HuU-c")
    'Thư & mục'
    """
    pieces: list[str] = []
    at = 0
    for match in _SHIFTED.finditer(octets):
        pieces += (_plain(octets[at : match.start()]), _shifted(match[1]))
        at = match.end()
    text = "".join([*pieces, _plain(octets[at:])])
    if encode_utf7(text) != octets:
        raise BadSyntax("A mailbox name is not said in its only form of modified UTF-7")
    return text


def encode_utf7(name: str) -> bytes:
    """Text as modified UTF-7.

    >>> encode_utf7("Thư & mục")
    b'Th&AbA- &- m&HuU-c'
    """
    return _TO_SHIFT.sub(lambda run: _shift(run[0]), name).encode("ascii")


def parse_mailbox(octets: bytes, *, utf8: bool = False) -> str:
    """Read a mailbox's name: UTF-8 where any octet is not ASCII, or where `utf8` was enabled, else modified UTF-7.

    INBOX may come in any case, also as the first level of a name (RFC 9051 §5.1). What is not even modified UTF-7 is
    read as it stands, as an R&D is. Raises `BadSyntax`.

    >>> parse_mailbox(b"inbox"), parse_mailbox(b"Inbox/x"), parse_mailbox(b"&AbA-"), parse_mailbox(b"R&D")
    ('INBOX', 'INBOX/x', 'ư', 'R&D')
    """
    if len(octets) > NAME_OCTETS:
        raise BadSyntax("A mailbox name is too long")
    if utf8 or not octets.isascii():
        try:
            name = octets.decode("utf-8")
        except UnicodeDecodeError:
            raise BadSyntax("A mailbox name is neither ASCII nor UTF-8") from None
    else:
        try:
            name = decode_utf7(octets)
        except BadSyntax:
            name = octets.decode("ascii")
    first, slash, rest = name.partition(SEPARATOR)
    return (INBOX if first.upper() == INBOX else first) + slash + rest


class NamePattern:
    """A pattern of LIST (RFC 9051 §6.3.9): * stands for anything, % for anything within one level.

    All its places that the name may have reached are the bits of one number, so the time is linear in name and pattern,
    whatever stands in them.

    >>> [name for name in ("INBOX", "a", "a/b", "a/b/c") if NamePattern("a/%").matches(name)]
    ['a/b']
    """

    def __init__(self, pattern: str) -> None:
        text = _WILD.sub(lambda run: "*" if "*" in run[0] else "%", pattern)
        first = INBOX if text.split(SEPARATOR)[0].upper() == INBOX else ""
        text = first + text[len(first) :]
        self._end = 1 << len(text)
        self._stars = sum(1 << at for at, char in enumerate(text) if char == "*")
        self._percents = sum(1 << at for at, char in enumerate(text) if char == "%")
        self._of: dict[str, int] = {}
        for at, char in enumerate(text):
            if char not in "*%":
                self._of[char] = self._of.get(char, 0) | 1 << at

    def matches(self, name: str) -> bool:
        """Is this the name of a mailbox that the pattern stands for?"""
        wild = self._stars | self._percents
        places = self._past(1, wild)
        for char in name:
            stay = places & (self._stars if char == SEPARATOR else wild)
            places = self._past((places & self._of.get(char, 0)) << 1 | stay, wild)
            if not places:
                return False
        return bool(places & self._end)

    @staticmethod
    def _past(places: int, wild: int) -> int:
        """A wildcard may stand for nothing; two never stand side by side."""
        return places | (places & wild) << 1


def _plain(octets: bytes) -> str:
    return octets.decode("ascii", "replace")


def _shifted(base64: bytes) -> str:
    if not base64:
        return "&"
    try:
        padded = base64.replace(b",", b"/") + b"=" * (-len(base64) % 4)
        return binascii.a2b_base64(padded).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        raise BadSyntax("A mailbox name is no modified UTF-7") from None


def _shift(run: str) -> str:
    if run == "&":
        return "&-"
    base64 = binascii.b2a_base64(run.encode("utf-16-be", "replace"), newline=False)
    return f"&{base64.rstrip(b'=').replace(b'/', b',').decode('ascii')}-"
