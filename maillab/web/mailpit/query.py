"""Mailpit's language of search: words and quoted phrases, each of which must be so; - or ! before one turns it round.

    to:bob subject:"your code" -from:alice is:unread has:attachment after:2026-01-31 larger:10K

Quiet. Letters have no case, and a term is part of what it is looked for in. A term that says nothing (`to:`), or a date
that is none, is passed over, as there.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from maillab.client.fields import Mailbox
from maillab.web.digests import MessageDigest

_WORD = re.compile(r'(?:[^" ]|"[^"]*(?:"|\Z))+')
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)([KMG]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
MOST = 100  # terms that are looked at


class Candidate(Protocol):
    """A message as a query sees it: `created` in seconds since 1970, `size` in octets. Of most, little is asked."""

    @property
    def digest(self) -> MessageDigest:
        """What it says."""
        ...

    @property
    def bcc(self) -> tuple[str, ...]:
        """For whom it was, and no field names them."""
        ...

    @property
    def is_read(self) -> bool:
        """Has every recipient read it?"""
        ...

    @property
    def tags(self) -> frozenset[str]:
        """Its tags."""
        ...

    @property
    def created(self) -> float:
        """When it was stored."""
        ...

    @property
    def size(self) -> int:
        """How large it is."""
        ...


MessageTest = Callable[[Candidate], bool]


class Query:
    """A query that was read.

    >>> len(Query('to:"bob" to: -hello').tests)
    2
    """

    def __init__(self, text: str, zone: str = "") -> None:
        self.tests = tuple(filter(None, (_test(word, _zone(zone)) for word in _words(text))))

    def means(self, message: Candidate) -> bool:
        """Is it asked for?"""
        for test in self.tests:  # noqa: SIM110 - asked of ten thousand: `all` would cost as much as a test
            if not test(message):
                return False
        return True


def _words(text: str) -> Iterable[str]:
    words = (word.replace('"', "").strip() for word in _WORD.findall(text))
    return [word for word in words if word][:MOST]


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (LookupError, ValueError, OSError):
        return UTC


def _test(word: str, zone: tzinfo) -> MessageTest | None:
    bare = word.lstrip("-!") or word[-1]
    if turns := len(word) - len(bare):
        inner = _test(bare, zone)
        return inner if inner is None or turns % 2 == 0 else lambda message: not inner(message)
    name, colon, value = word.lower().partition(":")
    value = value.strip()
    if not colon:
        return _anywhere(word)
    if name in _PEOPLE:
        people = _PEOPLE[name]
        return (lambda message: value in people(message)) if value else None
    if name in _STATES:
        return _STATES[name].get(value) or _anywhere(word)
    if name in _MOMENTS:
        return _moment(name, value, zone)
    if name in _SIZES and (size := _SIZE.fullmatch(value)):
        return _by_size(name, float(size[1]) * _UNITS[size[2].upper()])
    if name in _TEXTS:
        of = _TEXTS[name]
        return (lambda message: value in of(message)) if value else None
    if name == "tag":
        return (lambda message: value in {tag.lower() for tag in message.tags}) if value else None
    return _anywhere(word)


def _anywhere(word: str) -> MessageTest:
    wanted = word.lower()
    return lambda message: wanted in message.digest.words


def _named(people: Iterable[Mailbox]) -> str:
    return "\n".join(f"{person.name} {person.address}" for person in people).lower()


def _everybody(message: Candidate) -> str:
    digest = message.digest
    return "\n".join(
        [_named((*digest.sender, *digest.to, *digest.cc, *digest.bcc, *digest.reply_to)), *message.bcc]
    ).lower()


def _by_size(name: str, octets: float) -> MessageTest:
    if name == "larger":
        return lambda message: message.size > octets
    return lambda message: message.size < octets


def _moment(name: str, value: str, zone: tzinfo) -> MessageTest | None:
    try:
        moment = datetime.fromisoformat(value.upper().replace("/", "-"))
    except ValueError:
        return None
    at = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
    if name == "after":
        return lambda message: message.created >= at
    return lambda message: message.created <= at


_PEOPLE: dict[str, Callable[[Candidate], str]] = {
    "to": lambda message: _named(message.digest.to),
    "from": lambda message: _named(message.digest.sender),
    "cc": lambda message: _named(message.digest.cc),
    "bcc": lambda message: "\n".join([_named(message.digest.bcc), *message.bcc]).lower(),
    "reply-to": lambda message: _named(message.digest.reply_to),
    "addressed": _everybody,
}
_TEXTS: dict[str, Callable[[Candidate], str]] = {
    "subject": lambda message: message.digest.subject.lower(),
    "message-id": lambda message: message.digest.message_id.lower(),
}
_STATES: dict[str, dict[str, MessageTest]] = {
    "is": {
        "read": lambda message: message.is_read,
        "unread": lambda message: not message.is_read,
        "tagged": lambda message: bool(message.tags),
    },
    "has": {
        "attachment": lambda message: message.digest.files > 0,
        "attachments": lambda message: message.digest.files > 0,
        "inline": lambda message: message.digest.inline > 0,
        "inlines": lambda message: message.digest.inline > 0,
    },
}
_MOMENTS = {"after", "before"}
_SIZES = {"larger", "smaller"}
