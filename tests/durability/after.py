"""Starts the lab on what a crash has left, lets it finish its work, and looks what is there."""

import asyncio
import re
from contextlib import suppress
from functools import partial
from pathlib import Path

from maillab.config import Config
from maillab.events import Warned
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.mail.content import Content
from maillab.recipient.folders import Appending
from maillab.recipient.mailbox import Mailboxes
from tests.durability.promises import Found, Place
from tests.support import settled

PATIENCE = 60.0  # seconds for whatever a lab has to do, on a computer that has much else to do
BOB = "bob@recipient.test"  # who has folders
AGAIN = "again"  # one of them, into which one more message is put
MORE = b"Subject: m999\r\n\r\n"

_SUBJECT = re.compile(rb"^Subject: (m\d+)\r\n", re.MULTILINE)
_REPORT = b"Content-Type: multipart/report"
_CLOSED = re.compile(rb"\r\n--[^\r\n]+--\r\n\Z")


async def look(root: Path, config: Config, originals: dict[str, bytes], patience: float = PATIENCE) -> Found:
    """What the lab in `root`/lab has, when all that can be delivered is delivered.

    While we look nobody cuts the power: what we do ourselves to the disk is not waited for.
    """
    found = Found()
    with LabFolder(root / "lab") as folder:
        async with Lab(config, folder.path, auto_ports=True) as lab:
            lab.retry_now()
            waiting = partial(_waiting, lab, config)
            with suppress(TimeoutError):
                await settled(lambda: lab.at_rest and not waiting(), patience)
            found.authority = lab.authority.certificate.read_bytes()
            for running in lab._running.values():
                for user in running._users():
                    await asyncio.to_thread(_look_at, found, running.mailboxes, user, originals)
            warnings = [entry.event for entry in lab.logbook.since(0) if isinstance(entry.event, Warned)]
            found.complaints = [f"{event.where}: {event.text}" for event in warnings if event.where != "lab"]
            found.complaints += [f"still waiting: {name}" for name in waiting()]
    for path in (root / "sessions").glob("*.maillab"):
        found.sessions[path.name] = path.read_bytes()
    return found


def _waiting(lab: Lab, config: Config) -> list[str]:
    return [job.ident for site in config.sites for job in lab.jobs(site.domain)]


def _look_at(
    found: Found, mailboxes: Mailboxes, user: str, originals: dict[str, bytes], *, twice: bool = False
) -> None:
    account = mailboxes.account(user) if user == BOB else None
    if account is not None:
        views = {info.name: account.select(info.name, lambda: None) for info in account.folders() if info.exists}
    else:
        views = {"INBOX": mailboxes.inbox(user, lambda: None)}
    again = False
    for folder, view in views.items():
        place: Place = (user, folder)
        for row in [*view.rows]:
            try:
                octets = view.content(row.uid).whole()
            except FileNotFoundError:  # another message than the index knew: whoever looks again has it
                again = True
                continue
            message = _name(octets, originals)
            if not message:
                found.torn.append(f"{place}: {octets[:300]!r}")
                continue
            found.copies[place, message] += 1
            found.uids[place, view.status.validity, row.uid] = message, row.flags
            found.flags[place, message] = row.flags
        view.close()
    if again and not twice:
        for key in [key for key in found.copies if key[0][0] == user]:
            del found.copies[key]
        found.torn = [text for text in found.torn if not text.startswith(f"('{user}'")]
        _look_at(found, mailboxes, user, originals, twice=True)
    elif account is not None and AGAIN in views:
        told = account.append(AGAIN, [Appending(Content(MORE))])
        found.uids[(BOB, AGAIN), told.validity, told.uids[0]] = "m999", frozenset()


def _name(octets: bytes, originals: dict[str, bytes]) -> str:
    """Which message that is; "" where it is none, or not all of one."""
    subject = _SUBJECT.search(octets)
    if subject is None:
        return ""
    name = subject[1].decode()
    if _REPORT in octets:
        return f"report of {name}" if _CLOSED.search(octets) else ""
    return name if name in originals and octets.endswith(originals[name]) else ""
