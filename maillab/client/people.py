"""Reading the address fields that strangers wrote: From, To, Cc, Reply-To (RFC 5322 §3.4; obsolete forms, §4.4).

Rules for this file: nothing raises, every step is linear in what it reads, and nothing is decoded before it is known
what it is. What cannot be read as an address is given back as it stands, so that nobody is left out without a word.
"""

import re
from collections.abc import Iterator

from maillab.client.fields import Mailbox
from maillab.mail.address import ATEXT, Address
from maillab.mail.address_list import GroupMark, entries, tight, unquoted
from maillab.mail.decode import WORD, words

NAMED = 200  # characters of what is no address
WORDS = 100  # of an entry without brackets that are looked at

_ROUTE = re.compile(r"\s*@[^\"<>:]*:")  # RFC 5322 §4.4, obs-route
_LOCAL_WORD = re.compile(rf'({ATEXT}+)|"((?:[^"\\]|\\.)*)"')
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
    for entry in entries(value):
        if isinstance(entry, GroupMark):
            continue
        path = entry.path if entry.closed else entry.name
        if not (entry.name + entry.path).strip():
            continue  # nothing, or a comment alone
        if (address := _address(path)) is not None:
            name = entry.name if entry.closed else "".join(entry.comments)
            yield Mailbox(words(unquoted(name), charset).strip(), address)
        elif not entry.closed and (bare := _bare(entry.name)):
            yield from bare
        else:
            yield words(entry.raw, charset).strip()[:NAMED]


def _bare(text: str) -> list[Mailbox | str]:
    """Addresses with words around them, and neither brackets nor commas: against the rules, and plain enough.

    Nobody where there is no address. A word that is none belongs to the name of the first.
    """
    if "@" not in text:
        return []
    addresses = [(word, _address(word)) for word in text.split()[:WORDS] if "@" in word]
    if '"' in text or not any(address for _, address in addresses):
        return []
    name = words(" ".join(word for word in text.split()[:WORDS] if "@" not in word)).strip()
    found: list[Mailbox | str] = []
    for word, address in addresses:
        found.append(Mailbox(name, address) if address is not None else word[:NAMED])
        name = "" if address is not None else name
    return found


def _address(path: str) -> Address | None:
    """An address as RFC 5322 allows it, which is wider than what RFC 5321 lets on the wire."""
    if "@" not in path:
        return None
    route = _ROUTE.match(path)
    path = tight(path[route.end() if route else 0 :].strip())
    try:
        return Address.parse(path)
    except ValueError:
        return _wider(path)


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
