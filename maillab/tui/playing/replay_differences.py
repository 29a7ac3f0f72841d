"""A recorded talk done again with the running lab, and what came out differently."""

import secrets
from pathlib import Path

from maillab.events import Leg
from maillab.lab import Lab
from maillab.recording.compare import ComparedRow, compare_talks
from maillab.recording.reenact import Means, Renewal, reenact
from maillab.recording.session import load
from maillab.recording.talks import Talk, talks
from maillab.wire.tls import unverified


def playable(path: Path) -> list[Talk]:
    """The talks of a session that can be done again. Raises `SessionError`, `OSError`."""
    return [talk for talk in talks(load(path).entries) if talk.leg is not Leg.LOOKUP]


async def said_again(lab: Lab, talk: Talk) -> tuple[tuple[ComparedRow, ...], tuple[str, ...]]:
    """The differences, and what could not be done as then. Passwords are those of the lab's own accounts.

    Raises `LookupError` where the lab has no such door.
    """
    door = _door(lab, talk)
    passwords = {account.address: account.password for account in lab.accounts}
    passwords |= {address.partition("@")[0]: password for address, password in passwords.items()}
    means = Means(
        door[0],
        door[1],
        tls_first=talk.tls_first,
        context=unverified(),
        ask=lambda user: (user, passwords[user]) if user in passwords else None,
        fresh=Renewal(lab.clock.now, lambda n: secrets.token_hex(n)[:n]),
        patience=20.0,
    )
    outcome = await reenact(talk, means, lab.clock.now)
    again = talks(outcome.entries)
    return compare_talks(talk, again[0]) if again else (), outcome.notes


def _door(lab: Lab, talk: Talk) -> tuple[str, int]:
    """The door of this lab that stands for the recorded one: of the same site, else of the first that has it."""
    doors = [door for door in lab.endpoints if door.service == talk.service]
    if not doors:
        raise LookupError(f"this lab has no service {talk.service}")
    fitting = [door for door in doors if door.site and talk.server.endswith(door.site)]
    door = (fitting or doors)[0]
    return door.host, door.port
