"""Finds the way for a job and tries its hosts in order, on a connection that it keeps from job to job.

It answers what became of the message and decides nothing else: not when to try again, not what the sender is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from maillab.events import Attempted, Routed, Warned
from maillab.logbook import Logbook
from maillab.mail.envelope import Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome, judge_all, reply_to_error, too_many
from maillab.sender.relay import Relay, RelayConnection
from maillab.sender.route import HostAnswer, MxAnswer, Route, RouteStop, hosts_to_ask, route
from maillab.sender.waiting import Job
from maillab.wire.reply_reader import LineError

SESSIONS = 2  # talks that may break off in one attempt, as Postfix has it (smtp_mx_session_limit)


class Names(Protocol):
    """The name server, as an agent asks it."""

    async def mx(self, domain: str) -> MxAnswer:
        """MX records of a domain."""
        ...

    async def host(self, name: str) -> HostAnswer:
        """Addresses of a host."""
        ...

    def forget(self) -> None:
        """Ask anew what was asked before."""
        ...


class Router:
    """The way to each domain, as the name server and this machine's own names make it."""

    def __init__(
        self, names: Names, shuffle: Callable[[list[str]], None], myself: frozenset[str], book: Logbook
    ) -> None:
        self._names = names
        self._shuffle = shuffle
        self._myself = myself
        self._logbook = book
        self._warned: set[str] = set()

    async def way(self, domain: str) -> Route:
        """Ask for the MX and for the addresses of their hosts; what is odd is written into the logbook, once."""
        mx = await self._names.mx(domain)
        hosts = {host: await self._names.host(host) for host in hosts_to_ask(domain, mx)}
        way = route(domain, mx, hosts, shuffle=self._shuffle, myself=self._myself)
        for warning in way.warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._logbook.append(Warned(f"route to {domain}", warning))
        return way

    def forget(self) -> None:
        """The zone may have changed: ask and warn anew."""
        self._names.forget()
        self._warned.clear()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a message. `unreachable`: the reason lies with the domain, not with it; others need not try."""

    outcomes: tuple[RecipientOutcome, ...]
    relayed: tuple[RecipientOutcome, ...] = ()
    unreachable: bool = False

    @property
    def open(self) -> tuple[Recipient, ...]:
        """Those for whom another host may be tried."""
        return tuple(outcome.recipient for outcome in self.outcomes if outcome.verdict is DeliveryVerdict.LATER)

    def after(self, news: tuple[RecipientOutcome, ...]) -> "Attempt":
        """With newer outcomes of some; but what a host said is not forgotten for something that we found ourselves."""
        newer = {outcome.recipient: outcome for outcome in news}
        outcomes = tuple(_newer(before, newer.get(before.recipient, before)) for before in self.outcomes)
        return replace(self, outcomes=outcomes)

    def after_error(self, error: LineError, host: str) -> "Attempt":
        """A host could not be talked to: later, for all who are open."""
        speaker = host if error.heard else ""
        later = (RecipientOutcome(who, DeliveryVerdict.LATER, error.reply, speaker) for who in self.open)
        return self.after(tuple(later))


@dataclass(frozen=True, slots=True)
class Talked:
    """What one host said of a message; `final`: no other host may be asked for those who wait."""

    outcomes: tuple[RecipientOutcome, ...]
    relayed: tuple[RecipientOutcome, ...] = ()
    final: bool = False


def _newer(before: RecipientOutcome, after: RecipientOutcome) -> RecipientOutcome:
    """The later outcome, unless it only says that we could not ask."""
    return before if before.host and not after.host and after.verdict is DeliveryVerdict.LATER else after


def _why(error: LineError, stop: RouteStop) -> str:
    """What went wrong with a host that never spoke, in a few words that need not name it."""
    if error.heard:
        return ""
    text = " ".join(error.reply.lines).removeprefix(f"No connection to {stop.host}: ").removeprefix(f"{stop.host} ")
    return text[:1].lower() + text[1:]


def _comes_later(outcome: RecipientOutcome) -> bool:
    return outcome.verdict is DeliveryVerdict.LATER and bool(outcome.host) and too_many(outcome.reply)


class DeliveryAgent:
    """`opened` is called when a host has been reached, so that others may be sent along."""

    def __init__(self, book: Logbook, way_to: Router, relay: Relay, opened: Callable[[], None]) -> None:
        self.connection: RelayConnection | None = None
        self._logbook = book
        self._map = way_to
        self._relay = relay
        self._opened = opened

    async def attempt(self, job: Job, message: Message) -> Attempt:
        """Try the hosts of the job's domain in order, for each recipient until one host has given its word: a refusal
        for now is no reason to leave the others untried (RFC 5321 §5.1).
        """
        if not job.recipients:
            return Attempt(())  # all were served, and it could not be written down: nobody is visited for that
        way = await self._map.way(job.domain)
        if way.reply is not None:
            return Attempt(judge_all(job.recipients, way.reply), unreachable=not way.reply.never)
        self._logbook.append(Routed(job.ident, way.hosts))
        nobody = judge_all(job.recipients, Reply(451, "4.4.1", ("No host could be reached",)))
        attempt, talks = Attempt(nobody), 0
        relayed: tuple[RecipientOutcome, ...] = ()
        for stop in self._in_order(way):
            try:
                reused = await self._reach(stop)
            except LineError as error:
                self._tried(job, stop, error.reply.code if error.heard else 0, _why(error, stop))
                attempt = attempt.after_error(error, stop.host)
                if error.reply.code == 521 and error.stage == "greet":  # RFC 7504 §3: this host never takes mail
                    attempt = attempt.after(judge_all(attempt.open, error.reply, stop.host))
                    break
                continue
            talks += 1
            result = await self._hand_over(job, message.to(attempt.open), stop, reused=reused)
            if isinstance(result, LineError):
                attempt = attempt.after_error(result, stop.host)
            else:
                attempt = attempt.after(result.outcomes)
                relayed += result.relayed
            if not attempt.open or talks == SESSIONS or (isinstance(result, Talked) and result.final):
                break
        return replace(attempt, relayed=relayed, unreachable=not talks and bool(attempt.open))

    def _in_order(self, way: Route) -> list[RouteStop]:
        """A host that we are talking to already comes first, if it is one of them."""
        here = self.connection.stop if self.connection is not None else None
        return sorted(way.stops, key=lambda stop: stop != here)

    async def _reach(self, stop: RouteStop) -> bool:
        """Have a connection to this stop; is it one that carried messages before? Raises `LineError`."""
        connection = self.connection
        if connection and (connection.stop != stop or not connection.usable or self._relay.worn(connection)):
            self.connection = None
            await connection.quit()
        if self.connection is not None:
            return True
        idle = self._relay.take_idle(stop)
        self.connection = idle or await self._relay.open(stop)
        self._opened()
        return idle is not None

    async def _hand_over(self, job: Job, message: Message, stop: RouteStop, *, reused: bool) -> Talked | LineError:
        """Hand the message over; an error means: this talk broke off, another host may be tried."""
        connection = self.connection
        assert connection is not None
        try:
            handed = await connection.hand_over(message)
        except LineError as error:
            return await self._broken(job, message, stop, error, reused=reused)
        except (ValueError, OSError) as error:  # what SMTP cannot carry, or a content that cannot be read
            self.drop()
            self._tried(job, stop, 0)
            return Talked(judge_all(message.envelope.recipients, reply_to_error(error)), final=True)
        except BaseException:
            self.drop()
            raise
        if reused and handed.code == 421 and not connection.usable:
            return await self._afresh(job, message, stop)  # it has had enough of this talk, not of this message
        self._tried(job, stop, handed.code, handed.why)
        return await self._rest_of(job, message, stop, Talked(handed.outcomes, handed.relayed))

    async def _rest_of(self, job: Job, message: Message, stop: RouteStop, talked: Talked) -> Talked:
        """Recipients of whom the host has too many for one message come with another one, at once, while it takes some
        (RFC 5321 §4.5.3.1.10).
        """
        late = tuple(outcome.recipient for outcome in talked.outcomes if _comes_later(outcome))
        took = any(outcome.verdict is DeliveryVerdict.DELIVERED for outcome in talked.outcomes)
        if not late or not took or self.connection is None or not self.connection.usable:
            return talked
        more = await self._hand_over(job, message.to(late), stop, reused=False)
        if isinstance(more, LineError):
            return replace(talked, final=True)
        outcomes = tuple(outcome for outcome in talked.outcomes if not _comes_later(outcome)) + more.outcomes
        return Talked(outcomes, talked.relayed + more.relayed, more.final)

    async def _broken(
        self, job: Job, message: Message, stop: RouteStop, error: LineError, *, reused: bool
    ) -> Talked | LineError:
        self.drop()
        if error.stage == "dot":  # perhaps delivered: another host might deliver it twice (RFC 1047)
            self._tried(job, stop, 0, _why(error, stop))
            host = stop.host if error.heard else ""
            return Talked(judge_all(message.envelope.recipients, error.reply, host), final=True)
        if reused:
            return await self._afresh(job, message, stop)
        self._tried(job, stop, error.reply.code if error.heard else 0, _why(error, stop))
        return error

    async def _afresh(self, job: Job, message: Message, stop: RouteStop) -> Talked | LineError:
        """A kept connection had grown old: the message is handed over on a new one."""
        self.drop()
        try:
            self.connection = await self._relay.open(stop)
        except LineError as error:
            self._tried(job, stop, error.reply.code if error.heard else 0, _why(error, stop))
            return error
        return await self._hand_over(job, message, stop, reused=False)

    def _tried(self, job: Job, stop: RouteStop, code: int, why: str = "") -> None:
        self._logbook.append(Attempted(job.ident, stop.host, code, why))

    def drop(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def let_go(self) -> RelayConnection | None:
        """The connection, if it is still good for others."""
        connection, self.connection = self.connection, None
        if connection is not None and not connection.usable:
            connection.close()
            return None
        return connection
