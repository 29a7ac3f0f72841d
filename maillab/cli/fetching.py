"""The last step of a message that was sent: its readers fetch it by POP3 and open it."""

import asyncio
from typing import Any

from maillab.cli import opened
from maillab.cli.language import say
from maillab.cli.options import fail
from maillab.cli.printer import Printer
from maillab.cli.streams import put
from maillab.client.pop3 import FetchError
from maillab.client.read import Readable, read
from maillab.lab import Lab
from maillab.lab.person import fetch_mail
from maillab.mail.address import in_u_labels
from maillab.protocols.services import POP3, POP3S
from maillab.views.safe import safe

_SHOWN = ("From", "To", "Cc", "Subject", "Date")


async def newest(lab: Lab, who: str, password: str) -> Readable | None:
    """The newest message in a mailbox of the lab, opened; `None`, and a word on stderr, when there is none."""
    domain = who.rpartition("@")[2]
    services = [door.service for door in lab.endpoints if door.site == domain]
    try:
        service = POP3S.name if POP3S.name in services else POP3.name
        fetched = await fetch_mail(lab, who, password, service=service, encrypted=True)
    except LookupError:
        fail(1, f"{domain} has no POP3 service in this configuration\n  see: maillab config")
        return None
    except FetchError as error:
        fail(1, f"{who} could not fetch mail: {error}")
        return None
    if not fetched.messages:
        fail(1, f"the mailbox of {who} is empty")
        return None
    return await asyncio.to_thread(read, fetched.messages[-1][1])


def as_object(who: str, message: Readable) -> dict[str, Any]:
    """A message as its reader has it, for programs."""
    files = [{"name": file.name, "type": file.type, "octets": len(file.octets)} for file in message.attachments]
    shown = {name.lower(): safe(message.header(name)) for name in _SHOWN}
    return {"event": "fetched", "reader": who, **shown, "text": message.text, "attachments": files}


def as_lines(who: str, message: Readable) -> list[str]:
    """The same for a person, line by line."""
    return [safe(say(f"{in_u_labels(who)} reads:")), "", *opened.as_lines(message)]


def show(who: str, message: Readable, printer: Printer, *, as_json: bool) -> None:
    """Print it on stdout."""
    if as_json:
        printer.object(as_object(who, message))
        return
    put("")
    for line in as_lines(who, message):
        put(line)
