"""An entry as one JSON object: what `--json` prints, a line each. Secrets are never in it.

Files: a body in a file is named by its size and digest, not read out.
"""

import hashlib
from enum import StrEnum
from typing import Any

from msgspec import structs

from maillab.events import Carried, Certificate, Entry, Packet, Said
from maillab.mail.content import Content
from maillab.protocols.dns.described import fields as fields_of
from maillab.protocols.dns.message import Section
from maillab.views.safe import safe


def as_object(entry: Entry, leg: str, text: str) -> dict[str, Any]:
    """Number, moment, kind, talk, leg, the line of the transcript, and the event's own fields.

    >>> from maillab.events import Closed
    >>> as_object(Entry(1, 0.5, Closed("submit-1", "quit")), "submit", "closed: quit")
    {'seq': 1, 'at': 0.5, 'kind': 'closed', 'talk': 'submit-1', 'leg': 'submit', 'text': 'closed: quit', 'why': 'quit'}
    """
    event = entry.event
    head = {"seq": entry.seq, "at": round(entry.at, 6), "kind": type(event).__name__.lower()}
    head |= {"talk": getattr(event, "talk", ""), "leg": leg, "text": text}
    fields = {field.name: getattr(event, field.name) for field in structs.fields(event)}
    if isinstance(event, Said):
        start, end = fields.pop("secret")
        fields["line"] = safe(event.line[:start] + b"*" * (end - start) + event.line[end:], ends=True)
    if isinstance(event, Packet):
        fields |= {"octets": event.octets.hex(), "message": _message(event.octets)}
    if isinstance(event, Carried):
        fields["content"] = _content(event.content)
    return head | {name: _plain(value) for name, value in fields.items() if name not in head}


def _message(octets: bytes) -> dict[str, Any]:
    """The fields of a message of DNS by their names, those of a section as a list; {} where it cannot be read."""
    named = fields_of(octets)
    sections = {str(section): [value for name, value in named if name == section] for section in Section}
    return dict(named) | sections if named else {}


def _content(content: Content) -> dict[str, Any]:
    digest = hashlib.sha256()
    try:
        for block in content.blocks():
            digest.update(block)
    except OSError:  # the record's file went with the lab
        return {"octets": len(content)}
    return {"octets": len(content), "sha256": digest.hexdigest()}


def _plain(value: Any) -> Any:
    if isinstance(value, Certificate):
        return _plain(structs.asdict(value))
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return safe(value) if isinstance(value, str) else value
