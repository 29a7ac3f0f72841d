"""Sending one message and watching it: through a lab of our own, through one that runs already, or to any server."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

from maillab.cli.fetching import newest, show
from maillab.cli.journey import Fate, Journey
from maillab.cli.language import say
from maillab.cli.options import CANNOT_BIND, TIMED_OUT, USAGE, fail, tell
from maillab.cli.printer import Printer
from maillab.cli.record_option import OptionalRecord
from maillab.cli.streams import OutputError
from maillab.cli.trust import trusting
from maillab.client.submit import SubmitError, SubmitResult, TlsMode, Writing, submit
from maillab.config import Config
from maillab.events import Certificate, Entry, Leg, Said, Side
from maillab.lab import Lab
from maillab.logbook import Logbook
from maillab.mail.address import in_u_labels
from maillab.mail.message import Message
from maillab.protocols import services
from maillab.protocols.protocol import AnswerKind
from maillab.protocols.smtp import SMTP
from maillab.views.safe import safe
from maillab.wire.reply_reader import TimedOut
from maillab.wire.tap import FollowingEar

# Where the talk stopped: swaks's exit codes (its manual, "EXIT CODES"); 3 is ours for "no connection".
STAGES = {"connect": CANNOT_BIND, "greet": 21, "ehlo": 22, "mail": 23, "rcpt": 24, "auth": 28, "tls": 29}
NO_DATA, NO_MESSAGE = 25, 26
QUIET = 1.0  # seconds without an event after which a copy that a host took counts as delivered

_WHERE = {
    "connect": "",
    "greet": "{where} did not greet us",
    "ehlo": "{where} did not accept our EHLO",
    "tls": "TLS with {where} failed",
    "auth": "{where} did not let us log in",
    "mail": "the sender was refused",
    "rcpt": "no recipient was accepted",
    "data": "the message was refused",
}
_TOO_LARGE = "the message is too large"
_HINTS = {
    "connect": "is a server running there? To start your own: maillab serve",
    "tls": "is TLS offered there? try --tls none, --ca FILE for its authority, or --insecure to trust anybody",
    "auth": "check --user and --password; passwords go through TLS only: --tls starttls",
    "rcpt": "the reply says why: maillab explain {code}",
    "mail": "the reply says why: maillab explain {code}",
    "data": "the reply says why: maillab explain {code}",
}


P = ParamSpec("P")
MessagesToSend = Iterable[Message | Writing]


@dataclass(frozen=True, slots=True)
class SubmissionTarget:
    """Where the message is handed over, and as whom. `authorities` are certificates to trust; `timeout` in seconds."""

    host: str
    port: int
    tls: TlsMode
    user: str = ""
    password: str = ""
    authorities: tuple[Path, ...] = ()
    anybody: bool = False
    plaintext_auth: bool = False
    timeout: float = 30.0
    hello: str = "localhost"

    @property
    def service(self) -> str:
        """What such a door is called."""
        tls_first = self.tls == "implicit"
        return services.on(Leg.SUBMIT if tls_first or self.user else Leg.RELAY, tls_first=tls_first).name


@dataclass(frozen=True, slots=True)
class OwnLab:
    """A lab of our own for one message: what it is made of, and the site and service at which the message goes in."""

    config: Config
    folder: Path
    auto_ports: bool
    site: str
    fetch: bool


def in_loop(work: Callable[P, Coroutine[Any, Any, int]]) -> Callable[P, int]:
    """The same work, done from beginning to end in a loop of its own."""

    @wraps(work)
    def run(*args: P.args, **options: P.kwargs) -> int:
        return asyncio.run(work(*args, **options))

    return run


def now() -> float:
    """Seconds since 1970."""
    return datetime.now(UTC).timestamp()


class Teller:
    """Prints what a logbook says, as it is said, and keeps track of messages. Never fails in a server's own task."""

    def __init__(self, logbook: Logbook, printer: Printer) -> None:
        self.journey = Journey()
        self.deaf = False  # nobody reads what we print; the message goes on all the same
        self._logbook = logbook
        self._printer = printer
        self._heard = self._since = 0  # entries: the last of all, and the last before this message
        self._entries: asyncio.Queue[Entry | None] = asyncio.Queue()
        logbook.subscribe(self._entries.put_nowait)

    def begin(self) -> None:
        """The next message: what was said before belongs to others."""
        self.rest()
        self.journey = Journey()
        self._since = self._heard

    @property
    def said(self) -> list[Entry]:
        """What the logbook says of this message."""
        return self._logbook.since(self._since)

    async def during(self, errand: Awaitable[Any]) -> Any:
        """Print while something is done, which must not raise; gives its result."""

        async def done() -> Any:
            try:
                return await errand
            finally:
                self._entries.put_nowait(None)

        async with asyncio.TaskGroup() as group:
            task = group.create_task(done())
            while (entry := await self._entries.get()) is not None:
                self._tell(entry)
        return task.result()

    async def arrival(self, seconds: float) -> bool:
        """Print until no copy of the message is on its way; False when that takes longer than `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self.rest()  # before deciding: a failure and its bounce come in the same batch
                    if self.journey.settled:
                        return True
                    await self._next()
        except TimeoutError:
            return False

    async def _next(self) -> None:
        try:
            async with asyncio.timeout(QUIET if self.journey.presumable else None):
                entry = await self._entries.get()
        except TimeoutError:
            self.journey.presume()
            return
        if entry is not None:
            self._tell(entry)

    def rest(self) -> None:
        """Print what has been said meanwhile."""
        while not self._entries.empty():
            if (entry := self._entries.get_nowait()) is not None:
                self._tell(entry)

    def _tell(self, entry: Entry) -> None:
        self._heard = entry.seq
        self.journey.hear(entry.event)
        if not self.deaf:
            try:
                self._printer.entry(entry)
            except OutputError as error:
                self.deaf = error.gone


class _LateEar:
    """An ear that begins to write when there is something to hear: a talk that never began has no entry."""

    def __init__(self, make: Callable[[], FollowingEar]) -> None:
        self._make = make
        self._ear: FollowingEar | None = None

    @property
    def _real(self) -> FollowingEar:
        if self._ear is None:
            self._ear = self._make()
        return self._ear

    def client(self, data: bytes) -> None:
        """We said these octets."""
        self._real.client(data)

    def server(self, data: bytes) -> None:
        """The server said these octets."""
        self._real.server(data)

    def secured(self, version: str, cipher: str = "", certificate: Certificate | None = None) -> None:
        """TLS began."""
        self._real.secured(version, cipher, certificate)

    def closed(self, why: str) -> None:
        """The talk ended."""
        if self._ear is not None:
            self._ear.closed(why)


# ── to a server ─────────────────────────────────────────────────────────────────────────────────


@in_loop
async def to_server(
    messages: MessagesToSend,
    door: SubmissionTarget,
    printer: Printer,
    tape: OptionalRecord,
    *,
    as_json: bool,
    silent: str = "",
) -> int:
    """Hand the messages to the server at this door, print what was said; gives the exit code, the first that is not 0.

    `silent` is what to say when nobody answers there; then the rest is not tried.
    """
    logbook = Logbook(now)
    tape.follow(logbook)
    teller, worst = Teller(logbook, printer), 0
    for message in messages:
        teller.begin()
        code, result = await _to_server(message, door, teller, logbook, silent)
        if as_json:
            with suppress(OutputError):  # the code tells what became of the message, read or not
                printer.object({"event": "done", "code": code, **result})
        worst = worst or code
        if code == CANNOT_BIND:
            break
    return worst


async def _to_server(
    message: Message | Writing, door: SubmissionTarget, teller: Teller, logbook: Logbook, silent: str
) -> tuple[int, dict[str, Any]]:
    where = f"{door.host}:{door.port}"
    ear = _LateEar(lambda: FollowingEar(logbook, Leg.SUBMIT, door.service, where, secure=door.tls == "implicit"))
    outcome = await teller.during(_handed(message, door, ear))
    ear.closed("quit" if isinstance(outcome, SubmitResult) or outcome.reply is not None else "lost")
    teller.rest()
    if isinstance(outcome, SubmitError):
        return _refused(outcome, where, teller.said, silent), {"stage": outcome.stage, "reason": safe(outcome.text)}
    _tell_of_reports(outcome.message, teller.said)
    refused = {str(address): safe(reply.text) for address, reply in outcome.refused}
    return _partly(outcome), {"accepted": list(map(str, outcome.accepted)), "refused": refused}


async def _handed(
    message: Message | Writing, door: SubmissionTarget, ear: _LateEar | None
) -> SubmitResult | SubmitError:
    """`submit`, with its error as a value."""
    try:
        context = None
        if door.tls != "none":
            context = await asyncio.to_thread(trusting, door.authorities, anybody=door.anybody)
        return await submit(
            message,
            host=door.host,
            port=door.port,
            hello=door.hello,
            user=door.user,
            password=door.password,
            tls=door.tls,
            context=context,
            plaintext_auth=door.plaintext_auth,
            tap=ear,
            timeout=door.timeout,
        )
    except SubmitError as error:
        return error
    except OSError as error:  # of a certificate that cannot be read
        return SubmitError("tls", None, str(error))


def _refused(error: SubmitError, where: str, said: list[Entry], silent: str = "") -> int:
    """Say at which stage it ended, and why."""
    if error.stage == "connect" and silent:
        return fail(CANNOT_BIND, silent)
    code = STAGES.get(error.stage, 0) or (NO_MESSAGE if _invited(said) else NO_DATA)
    if isinstance(error.__cause__, TimedOut):
        code = TIMED_OUT
    too_large = error.reply is not None and error.stage == "mail" and error.reply.code == 552  # RFC 1870 §6.1
    what = _TOO_LARGE if too_large else _WHERE[error.stage].format(where=where)
    text = f"{what}: {error.text}" if what else error.text
    hint = _HINTS.get(error.stage, "")
    if error.reply is None and "{code}" in hint:
        hint = ""
    return fail(code, text + (f"\n  {hint.format(code=error.reply.code if error.reply else '')}" if hint else ""))


def _tell_of_reports(message: Message, said: list[Entry]) -> None:
    """What was asked for of reports is not said to a server that does not offer DSN (RFC 3461 §4.1)."""
    envelope = message.envelope
    asked = envelope.ret or envelope.envid or any(who.notify for who in envelope.recipients)
    if asked and not any(SMTP.text(line).strip().upper() == b"DSN" for line in _answers(said)):
        fail(0, "the server offers no DSN: --notify, --ret and --envid were not passed on")


def _invited(said: list[Entry]) -> bool:
    """Did the server say go ahead to DATA?"""
    return any(SMTP.kind(line) is AnswerKind.GO_AHEAD for line in _answers(said))


def _answers(said: list[Entry]) -> list[bytes]:
    """The lines of the server."""
    return [e.event.line for e in said if isinstance(e.event, Said) and e.event.side is Side.SERVER]


def _partly(result: SubmitResult) -> int:
    """1 when the server took the message, but not for everybody."""
    for address, reply in result.refused:
        fail(1, f"not accepted for {address}: {reply.text}")
    return 1 if result.refused else 0


# ── through a lab of our own ────────────────────────────────────────────────────────────────────


@in_loop
async def in_lab(
    messages: MessagesToSend,
    door: SubmissionTarget,
    own: OwnLab,
    printer: Printer,
    tape: OptionalRecord,
    *,
    as_json: bool,
) -> int:
    """Start a lab, send the messages through it, one after the other, and wait for each until it is where it belongs.

    Gives the exit code, the first that is not 0.
    """
    outcomes: list[tuple[int, Journey]] = []
    async with Lab(own.config, own.folder, auto_ports=own.auto_ports) as lab:
        tape.of(lab)
        tape.follow(lab.logbook)
        teller = Teller(lab.logbook, printer)
        for message in messages:
            teller.begin()
            code = await _through(lab, message, door, own, teller)
            if own.fetch and code in (0, 1):
                await _fetched(lab, teller, printer, as_json)
            outcomes.append((code, teller.journey))
    teller.rest()
    codes = [_summed_up(code, journey, printer, as_json) for code, journey in outcomes]
    return next(filter(None, codes), 0)


async def _through(lab: Lab, message: Message | Writing, door: SubmissionTarget, own: OwnLab, teller: Teller) -> int:
    """Hand it over at the sender's own door, then follow it."""
    service = services.on(Leg.SUBMIT, tls_first=door.tls == "implicit").name
    try:
        end = lab.endpoint(own.site, service)
    except LookupError:
        return fail(USAGE, f"{own.site} has no {service} service in this configuration\n  see: maillab config")
    here = replace(door, host=end.host, port=end.port, authorities=(*door.authorities, lab.authority.certificate))
    outcome = await teller.during(_handed(message, here, None))
    if isinstance(outcome, SubmitError):
        return _refused(outcome, f"{end.host}:{end.port}", teller.said)
    code = _partly(outcome)
    if not await teller.arrival(door.timeout):
        return fail(
            TIMED_OUT, f"the message is still on its way after {door.timeout:g} seconds\n  wait longer: --timeout N"
        )
    return code


