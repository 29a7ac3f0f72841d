"""One courier: finds the way for a job and tries its hosts in order, on a connection that it keeps from job to job.

It answers what became of the letter and decides nothing else: not when to try again, not what the sender is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from maillab.events import Attempted, Routed, Warned
from maillab.logbook import Logbook
from maillab.mail.letter import Letter
from maillab.mail.reply import Reply
from maillab.sender.outcome import Outcome, Verdict, judge_all, reply_to_error
from maillab.sender.relay import Handed, Passage, Relay
from maillab.sender.route import HostAnswer, MxAnswer, Route, Stop, hosts_to_ask, route
from maillab.sender.waiting import Job
from maillab.wire.replies import Declined, LineError

SESSIONS = 2  # talks that may break off in one attempt, as Postfix has it (smtp_mx_session_limit)


class Names(Protocol):
    """The name server, as a courier asks it."""

    async def mx(self, domain: str) -> MxAnswer:
        """MX records of a domain."""
        ...

    async def host(self, name: str) -> HostAnswer:
        """Addresses of a host."""
        ...

    def forget(self) -> None:
        """Ask anew what was asked before."""
        ...


class Map:
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
    """What became of a letter. `unreachable`: the reason lies with the domain, not the letter; others need not try."""

    outcomes: tuple[Outcome, ...]
    relayed: tuple[Outcome, ...] = ()
    unreachable: bool = False


class Courier:
    """`opened` is called when a host has been reached, so that others may be sent along."""

    def __init__(self, book: Logbook, way_to: Map, relay: Relay, opened: Callable[[], None]) -> None:
        self.passage: Passage | None = None
        self._logbook = book
        self._map = way_to
        self._relay = relay
        self._opened = opened

    async def attempt(self, job: Job, letter: Letter) -> Attempt:
        """Try all hosts of the job's domain, until one has given its word on the letter."""
        way = await self._map.way(job.domain)
        if way.reply is not None:
            return Attempt(judge_all(job.recipients, way.reply), unreachable=not way.reply.never)
        self._logbook.append(Routed(job.ident, way.hosts))
        last, host, broken = Reply(451, "4.4.1", ("No host could be reached",)), "", 0
        for stop in self._in_order(way):
            host = stop.host
            try:
                reused = await self._reach(stop)
            except LineError as error:
                self._tried(job, stop, error.reply.code if isinstance(error, Declined) else 0)
                last = error.reply
                if error.reply.code == 521 and error.stage == "greet":  # RFC 7504 §3: this host never takes mail
                    return Attempt(judge_all(job.recipients, last, host))
                continue
            result = await self._hand_over(job, letter, stop, reused=reused)
            if isinstance(result, Attempt):
                return result
            last, broken = result, broken + 1
            if broken == SESSIONS:
                break
        outcomes = tuple(Outcome(recipient, Verdict.LATER, last, host) for recipient in job.recipients)
        return Attempt(outcomes, unreachable=not broken)

    def _in_order(self, way: Route) -> list[Stop]:
        """A host that we are talking to already comes first, if it is one of them."""
        stops = list(way.stops)
        if self.passage is not None and self.passage.stop in stops:
            stops.sort(key=lambda stop: stop != self.passage.stop if self.passage is not None else False)
        return stops

    async def _reach(self, stop: Stop) -> bool:
        """Have a passage to this stop; is it one that carried letters before? Raises `LineError`."""
        passage = self.passage
        if passage is not None and (passage.stop != stop or not passage.usable or self._relay.worn(passage)):
            self.passage = None
            await passage.quit()
        if self.passage is not None:
            return True
        idle = self._relay.take_idle(stop)
        self.passage = idle or await self._relay.open(stop)
        self._opened()
        return idle is not None

    async def _hand_over(self, job: Job, letter: Letter, stop: Stop, *, reused: bool) -> Attempt | Reply:
        """Hand the letter over; a reply instead of an attempt means: this talk broke off, another host may be tried."""
        passage = self.passage
        assert passage is not None
        try:
            handed = await passage.hand_over(letter)
        except LineError as error:
            return await self._broken(job, letter, stop, error, reused=reused)
        except (ValueError, OSError) as error:  # what SMTP cannot carry, or a content that cannot be read
            self.drop()
            reply = reply_to_error(error)
            self._tried(job, stop, 0)
            return Attempt(judge_all(job.recipients, reply))
        except BaseException:
            self.drop()
            raise
        if reused and handed.code == 421 and not passage.usable:
            return await self._afresh(job, letter, stop)  # it has had enough of this talk, not of this letter
        return self._said(job, stop, handed)

    async def _broken(self, job: Job, letter: Letter, stop: Stop, error: LineError, *, reused: bool) -> Attempt | Reply:
        self.drop()
        if error.stage == "dot":  # perhaps delivered: another host might deliver it twice (RFC 1047)
            self._tried(job, stop, 0)
            return Attempt(judge_all(job.recipients, error.reply, stop.host))
        if reused:
            return await self._afresh(job, letter, stop)
        self._tried(job, stop, error.reply.code if error.reply.code == 421 else 0)
        return error.reply

    async def _afresh(self, job: Job, letter: Letter, stop: Stop) -> Attempt | Reply:
        """A kept connection had grown old: the letter is handed over on a new one."""
        self.drop()
        try:
            self.passage = await self._relay.open(stop)
        except LineError as error:
            self._tried(job, stop, error.reply.code if isinstance(error, Declined) else 0)
            return error.reply
        return await self._hand_over(job, letter, stop, reused=False)

    def _said(self, job: Job, stop: Stop, handed: Handed) -> Attempt:
        self._tried(job, stop, handed.code)
        return Attempt(handed.outcomes, handed.relayed)

    def _tried(self, job: Job, stop: Stop, code: int) -> None:
        self._logbook.append(Attempted(job.ident, stop.host, code))

    def drop(self) -> None:
        """Hang up."""
        if self.passage is not None:
            self.passage.close()
            self.passage = None

    def let_go(self) -> Passage | None:
        """The passage, if it is still good for others."""
        passage, self.passage = self.passage, None
        if passage is not None and not passage.usable:
            passage.close()
            return None
        return passage
