"""How a message is told: in a list, and opened. From what lies in the inboxes to the shapes of the answers.

Blocking: it may read files.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from maillab.client.fields import Mailbox
from maillab.client.read import Attached, Readable, read
from maillab.mail.content import Content
from maillab.mail.dates import moment
from maillab.web.caught import CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.digests import MessageDigest, sorted_parts
from maillab.web.head import sender_of
from maillab.web.mailpit.shapes import (
    Addressed,
    Checksums,
    File,
    HeaderValues,
    ListedMessage,
    Page,
    Unsubscribing,
    Whole,
)
from maillab.web.numbers import whole_number
from maillab.web.tags import tags_of

_LINK = re.compile(r"<([^<>]*)>")


def page(
    context: HttpContext, meant: Sequence[CaughtMessage], start: int, limit: int, everything: Sequence[CaughtMessage]
) -> Page:
    """A part of the messages that were meant, among all that there are. Raises `OSError`."""
    shown = summaries(context, meant[start : start + limit])
    unread = sum(not message.is_read for message in everything)
    return Page(
        total=len(everything),
        unread=unread,
        count=len(shown),
        messages_count=len(meant),
        messages_unread=unread if meant is everything else sum(not message.is_read for message in meant),
        start=start,
        tags=all_tags(everything),
        messages=shown,
    )


def all_tags(messages: Iterable[CaughtMessage]) -> list[str]:
    """Every tag that a message has, sorted."""
    return sorted({*tags_of(frozenset[str]().union(*(message.keywords for message in messages)))})


def summaries(context: HttpContext, messages: Iterable[CaughtMessage]) -> list[ListedMessage]:
    """Messages in a list, but for those that have gone meanwhile. Raises `OSError`."""
    told = []
    for message in messages:
        with suppress(NoSuchMessage):
            told.append(summary(context, message))
    return told


def summary(context: HttpContext, message: CaughtMessage) -> ListedMessage:
    """A message in a list. Raises `NoSuchMessage`, `OSError`."""
    digest = context.digest(message)
    named = (*digest.to, *digest.cc, *digest.bcc)
    return ListedMessage(
        id=message.id,
        message_id=digest.message_id,
        read=message.is_read,
        sender=_first(digest.sender),
        to=_people(digest.to),
        cc=_people(digest.cc),
        bcc=[*_people(digest.bcc), *_unnamed(message.recipients, named)],
        reply_to=_people(digest.reply_to),
        subject=digest.subject,
        created=written(message.created),
        username="",
        tags=tags_of(message.keywords),
        size=message.size,
        attachments=digest.files,
        snippet=digest.snippet,
    )


class MessageInQuestion:
    """A message as a query sees it: what is not asked for is not worked out."""

    __slots__ = ("_message", "digest")

    def __init__(self, digest: MessageDigest, message: CaughtMessage) -> None:
        self.digest = digest
        self._message = message

    @property
    def bcc(self) -> tuple[str, ...]:
        """Whom no field names."""
        digest = self.digest
        unnamed = _unnamed(self._message.recipients, (*digest.to, *digest.cc, *digest.bcc))
        return tuple(person.address for person in unnamed)

    @property
    def is_read(self) -> bool:
        """Has every recipient read it?"""
        return self._message.is_read

    @property
    def tags(self) -> frozenset[str]:
        """Its tags."""
        return frozenset(tags_of(self._message.keywords))

    @property
    def created(self) -> float:
        """When it was stored."""
        return self._message.created

    @property
    def size(self) -> int:
        """Octets."""
        return self._message.size


def whole(context: HttpContext, message: CaughtMessage, octets: bytes) -> Whole:
    """A message that is opened. Raises `NoSuchMessage`, `OSError`."""
    opened, listed = read(octets), summary(context, message)
    at = moment(opened.header("Date"))
    inline, files = sorted_parts(opened)
    return Whole(
        id=message.id,
        message_id=listed.message_id,
        sender=listed.sender,
        to=listed.to,
        cc=listed.cc,
        bcc=listed.bcc,
        reply_to=listed.reply_to,
        return_path=sender_of(Content(octets).head()),
        subject=listed.subject,
        list_unsubscribe=unsubscribing(opened),
        date=written(message.created if at is None else at),
        tags=listed.tags,
        username="",
        text=opened.text,
        html=opened.html,
        size=listed.size,
        inline=[_file(number, part) for number, part in inline],
        attachments=[_file(number, part) for number, part in files],
    )


def part(octets: bytes, part_id: str) -> Attached:
    """One of the files of a message, by the number that `whole` gives it. Raises `LookupError`."""
    files = read(octets).attachments
    number = whole_number(part_id) or 0
    if not 0 < number <= len(files):
        raise LookupError(part_id)
    return files[number - 1]


def headers(octets: bytes) -> HeaderValues:
    """Every field of the header by its name, in Go's spelling, which is what clients look for.

    >>> headers(b"subject: Hi\\r\\nMIME-Version: 1.0\\r\\n\\r\\n")
    {'Subject': ['Hi'], 'Mime-Version': ['1.0']}
    """
    fields: HeaderValues = {}
    for name, value in read(octets).headers:
        fields.setdefault("-".join(word.capitalize() for word in name.split("-")), []).append(value)
    return fields


def unsubscribing(opened: Readable) -> Unsubscribing:
    """What a message says of leaving its list: one address and one link in angle brackets (RFC 2369 §3.2)."""
    header = opened.header("List-Unsubscribe")
    links: list[str] = []
    errors: list[str] = []
    if header and not (found := _LINK.findall(header)):
        errors.append(f'"{header}" no valid unsubscribe links found')
    for link in found if header else ():
        scheme = link.partition(":")[0].lower()
        if " " in link:
            errors.append(f'"{link}" should not contain spaces')
        elif scheme not in ("mailto", "http", "https"):
            errors.append(f'"{link}" should start with either http(s):// or mailto:')
        elif (scheme == "mailto") in [other.lower().startswith("mailto:") for other in links]:
            errors.append(f'"{header}" should include a maximum of one email and one HTTP link')
        else:
            links.append(link)
    return Unsubscribing(header, links, ", ".join(errors), opened.header("List-Unsubscribe-Post"))


def written(at: float) -> str:
    """A moment as RFC 3339 writes it, in UTC.

    >>> written(0.5)
    '1970-01-01T00:00:00.500Z'
    """
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _file(number: int, attached: Attached) -> File:
    octets = attached.octets
    sums = Checksums(
        hashlib.md5(octets, usedforsecurity=False).hexdigest(),
        hashlib.sha1(octets, usedforsecurity=False).hexdigest(),
        hashlib.sha256(octets).hexdigest(),
    )
    return File(str(number), attached.name, attached.type, attached.cid, len(octets), sums)


def _people(people: Iterable[Mailbox]) -> list[Addressed]:
    return [Addressed(person.name, str(person.address)) for person in people]


def _first(people: Sequence[Mailbox]) -> Addressed | None:
    return _people(people)[0] if people else None


def _unnamed(addresses: Iterable[str], named: Iterable[Mailbox]) -> list[Addressed]:
    """Recipients of the envelope whom no field names: those of Bcc."""
    known = {str(person.address).lower() for person in named}
    return [Addressed("", address) for address in dict.fromkeys(addresses) if address and address.lower() not in known]
