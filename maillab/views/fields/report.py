"""A report about a message, part by part: the fields of its message/delivery-status in words (RFC 3464)."""

import re

from maillab.views.fields.part import Block, Down, Part
from maillab.views.fields.reply import enhanced
from maillab.views.language import Say
from maillab.views.report import TYPES, ReportField, meaning, read_report

MOST = 20  # recipients of one report
_STATUS = re.compile(r"\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})(?=[\s(;]|\Z)")


def blocks(message: bytes, say: Say) -> list[Block]:
    """A block about the message, then one for each recipient; [] for a message that is no report."""
    octets = _status_of(message)
    if octets is None:
        return []
    report = read_report(octets)
    titled = [(say("The report"), report.about)]
    titled += [(say("About one recipient"), fields) for fields in report.recipients[:MOST]]
    return [Down(tuple(part(field, say) for field in fields), title) for title, fields in titled if fields]


def _status_of(message: bytes) -> bytes | None:
    """The part that programs read, without its own header; None where there is none."""
    if b"multipart/report" not in message or not any(word.encode() in message for word in TYPES):
        return None
    from email import message_from_bytes  # only a report pays for it

    status = next((one for one in message_from_bytes(message).walk() if one.get_content_type() in TYPES), None)
    return re.split(rb"\r?\n\r?\n", status.as_bytes(), maxsplit=1)[-1] if status is not None else None


def part(field: ReportField, say: Say) -> Part:
    """A field with its value in words; a status digit by digit."""
    text = f"{field.name}: {field.value}"
    if field.name.lower() == "status" and (status := _STATUS.match(field.value)):
        return Part(text, enhanced(status[1], say))
    gloss = meaning(field, say.lang)
    return Part(text, gloss.text if gloss is not None else "")
