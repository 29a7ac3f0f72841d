"""Reading the address fields that strangers wrote: From, To, Cc, Reply-To (RFC 5322 §3.4; obsolete forms, §4.4).

Rules for this file: nothing raises, every step is linear in what it reads, and nothing is decoded before it is known
what it is. What cannot be read as an address is given back as it stands, so that nobody is left out without a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maillab.client.fields import Mailbox
from maillab.mail.address import Address
from maillab.mail.decode import WORD, end_of_comment, words

PEOPLE_OCTETS = 65_536  # of one field of addresses that are read
NAMED = 200  # characters of what is no address
WORDS = 100  # of an entry without brackets that are looked at
ENDLESS = 10  # quotes and brackets that are followed to the end and have none; the others mean nothing

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]"
_PLAIN = re.compile(r'[^"<>,;:()\[=]+')
_LITERAL = re.compile(r"\[[^\[\]\\]*\]")
_ROUTE = re.compile(r"\s*@[^\"<>:]*:")  # RFC 5322 §4.4, obs-route
_SPACED = re.compile(r"\s*([.@])\s*")
_LOCAL_WORD = re.compile(rf'({_ATEXT}+)|"((?:[^"\\]|\\.)*)"')
_DOMAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|\[[!-Z^-~]*\]")


def people(value: str, charset: str = "") -> tuple[Mailbox, ...]:
    """The mailboxes of a field, in order; groups are read as their members. `charset` is that of the message.

    >>> people('"B, Bob" <bob@x.test>, team: a@x.test, =?utf-8?q?C_=3Cevil=40y=3E?= <c@x.test>;')[2]
    Mailbox(name='C <evil@y>', address=Address(local='c', domain='x.test'))
    """
    return tuple(entry for entry in _read(value, charset) if isinstance(entry, Mailbox))


def no_people(value: str, charset: str = "") -> tuple[str, ...]:
    """What stands in such a field and is no address, as it stands there.

    >>> no_people("bob@x.test, everybody, team: ;")
    ('everybody',)
    """
    return tuple(entry for entry in _read(value, charset) if isinstance(entry, str))


def _read(value: str, charset: str) -> Iterator[Mailbox | str]:
    for entry in _entries(value[:PEOPLE_OCTETS]):
        path = entry.path if entry.closed else entry.name
        if not (entry.name + entry.path).strip():
            continue  # nothing, or a comment alone
        if (address := _address(path)) is not None:
            name = entry.name if entry.closed else "".join(entry.comments)
            yield Mailbox(words(_unquoted(name), charset).strip(), address)
        elif not entry.closed and (bare := _bare(entry.name)):
            yield from bare
        else:
            yield words(entry.raw, charset).strip()[:NAMED]


def _bare(text: str) -> list[Mailbox | str]:
    """Addresses with words around them, and neither brackets nor commas: against the rules, and plain enough.

    Nobody where there is no address. A word that is none belongs to the name of the first.
    """
    addresses = [(word, _address(word)) for word in text.split()[:WORDS] if "@" in word]
    if '"' in text or not any(address for _, address in addresses):
        return []
    name = words(" ".join(word for word in text.split()[:WORDS] if "@" not in word)).strip()
    entries: list[Mailbox | str] = []
    for word, address in addresses:
        entries.append(Mailbox(name, address) if address is not None else word[:NAMED])
        name = "" if address is not None else name
    return entries


@dataclass
class _Entry:
    """One mailbox of a list as it is being read; `closed` when it has its address in <>."""

    raw: str = ""
    name: str = ""
    path: str = ""
    comments: list[str] = field(default_factory=list)
    closed: bool = False


def _entries(value: str) -> Iterator[_Entry]:
    entry, angle = _Entry(), False
    for piece in _pieces(value):
        if piece in (",", ";") and not angle:
            yield entry
            entry = _Entry()
            continue
        entry.raw += piece
        if piece in ("<", ">"):
            angle, entry.closed = piece == "<", entry.closed or piece == ">"
        elif piece.startswith("(") and piece.endswith(")"):
            entry.comments.append(piece[1:].removesuffix(")"))
        elif angle:
            entry.path += piece
        elif piece == ":":
            entry = _Entry()  # what stood before was the name of a group
        else:
            entry.name += piece
    yield entry


def _pieces(value: str) -> Iterator[str]:
    """Quoted strings, encoded words, comments and address literals in one piece each, and what is between them.

    A quote or bracket that never ends means nothing: it must not hide whoever stands behind it.
    """
    at, endless = 0, 0
    while at < len(value):
        char, end = value[at], at + 1
        if char in '"(':
            close = _end_of_quote if char == '"' else end_of_comment
            end = close(value, at) if endless < ENDLESS else end
            if end == len(value) and close(value + ('"' if char == '"' else ")"), at) > end:
                endless += 1
                end = at + 1
        elif pattern := {"=": WORD, "[": _LITERAL}.get(char, None if char in '<>,;:()"' else _PLAIN):
            match = pattern.match(value, at)
            end = match.end() if match else end
        yield value[at:end]
        at = end


def _end_of_quote(value: str, at: int) -> int:
    at += 1
    while at < len(value) and value[at] != '"':
        at += 2 if value[at] == "\\" else 1
    return min(at + 1, len(value))


def _address(path: str) -> Address | None:
    """An address as RFC 5322 allows it, which is wider than what RFC 5321 lets on the wire."""
    route = _ROUTE.match(path)
    path = _tight(path[route.end() if route else 0 :].strip())
    try:
        return Address.parse(path)
    except ValueError:
        return _wider(path)


def _tight(path: str) -> str:
    """Without the white space around dots and the at sign (RFC 5322 §4.4); what is quoted stays as it is."""
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', path[:1_000])
    return "".join(piece if at % 2 else _SPACED.sub(r"\1", piece) for at, piece in enumerate(pieces))


def _wider(path: str) -> Address | None:
    """Any words joined by dots before the @ (obs-local-part), any atoms or any literal behind it."""
    local, at, domain = path.rpartition("@")
    if not at or not _DOMAIN.fullmatch(domain) or not path.isprintable() or WORD.search(path):
        return None
    words_of_it = _LOCAL_WORD.sub(lambda word: word[1] or re.sub(r"\\(.)", r"\1", word[2]) or "", local)
    leftover = _LOCAL_WORD.sub("", local)
    if not words_of_it.strip(".") or leftover.strip("."):
        return None
    return Address(words_of_it, domain.lower())


def _unquoted(name: str) -> str:
    return re.sub(r'\\(.)|"', r"\1", name)
