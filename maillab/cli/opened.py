"""An opened message for whoever asked on a command line: as lines for a person, as one object for programs.

Rules for this file: nothing of it acts in a terminal; in the object, what could is an escape of JSON.
"""

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from maillab.cli.language import say, spoken
from maillab.client.notes import ReadingNote
from maillab.client.path import hops
from maillab.mail.dates import moment
from maillab.stored.links import links_of
from maillab.views.safe import safe

if TYPE_CHECKING:
    from maillab.client.fields import Mailbox
    from maillab.client.read import Readable

FIELDS = ("From", "To", "Cc", "Reply-To", "Subject", "Date")


def as_lines(message: "Readable") -> list[str]:
    """A message as its reader sees it, line by line, in the language of this command line."""
    lines = [f"{name}: {message.header(name)}" for name in FIELDS if message.header(name)]
    lines += [f"[{say('note')}: {note.said(spoken())}]" for note in _notes(message)]
    lines += ["", *message.shown.rstrip("\n").split("\n")]
    lines += ["", *(f"[{number}] {link}" for number, link in enumerate(message.links, 1))] if message.links else []
    lines += [f"[{file.name}, {file.type}, {len(file.octets)} {say('bytes')}]" for file in message.attachments]
    return [safe(line.replace("\t", "        ")) for line in lines]


def as_object(message: "Readable") -> dict[str, Any]:
    """The same for programs. Moments are in UTC (ISO 8601), `None` where there is none that can be read."""
    return {
        "subject": message.header("Subject"),
        "from": _people(message.people("From")),
        "to": _people(message.people("To")),
        "cc": _people(message.people("Cc")),
        "reply_to": _people(message.people("Reply-To")),
        "date": _utc(moment(message.header("Date"))),
        "text": message.text,
        "html": bool(message.html),
        "links": links_of(message.html, message.text),
        "attachments": [
            {
                "name": file.name,
                "type": file.type,
                "size": len(file.octets),
                "sha256": hashlib.sha256(file.octets).hexdigest(),
            }
            for file in message.attachments
        ],
        "received": [
            {"by": hop.by, "from": hop.sender, "with": hop.protocol, "at": _utc(hop.at)} for hop in hops(message.fields)
        ],
        "notes": [str(note) for note in _notes(message)],
    }


def _notes(message: "Readable") -> list[ReadingNote]:
    """What was not as it should be; who is named and is no address, too."""
    nobody = message.no_people("From", "To", "Cc", "Reply-To")
    return [*message.notes, *(ReadingNote("not a valid mail address: {}", name) for name in nobody)]


def _people(people: "tuple[Mailbox, ...]") -> list[dict[str, str]]:
    return [{"name": person.name, "address": str(person.address)} for person in people]


def _utc(at: float | None) -> str | None:
    """A moment in UTC, `None` for one that is none, or that no calendar has."""
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None
