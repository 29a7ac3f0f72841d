"""Handing messages over to one host, on one connection for many messages where that is possible.

It reports what became of each recipient and decides nothing about when to try again.
"""

import asyncio
import math
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address

from maillab.events import Warned
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome, judge_all, judge_transaction, last_word
from maillab.sender.route import RouteStop
from maillab.wire.reply_reader import Declined, LineError, NotOffered, TimedOut, Unreachable, why_not
from maillab.wire.smtp_client import SmtpClient, Timeouts, connect

# Postfix's 30 s to connect; all other phases as RFC 5321 §4.5.3.2 has them
RELAY_TIMEOUTS = Timeouts(connect=30.0)

AddressOf = Callable[[RouteStop], tuple[str, int]]
Calling = Callable[[tuple[str, int]], None]
CredentialsFor = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class OpportunisticTls:
    """Opportunistic TLS (RFC 7435): `verified` first; where the certificate is wrong, `unverified`, with a warning."""

    verified: ssl.SSLContext
    unverified: ssl.SSLContext


@dataclass(frozen=True, slots=True)
class RelayPolicy:
    """How connections are used: messages on one, connections to one host at a time, seconds to keep an idle one.

    One is kept for a host that is busy: it took several messages, or the last talk ended less than `idle` seconds ago.
    """

    messages: int = 100
    per_host: int = 5
    idle: float = 2.0


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a message at one host. `code` is its last word; `relayed`: recipients whose sender asked to hear
    of success and whom a host without DSN took (RFC 3461 §5.2.2): the report is ours to send. `why`: the host was not
    asked, and the code is our own."""

    outcomes: tuple[RecipientOutcome, ...]
    code: int
    relayed: tuple[RecipientOutcome, ...] = ()
    why: str = ""


class RelayConnection:
    """One connection to a host, ready for messages. Made by `Relay.open`."""

    def __init__(self, stop: RouteStop, client: SmtpClient, leave: Callable[[], None], *, follows: bool) -> None:
        self.stop = stop
        self.follows = follows  # the last talk with this host ended only a moment before
        self.carried = 0
        self._client = client
        self._leave = leave

    @property
    def usable(self) -> bool:
        """Another message may be tried."""
        return self._client.usable

    async def hand_over(self, message: Message) -> Handed:
        """Hand over one message. Raises `LineError` when the talk breaks off, `ValueError` if SMTP cannot carry it."""
        recipients = message.envelope.recipients
        offered = self._client.extensions
        no = _too_large(message, offered)
        if no is not None:
            return Handed(judge_all(recipients, no), no.code, why="the message is larger than it takes")
        message = await _fitted(message, offered)
        self.carried += 1
        try:
            result = await self._client.transaction(message)
        except NotOffered as lack:
            why = "it does not offer what the message needs"
            return Handed(judge_all(recipients, lack.reply), lack.reply.code, why=why)
        outcomes = judge_transaction(recipients, result.mail, result.rcpts, result.data, self.stop.host)
        return Handed(outcomes, last_word(result.mail, result.rcpts, result.data), _relayed(outcomes, offered))

    async def quit(self) -> None:
        """Say goodbye, as far as anybody listens."""
        try:
            await self._client.quit()
        finally:
            self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()
        leave, self._leave = self._leave, lambda: None
        leave()


class Relay:
    """Opens connections to hosts, and keeps idle ones for whoever needs them next.

    `hello` is the name this machine gives itself. `door(stop)` gives the address and port that stand for port 25 of a
    host in this lab, and raises `LookupError` where there is none. `calling` is told the local address of each
    connection before it is made. `credentials(host)` gives name and password for hosts that want to know who sends.
    """

    def __init__(
        self,
        *,
        hello: str,
        door: AddressOf,
        logbook: Logbook,
        calling: Calling = lambda _: None,
        tls: OpportunisticTls | None = None,
        credentials: CredentialsFor = lambda _: None,
        plaintext_auth: bool = False,
        timeouts: Timeouts = RELAY_TIMEOUTS,
        policy: RelayPolicy = RelayPolicy(),
    ) -> None:
        self._hello = hello
        self._door = door
        self._logbook = logbook
        self._calling = calling
        self._tls = tls
        self._credentials = credentials
        self.plaintext_auth = plaintext_auth
        self._timeouts = timeouts
        self._policy = policy
        self._idle: dict[RouteStop, list[tuple[RelayConnection, asyncio.Event]]] = {}
        self._slots: dict[RouteStop, asyncio.Semaphore] = {}
        self._left: dict[RouteStop, float] = {}  # when the last talk with a host ended, by the loop's clock
        self._warned: set[tuple[str, str]] = set()
        self._leaving = False

    # ── connections kept ──────────────────────────────────────────────────────────────────────

    def take_idle(self, stop: RouteStop) -> RelayConnection | None:
        """An idle connection to this stop, if there is one that still lives; who takes it owns it."""
        waiting = self._idle.get(stop, [])
        while waiting:
            connection, wake = waiting.pop()
            wake.set()
            if connection.usable:
                return connection
            connection.close()
        return None

    async def keep_alive(self, connection: RelayConnection) -> None:
        """Done with a connection: keep it a moment for others if its host is busy, then say QUIT."""
        least = 1 if connection.follows else 2
        worth = (
            connection.usable
            and least <= connection.carried < self._policy.messages
            and not self._slots[connection.stop].locked()
        )
        if worth and self._policy.idle and not self._leaving:
            waiting = self._idle.setdefault(connection.stop, [])
            entry = (connection, asyncio.Event())
            waiting.append(entry)
            try:
                async with asyncio.timeout(self._policy.idle):
                    await entry[1].wait()
            except TimeoutError:
                pass  # nobody needed it
            except asyncio.CancelledError:
                if entry in waiting:
                    waiting.remove(entry)
                    connection.close()
                raise
            if entry not in waiting:
                return  # it is somebody else's now
            waiting.remove(entry)
        self._left[connection.stop] = asyncio.get_running_loop().time()
        await connection.quit()

    def leave(self) -> None:
        """Keep nothing idle from now on: those that are kept alive say QUIT."""
        self._leaving = True
        for waiting in self._idle.values():
            for _, wake in waiting:
                wake.set()

    def worn(self, connection: RelayConnection) -> bool:
        """Has this connection carried as many messages as one should?"""
        return connection.carried >= self._policy.messages

    # ── connections made ──────────────────────────────────────────────────────────────────────

    async def open(self, stop: RouteStop) -> RelayConnection:
        """Connect to a stop, greet, secure and log in as far as needed. Raises `LineError`."""
        slot = self._slots.setdefault(stop, asyncio.Semaphore(self._policy.per_host))
        await slot.acquire()
        follows = asyncio.get_running_loop().time() < self._left.get(stop, -math.inf) + self._policy.idle
        try:
            client, verified = await self._greeted(stop)
            try:
                await self._log_in(stop, client, verified)
            except BaseException:
                client.close()
                raise
        except BaseException:
            slot.release()
            raise
        return RelayConnection(stop, client, slot.release, follows=follows)

    async def _greeted(self, stop: RouteStop) -> tuple[SmtpClient, bool]:
        """A connection after EHLO, inside TLS where the host offers it and it can be had; and if its name was verified.

        Opportunistic TLS (RFC 7435 §3): what cannot be had is done without, on a new connection, and that is said once.
        """
        contexts = [self._tls.verified, self._tls.unverified] if self._tls is not None else []
        for context in contexts:
            client = await self._connected(stop)
            if "STARTTLS" not in client.extensions:
                return client, False
            try:
                await client.starttls(context, stop.host)
                await client.ehlo()  # RFC 3207 §4.2: what was said before is forgotten
                return client, context is contexts[0]
            except Declined as no:
                if no.stage != "tls" or not client.usable:
                    client.close()
                    raise
                self._warn(stop, f"refused STARTTLS ({no.reply.text}); mail goes in clear")
                return client, False
            except LineError as error:
                client.close()
                if error.stage != "tls":
                    raise
                if not _wrong_certificate(error):
                    self._warn(stop, f"no TLS ({error.reply.text}); mail goes in clear")
                    break
                self._warn(stop, f"certificate unverified ({error.reply.text}); mail goes on, encrypted for somebody")
        return await self._connected(stop), False

    def _warn(self, stop: RouteStop, text: str) -> None:
        if (stop.host, text) not in self._warned:
            self._warned.add((stop.host, text))
            self._logbook.append(Warned(f"relay to {stop.host}", text))

    async def _connected(self, stop: RouteStop) -> SmtpClient:
        where = self._where(stop)
        sock = await self._dialled(stop, where)
        client = await connect(
            stop.host, where[1], hello=self._hello, sock=sock, server_hostname=stop.host, timeouts=self._timeouts
        )
        if client.bare_lf:
            self._warn(stop, "tolerated: its replies end with LF alone, not with CR LF (RFC 5321 section 2.3.8)")
        try:
            await client.ehlo()
        except BaseException:
            client.close()
            raise
        return client

    def _where(self, stop: RouteStop) -> tuple[str, int]:
        try:
            return self._door(stop)
        except LookupError as error:
            raise _unreachable(f"No host of this lab answers for {stop.host} [{stop.address}]") from error

    async def _dialled(self, stop: RouteStop, where: tuple[str, int]) -> socket.socket:
        """A connected socket; its local address is told before the other side can hear of it. Loopback only (T157)."""
        if not ip_address(where[0]).is_loopback:
            raise _unreachable(f"{where[0]} is outside this computer; no mail leaves it")
        sixth = ":" in where[0]
        sock = socket.socket(socket.AF_INET6 if sixth else socket.AF_INET, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            sock.bind(("::1" if sixth else "127.0.0.1", 0))
            self._calling(sock.getsockname()[:2])
            async with asyncio.timeout(self._timeouts.connect):
                await asyncio.get_running_loop().sock_connect(sock, where)
        except BaseException as error:
            sock.close()
            if isinstance(error, TimeoutError):
                raise TimedOut("connect", Reply(451, "4.4.1", (f"{stop.host} does not answer",))) from error
            if isinstance(error, OSError):
                raise _unreachable(f"No connection to {stop.host}: {why_not(error)}") from error
            raise
        return sock

    async def _log_in(self, stop: RouteStop, client: SmtpClient, verified: bool) -> None:
        """Prove who we are where that was agreed on. What goes wrong in it is not the message's fault: it waits."""
        secret = self._credentials(stop.host)
        if secret is None:
            return
        if not verified and not self.plaintext_auth:  # RFC 4954 §9: a password goes to nobody we do not know
            self._warn(stop, "downgraded: TLS with a verified name was not to be had, so the password was not sent")
            raise NotOffered("auth", Reply(454, "4.7.0", (f"Login to {stop.host} needs TLS with a verified name",)))
        try:
            await client.login(*secret, plaintext_auth=self.plaintext_auth)
        except (NotOffered, Declined) as error:
            error.reply = Reply(454, "4.7.0", (f"Login to {stop.host} failed: {error.reply.text}",))
            error.heard = False
            raise