def _summed_up(code: int, journey: Journey, printer: Printer, as_json: bool) -> int:
    """What became of it, in a sentence each on stderr, or in one object; 1 when somebody did not get it."""
    message = journey.messages[0] if journey.messages else ""
    fates = {fate: journey.those(message, fate) for fate in Fate}
    missed = fates[Fate.FAILED] + fates[Fate.DEFERRED]
    code = code or (1 if missed else 0)
    if as_json:
        reasons = {who: safe(journey.reasons[who]) for who in missed}
        lists = {str(fate): list(people) for fate, people in fates.items()}
        with suppress(OutputError):
            printer.object({"event": "done", "code": code, "message": message, **lists, "reasons": reasons})
        return code
    for fate, people in fates.items():
        for who in people:
            why = f": {journey.reasons[who]}" if who in missed else ""
            tell(f"{say(fate)}: {in_u_labels(who)}{why}")
    return code


async def _fetched(lab: Lab, teller: Teller, printer: Printer, as_json: bool) -> None:
    """Read the newest message of everybody who got this one, as they would: by POP3."""
    message = teller.journey.messages[0] if teller.journey.messages else ""
    passwords = {account.address: account.password for account in lab.accounts}
    for who in teller.journey.those(message, Fate.DELIVERED):
        if who not in passwords:
            continue
        opened = await teller.during(newest(lab, who, passwords[who]))
        if opened is not None:
            with suppress(OutputError):
                show(who, opened, printer, as_json=as_json)
