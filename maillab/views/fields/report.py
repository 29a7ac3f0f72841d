"""A report about a message, part by part: the fields of message/delivery-status in words (RFC 3464)."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maillab.views.fields.part import Block, Down, Part
from maillab.views.fields.reply import enhanced
from maillab.views.language import Say

if TYPE_CHECKING:
    from email.message import Message

MOST = 20  # recipients of one report
_TYPES = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})")
_ACTIONS = {
    "failed": "could not be delivered, and is not tried again",
    "delayed": "not delivered yet; it is still tried",
    "delivered": "delivered",
    "relayed": "handed to a server that sends no reports",
    "expanded": "delivered to a list, which sends it on",
}
_FIELDS = {
    "reporting-mta": "the server that writes this report",
    "original-envelope-id": "the sender’s own label (ENVID)",
    "arrival-date": "when that server took the message",
    "received-from-mta": "who gave it the message",
    "dsn-gateway": "who translated the report",
    "original-recipient": "the recipient as it was written first (ORCPT)",
    "final-recipient": "whom it did not reach, or did",
    "remote-mta": "the server that said no",
    "diagnostic-code": "the words of that server",
    "last-attempt-date": "when it was tried last",
    "will-retry-until": "how long it will be tried",
    "final-log-id": "the number in its log",
}


def blocks(message: bytes, say: Say) -> list[Block]:
    """A block about the message, then one for each recipient; [] for a message that is no report."""
    if not any(word.encode() in message for word in _TYPES) or b"report" not in message:
        return []
    from email import message_from_bytes, message_from_string  # only a report pays for it

    parsed = message_from_bytes(message)
    part = next((part for part in parsed.walk() if part.get_content_type() in _TYPES), None)
    if part is None:
        return []
    text = part.as_bytes().decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[2]
    return [*_groups([message_from_string(group) for group in text.split("\n\n") if group.strip()], say)]


def _groups(groups: "Sequence[Message]", say: Say) -> Iterator[Block]:
    for number, group in enumerate(groups[: MOST + 1]):
        parts = tuple(_part(name, " ".join(str(value).split()), say) for name, value in group.items())
        title = say("About one recipient") if number else say("The report")
        if parts:
            yield Down(parts, title)


def _part(name: str, value: str, say: Say) -> Part:
    """A field with its value in words."""
    match name.lower():
        case "action":
            meaning = say(_ACTIONS[value.lower()]) if value.lower() in _ACTIONS else ""
        case "status" if status := _STATUS.match(value):
            meaning = enhanced(status[1], say)
        case known:
            meaning = say(_FIELDS[known]) if known in _FIELDS else ""
    return Part(f"{name}: {value}", meaning)
