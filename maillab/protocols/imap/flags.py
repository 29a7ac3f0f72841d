"""Flags: the six that RFC 9051 §2.3.2 defines, and keywords, which are anybody's words.

Rules for this file: a flag is a `str`; system flags are written as here, whatever case they came in, and so are the
keywords that the registry of RFC 5788 knows. Other keywords stay as they were said; two are one if only case differs.
"""

import re
from collections.abc import Iterable

from maillab.protocols.imap.lexer import BadSyntax

SEEN, ANSWERED, FLAGGED, DELETED, DRAFT = "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"
RECENT = "\\Recent"  # of RFC 3501 §2.3.2: told, never set
SYSTEM_FLAGS = (ANSWERED, FLAGGED, DELETED, SEEN, DRAFT)
KEYWORDS = ("$Forwarded", "$MDNSent", "$Junk", "$NotJunk", "$Phishing", "$Important", "$SubmitPending", "$Submitted")
KEYWORD_OCTETS = 100  # a longer one is refused

_KNOWN = {flag.lower(): flag for flag in (*SYSTEM_FLAGS, *KEYWORDS)}
_KEYWORD = re.compile(r"""[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+""")


def parse_flag(octets: bytes) -> str:
    """Read a flag that a client sets or asks for. Raises `BadSyntax`.

    >>> parse_flag(b"\\\\SEEN"), parse_flag(b"$forwarded"), parse_flag(b"Work")
    ('\\\\Seen', '$Forwarded', 'Work')
    """
    text = octets.decode("ascii", "replace")
    if known := _KNOWN.get(text.lower()):
        return known
    if text.startswith("\\"):
        raise BadSyntax("There is no such system flag, or it cannot be set")  # RFC 9051 §2.3.2
    if not is_keyword(text):
        raise BadSyntax("That cannot be a keyword")
    return text


def parse_flags(words: Iterable[bytes]) -> tuple[str, ...]:
    """Read flags, each named once. Raises `BadSyntax`."""
    flags: dict[str, str] = {}
    for word in words:
        flag = parse_flag(word)
        flags.setdefault(flag.lower(), flag)
    return tuple(flags.values())


def is_keyword(text: str) -> bool:
    """Can this be a keyword: an atom of at most 100 octets (RFC 9051 §9)?

    >>> is_keyword("Work"), is_keyword("a b"), is_keyword("x" * 101)
    (True, False, False)
    """
    return len(text) <= KEYWORD_OCTETS and bool(_KEYWORD.fullmatch(text))


def in_order_of_flags(flags: Iterable[str]) -> list[str]:
    """Flags as they are told: those of the system first, then keywords by name."""
    told = set(flags)
    return [flag for flag in (*SYSTEM_FLAGS, RECENT) if flag in told] + sorted(
        flag for flag in told if not flag.startswith("\\")
    )
