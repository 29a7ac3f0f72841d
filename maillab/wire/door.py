"""One SMTP door of a machine: what it offers, what it bears, who answers behind it; and the socket that it opens."""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maillab.events import Leg
from maillab.logbook import Logbook
from maillab.mail.envelope import Envelope, Recipient
from maillab.protocols.smtp import MailFrom
from maillab.wire.faults import Faults
from maillab.wire.gate import Gate
from maillab.wire.handshake import Entrance
from maillab.wire.intake import Intake
from maillab.wire.limits import FINISH, LINGER, Limits
from maillab.wire.reception import Caller, Reception
from maillab.wire.sasl import People, mechanisms


@dataclass(slots=True)
class Transaction:
    """A message that is being handed over: what MAIL said, who was accepted, and the chunks that BDAT brought."""

    mail: MailFrom
    recipients: list[Recipient] = field(default_factory=list)
    chunks: Intake | None = None

    @property
    def envelope(self) -> Envelope:
        """The envelope so far."""
        mail = self.mail
        return Envelope(mail.sender, tuple(self.recipients), mail.eight_bit, mail.smtputf8, mail.ret, mail.envid)


@dataclass(slots=True)
class Door:
    """How one door is furnished. `tls` is its certificate for STARTTLS (None: there is none).

    `people` may log in (None: nobody). `without` are extensions that are neither announced nor obeyed. `strings` are
    replies in another program's words (wire/strings.py), `leniency` what is borne beyond classrooms: "order" is MAIL
    without a greeting. `leg_of` tells the leg by the caller's socket address: the desk knows which of its machines is
    calling.
    """

    service: str
    hostname: str
    domain: str  # whose postmaster is meant when no domain is said
    reception: Reception
    logbook: Logbook
    gate: Gate
    spool: Path  # where content on its way in may be written
    record: Path  # where the logbook's large bodies may be written
    limits: Limits = field(default_factory=Limits)
    people: People | None = None
    plaintext_auth: bool = False
    dsn: bool = False  # delivery reports are made by the machine behind: where none is, the one before makes its own
    tls: ssl.SSLContext | None = None
    without: frozenset[str] = frozenset()
    strings: Mapping[str, str] = field(default_factory=dict)
    leniency: frozenset[str] = frozenset()
    classroom: bool = True
    leg_of: Callable[[tuple[Any, ...]], Leg] = lambda _address: Leg.RELAY
    faults: Faults = field(default_factory=Faults)
    reference: Callable[[], str] = lambda: secrets.token_hex(4)
    pause: Callable[[float], Coroutine[Any, Any, None]] = asyncio.sleep


def capabilities(door: Door, caller: Caller) -> tuple[str, ...]:
    """The EHLO keywords of this door for this caller at this moment: each is true, and a test uses each."""
    words = ["PIPELINING", f"SIZE {door.limits.message}"]  # RFC 2920, RFC 1870
    if may_encrypt(door, caller):
        words.append("STARTTLS")  # RFC 3207 §4.2
    if door.people is not None and may_authenticate(door, caller):
        words.append("AUTH " + " ".join(mechanisms(door.people)))  # RFC 4954 §3
    words += ["ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "CHUNKING"]  # RFC 2034, 6152, 6531, 3030
    words += ["DSN"] if door.dsn else []  # RFC 3461 §4
    words.append(f"LIMITS MAILMAX={door.limits.messages} RCPTMAX={door.limits.recipients}")  # RFC 9422
    return tuple(word for word in (*words, "HELP") if word.partition(" ")[0] not in door.without)


def may_encrypt(door: Door, caller: Caller) -> bool:
    """Is STARTTLS possible now?"""
    return door.tls is not None and not caller.secure and "STARTTLS" not in door.without


def may_authenticate(door: Door, caller: Caller) -> bool:
    """Is AUTH possible now: somebody to be, and TLS unless the door is weak on purpose (RFC 4954 §4)?"""
    possible = door.people is not None and not caller.user and "AUTH" not in door.without
    return possible and (caller.secure or door.plaintext_auth)


class SmtpServer:
    """Opens a door on a socket and knows every connection that came through it."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self._server: asyncio.Server | None = None
        self._entrance: Entrance | None = None  # of a door that speaks TLS at once
        self._commits: set[asyncio.Task[Any]] = set()  # messages that are being stored: these are waited for
        self._talks: set[Any] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen, with TLS from the first octet if `tls` is given; gives the port. Raises `OSError` if it is taken."""
        from maillab.wire.smtp import LabSmtp  # the chassis costs 60 ms: only who opens a door pays

        make: Callable[[], asyncio.Protocol] = lambda: LabSmtp(self)  # noqa: E731 - the entrance takes the same
        if tls is not None:
            self._entrance = make = Entrance(make, tls, self.door.limits.handshake)
        self._server = await asyncio.get_running_loop().create_server(make, host, port, backlog=512)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self, deadline: float = FINISH) -> None:
        """Stop listening, say 421 to everybody; a message that is being stored is waited for, and its answer said."""
        if self._server is None:
            return
        self._server.close()
        if self._entrance is not None:
            self._entrance.close()
        for talk in tuple(self._talks):
            talk.dismiss()
        if self._commits:
            await asyncio.wait(self._commits, timeout=deadline)
        await self._emptied()
        for talk in tuple(self._talks):
            talk.dismiss(at_once=True)
        await self._emptied()

    async def _emptied(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await self._empty.wait()

    def came(self, talk: Any) -> None:
        """A connection began."""
        self._talks.add(talk)
        self._empty.clear()

    def went(self, talk: Any) -> None:
        """A connection ended."""
        self._talks.discard(talk)
        if not self._talks:
            self._empty.set()

    def commit(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Run what must not be broken off when its client goes away (a half-closed client still gets its 250)."""
        task = asyncio.get_running_loop().create_task(work)
        self._commits.add(task)
        task.add_done_callback(self._commits.discard)
        return task
