"""A delivery report as its fields: what a server tells a program about a message (RFC 3464), and what each field means.

Rules for this file: it never raises, whatever it is given, and reads no more than it must; values are as they stand
there, unfolded: whoever shows them makes them safe.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from maillab.protocols.smtp import SMTP
from maillab.views.gloss import Gloss, Lang, stock

TYPES = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464 §2.1, RFC 6533 §4
READ = 262_144  # bytes of a report that are read
RECIPIENTS = 1_000
VALUE = 2_000  # characters of a field

_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)\Z", re.DOTALL)
_STATUS = re.compile(r"\s*([245])\.([0-9]{1,3}\.[0-9]{1,3})(?=[\s(;]|\Z)")


@dataclass(frozen=True, slots=True)
class ReportField:
    """One field: `value` is unfolded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The fields about the message, and those about each of its recipients, in their order (RFC 3464 §2.1)."""

    about: tuple[ReportField, ...] = ()
    recipients: tuple[tuple[ReportField, ...], ...] = ()


def read_report(octets: bytes) -> DeliveryReport:
    r"""Read the body of a message/delivery-status.

    >>> report = read_report(b"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; bob@x\r\nStatus: 5.1.1\r\n")
    >>> report.recipients[0][1]
    ReportField(name='Status', value='5.1.1')
    """
    text = octets[:READ].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    groups = [group for group in (tuple(_fields(group)) for group in re.split(r"\n[ \t]*\n", text)) if group]
    if groups and any(field.name.lower() == "final-recipient" for field in groups[0]):
        groups.insert(0, ())  # nothing is said about the message as a whole
    return DeliveryReport(groups[0] if groups else (), tuple(groups[1 : RECIPIENTS + 1]))


def _fields(group: str) -> Iterator[ReportField]:
    """The fields of a group, each in one line (RFC 3464 §2.1.1); a line that is no field is left out."""
    unfolded = re.sub(r"\n[ \t]+", " ", group.strip("\n"))
    for line in unfolded.split("\n"):
        if field := _FIELD.match(line):
            yield ReportField(field[1], field[2].strip()[:VALUE])


def meaning(field: ReportField, lang: Lang = "en") -> Gloss | None:
    """What a field means: a Status and an Action by their value, every other by its name; `None` for an unknown one.

    >>> meaning(ReportField("Status", "5.1.1")).text
    'No such mailbox at that domain.'
    """
    glosses, name = stock(lang), field.name.lower()
    found = None
    if name == "status" and (status := _STATUS.match(field.value)):
        found = glosses.get((SMTP.name, "enhanced", f"X.{status[2]}"))
    elif name == "action":
        found = glosses.get(("report", "action", field.value.partition(" ")[0].lower()))
    return found or _of_fields(lang).get(name)


@cache
def _of_fields(lang: Lang) -> dict[str, Gloss]:
    """The fields that have an explanation, by their names in small letters."""
    return {key.lower(): one for (_, kind, key), one in stock(lang).items() if kind == "field"}