def _unreachable(why: str) -> Unreachable:
    return Unreachable("connect", Reply(451, "4.4.1", (why,)))


# ── what a message needs ───────────────────────────────────────────────────────────────────────


def _too_large(message: Message, offered: dict[str, str]) -> Reply | None:
    """RFC 1870 §7: a host that says its limit need not be asked."""
    limit = offered.get("SIZE", "")
    if limit.isdecimal() and limit.isascii() and len(limit) < 20 and 0 < int(limit) < len(message.content):
        return Reply(552, "5.3.4", (f"The message has {len(message.content)} octets; the host takes {int(limit)}",))
    return None


async def _fitted(message: Message, offered: dict[str, str]) -> Message:
    """The message with an envelope that asks for exactly the extensions that it needs."""
    envelope = message.envelope
    if envelope.smtputf8 and "SMTPUTF8" not in offered and _is_ascii(envelope):
        envelope = replace(envelope, smtputf8=not message.content.head().isascii())
    if "8BITMIME" not in offered:
        envelope = replace(envelope, eight_bit=await _has_eight_bit(message.content))
    elif not message.content.start.isascii():
        envelope = replace(envelope, eight_bit=True)  # RFC 6152 §3: said even if whoever handed it in forgot to
    return message if envelope == message.envelope else replace(message, envelope=envelope)


def _is_ascii(envelope: Envelope) -> bool:
    senders = [envelope.sender] if envelope.sender else []
    return all(address.is_ascii for address in [*senders, *(recipient.address for recipient in envelope.recipients)])


async def _has_eight_bit(content: Content) -> bool:
    if not content.octets:
        return not content.start.isascii()
    return await asyncio.to_thread(lambda: not all(block.isascii() for block in content.blocks()))


def _relayed(outcomes: tuple[RecipientOutcome, ...], offered: dict[str, str]) -> tuple[RecipientOutcome, ...]:
    if "DSN" in offered:
        return ()
    delivered = (outcome for outcome in outcomes if outcome.verdict is DeliveryVerdict.DELIVERED)
    return tuple(outcome for outcome in delivered if outcome.recipient.wants("SUCCESS"))


def _wrong_certificate(error: BaseException | None) -> bool:
    """Was it the certificate, and not the handshake?"""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__
    return False
