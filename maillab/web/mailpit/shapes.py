"""What is said in JSON under /api/v1/, one type a shape, with Mailpit's names for every field.

Quiet. The description of the API is made from these types (openapi.py).
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

_SPELLED = {"Id": "ID", "MessageId": "MessageID", "Html": "HTML", "ContentId": "ContentID", "PartId": "PartID"}
_SPELLED |= {"Md5": "MD5", "Sha1": "SHA1", "Sha256": "SHA256", "Ids": "IDs", "Smtp": "SMTP"}


def spelled(name: str) -> str:
    """How Mailpit spells the name of a field.

    >>> spelled("message_id"), spelled("reply_to")
    ('MessageID', 'ReplyTo')
    """
    pascal = "".join(word.capitalize() for word in name.split("_"))
    return _SPELLED.get(pascal, pascal)


class Addressed(Struct, frozen=True, rename=spelled):
    """Somebody in an address field."""

    name: str
    address: str


class ListedMessage(Struct, frozen=True, rename=spelled):
    """A message in a list. `created` is when it was stored, as RFC 3339 writes it."""

    id: str
    message_id: str
    read: bool
    sender: Addressed | None = field(name="From")
    to: list[Addressed]
    cc: list[Addressed]
    bcc: list[Addressed]
    reply_to: list[Addressed]
    subject: str
    created: str
    username: str
    tags: list[str]
    size: int
    attachments: int
    snippet: str


class Page(Struct, frozen=True):
    """A part of a list. `messages_count` are all that were meant, `total` all that there are."""

    total: int
    unread: int
    count: int
    messages_count: int
    messages_unread: int
    start: int
    tags: list[str]
    messages: list[ListedMessage]


class Checksums(Struct, frozen=True, rename=spelled):
    """Digests of the octets of a file, in hexadecimal."""

    md5: str
    sha1: str
    sha256: str


class File(Struct, frozen=True, rename=spelled):
    """A file that comes with a message, or a part that is shown in it."""

    part_id: str
    file_name: str
    content_type: str
    content_id: str
    size: int
    checksums: Checksums


class Unsubscribing(Struct, frozen=True, rename=spelled):
    """What a message says of leaving its list (RFC 2369 §3.2, RFC 8058)."""

    header: str
    links: list[str]
    errors: str
    header_post: str


class Whole(Struct, frozen=True, rename=spelled):
    """A message that is opened. `date` is its own, or when it was stored."""

    id: str
    message_id: str
    sender: Addressed | None = field(name="From")
    to: list[Addressed]
    cc: list[Addressed]
    bcc: list[Addressed]
    reply_to: list[Addressed]
    return_path: str
    subject: str
    list_unsubscribe: Unsubscribing
    date: str
    tags: list[str]
    username: str
    text: str
    html: str
    size: int
    inline: list[File]
    attachments: list[File]


class RuntimeStats(Struct, frozen=True, rename=spelled):
    """Since the door was opened: seconds, and messages that were stored and removed."""

    uptime: int
    messages_deleted: int
    smtp_accepted: int = field(name="SMTPAccepted")


class Info(Struct, frozen=True, rename=spelled):
    """Which program answers, and how much it holds. No network is asked for `latest_version`."""

    version: str
    latest_version: str
    database: str
    database_size: int
    messages: int
    unread: int
    tags: dict[str, int]
    runtime_stats: RuntimeStats


class Relaying(Struct, frozen=True, rename=spelled):
    """Nothing is released from the lab to elsewhere."""

    enabled: bool = False


class PageSettings(Struct, frozen=True, rename=spelled):
    """What a page for Mailpit asks before it draws itself."""

    label: str = "maillab"
    message_relay: Relaying = Relaying()
    spam_assassin: bool = False
    chaos_enabled: bool = True
    duplicates_ignored: bool = False
    hide_delete_all_button: bool = False


# ── what is asked ──


class Chosen(Struct, frozen=True, rename=spelled):
    """Which messages: by their ids; nothing chooses all."""

    ids: list[str] = field(name="IDs", default_factory=list)


class ReadState(Struct, frozen=True, rename=spelled):
    """Whether messages are read: those with these ids, those that a query means, or all."""

    ids: list[str] = field(name="IDs", default_factory=list)
    read: bool = False
    search: str = ""


class Tagging(Struct, frozen=True, rename=spelled):
    """The tags that these messages have from now on, and no others."""

    tags: list[str] = []
    ids: list[str] = field(name="IDs", default_factory=list)


class NewName(Struct, frozen=True, rename=spelled):
    """How a tag is called from now on."""

    name: str


Code = Annotated[int, Meta(ge=0, le=599)]


class Trigger(Struct, frozen=True, rename=spelled):
    """How often a command is refused, of 100 times, and with which code (0: the usual one)."""

    error_code: Code = 0
    probability: Annotated[int, Meta(ge=0, le=100)] = 0


class Triggers(Struct, frozen=True, rename=spelled):
    """What is refused at random: MAIL, RCPT, AUTH."""

    sender: Trigger = Trigger()
    recipient: Trigger = Trigger()
    authentication: Trigger = Trigger()


class Correspondent(Struct, frozen=True, rename=spelled):
    """Somebody for whom a message is, or from whom."""

    email: str
    name: str = ""


class SentFile(Struct, frozen=True, rename=spelled):
    """A file in base64. With a `content_id` the page shows it at its place."""

    content: str
    filename: str = ""
    content_type: str = ""
    content_id: str = ""


class OutgoingMessage(Struct, frozen=True, rename=spelled):
    """A message to be sent."""

    sender: Correspondent = field(name="From")
    to: list[Correspondent] = []
    cc: list[Correspondent] = []
    bcc: list[str] = []
    reply_to: list[Correspondent] = []
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: dict[str, str] = {}
    tags: list[str] = []
    attachments: list[SentFile] = []


class SentMessage(Struct, frozen=True, rename=spelled):
    """What the message that was sent is called."""

    id: str


class Fault(Struct, frozen=True, rename=spelled):
    """What could not be done."""

    error: str


HeaderValues = dict[str, list[str]]


def encoded(value: Any) -> bytes:
    """A value of this file as JSON."""
    return msgspec.json.encode(value)
