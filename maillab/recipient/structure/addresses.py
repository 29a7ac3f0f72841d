"""The addresses of an envelope: as they are written, nothing decoded, groups with their beginning and end.

What is no address is told as Dovecot tells it, with a word for what is missing: nobody is left out without a word, and
where there is no host a client would see a group (RFC 9051 §7.5.2).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from maillab.mail.address_list import PEOPLE_OCTETS, GroupMark, entries, tight, unquoted
from maillab.mail.decode import octets_of, raw
from maillab.protocols.imap.values import ImapAddress

ADDRESSES = 2_000  # of one field that are told
SHORT = 200  # octets of values that are remembered
WORDS = 100  # of an entry without brackets that are looked at
NO_MAILBOX = b"MISSING_MAILBOX"
NO_HOST = b"MISSING_DOMAIN"

_PLAIN = re.compile(  # as most are
    rb"(?:([A-Za-z0-9]+(?: [A-Za-z0-9]+)*) )?<([\w.+-]+)@([\w.-]+)>|([\w.+-]+)@([\w.-]+)"
)
_ROUTE = re.compile(r"\s*(@[^\"<>:]*):")  # RFC 5322 §4.4, obs-route


def addresses(fields: Iterable[bytes], most: int = ADDRESSES) -> tuple[ImapAddress, ...]:
    """Everybody in these values, but no more than `most`; several fields of one name are read as one.

    >>> addresses([b'"B, Bob" <bob@x.test>', b"team: a@x.test;"])[2]
    ImapAddress(name=None, route=None, mailbox=b'a', host=b'x.test')
    """
    values = list(fields)
    if not values or not most:
        return ()
    value = values[0] if len(values) == 1 else b",".join(values)
    return _remembered(value, most) if len(value) <= SHORT else _read(value, most)


def _read(value: bytes, most: int) -> tuple[ImapAddress, ...]:
    if plain := _PLAIN.fullmatch(value):
        return (ImapAddress(plain[1], None, plain[2] or plain[4], plain[3] or plain[5]),)
    return tuple(islice(_all(raw(value[:PEOPLE_OCTETS])), most))


_remembered = lru_cache(500)(_read)  # the same people write again and again


def _all(value: str) -> Iterator[ImapAddress]:
    for entry in entries(value):
        if isinstance(entry, GroupMark):
            yield ImapAddress.group_end() if entry.name is None else ImapAddress.group(octets_of(entry.name))
        elif entry.closed:
            yield _at(_name(unquoted(entry.name)), entry.path)
        elif (text := (entry.name + entry.path).strip()) and text not in "@.":
            yield from _bare(text, _name(entry.comments[-1] if entry.comments else ""))


def _bare(text: str, comment: bytes | None) -> Iterator[ImapAddress]:
    """An address without brackets, named by its comment; or several with words around them, against the rules."""
    words = tight(text).split()[:WORDS]
    found = [word for word in words if "@" in word.strip("@")]
    if '"' in text or len(words) == 1 or not found:
        yield _at(comment, tight(text))
        return
    name = _name(" ".join(word for word in words if word not in found)) or comment
    for word in found:
        yield _at(name, word)
        name = None


def _at(name: bytes | None, path: str) -> ImapAddress:
    route = _ROUTE.match(path)
    written = tight(path[route.end() if route else 0 :].strip())
    local, at, host = written.rpartition("@")
    if not at:
        local, host = written, ""
    mailbox = octets_of(unquoted(local)) or NO_MAILBOX
    return ImapAddress(name, octets_of(route[1]) if route else None, mailbox, octets_of(host) or NO_HOST)


def _name(text: str) -> bytes | None:
    return octets_of(" ".join(text.split())) or None
