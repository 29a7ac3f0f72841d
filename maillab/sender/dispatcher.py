"""The runner of the queue: takes what is due, finds the way, has it handed over and the outcome recorded.

One agent works for one domain on one connection; a domain that answers gets more of them. A domain whose hosts
cannot be reached rests as a whole: three hundred messages for it cost one attempt, not three hundred.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from maillab.events import NOT_TRIED, REMOVED, Failed, Stumbled
from maillab.logbook import Logbook
from maillab.mail.reply import Reply
from maillab.sender.bounce import Reporter
from maillab.sender.delivery_agent import Attempt, DeliveryAgent, Names, Router
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome, judge_all
from maillab.sender.outcome_recorder import Finding, OutcomeRecorder
from maillab.sender.queue import Queue
from maillab.sender.relay import Relay
from maillab.sender.retry import Schedule, gap, next_attempt
from maillab.sender.waiting import Job
from maillab.wire.clock import Clock


@dataclass(frozen=True, slots=True)
class DispatchLimits:
    """How many agents work for one domain, and in all; and how many jobs may be done but not yet written down.

    The last are what a crash makes the hosts see twice.
    """

    per_domain: int = 4
    in_all: int = 20
    unwritten: int = 40


@dataclass(slots=True)
class _Place:
    """What is known of a domain for which agents work, or which rests."""

    limit: int
    agents: list[DeliveryAgent] = field(default_factory=list)
    rest_until: float = 0.0
    outcome: RecipientOutcome | None = None  # what the last attempt before the rest led to

    @property
    def reached(self) -> int:
        """Agents that have a connection."""
        return sum(agent.connection is not None for agent in self.agents)


class Dispatcher:
    """Runs one queue. `shuffle` is the dice for hosts of equal preference, `myself` this machine's own host names,
    `inside` as a `OutcomeRecorder` has it.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        names: Names,
        relay: Relay,
        logbook: Logbook,
        clock: Clock,
        reporter: Reporter,
        name: Callable[[], str],
        inside: Callable[[str], bool] = lambda _: True,
        shuffle: Callable[[list[str]], None],
        myself: frozenset[str] = frozenset(),
        schedule: Schedule = Schedule(),  # noqa: B008 - a frozen value
        bounds: DispatchLimits = DispatchLimits(),
    ) -> None:
        self._queue = queue
        self._map = Router(names, shuffle, myself, logbook)
        self._relay = relay
        self._logbook = logbook
        self._clock = clock
        self._schedule = schedule
        self._bounds = bounds
        self._recorder = OutcomeRecorder(
            queue=queue,
            logbook=logbook,
            schedule=schedule,
            reporter=reporter,
            clock=clock.now,
            name=name,
            inside=inside,
        )
        self._places: dict[str, _Place] = {}
        self._agents = 0
        self._unwritten = asyncio.Semaphore(bounds.unwritten)
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._rearm = asyncio.Event()
        self._closing = False
        self._paused = False
        self._ended = asyncio.Event()

    def reschedule(self, schedule: Schedule) -> None:
        """Try again as this says, from the next attempt on."""
        self._schedule = self._recorder.schedule = schedule

    # ── life ──────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Work until `close`. The queue must be open."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._queue.watch(self._look)
                self._look_everywhere()
                while not self._closing:
                    self._rearm.clear()
                    for domain in self._queue.wake_due():
                        self._look(domain)
                    await self._sleep(self._queue.next_due)
        finally:
            self._group = None
            self._ended.set()

    async def _sleep(self, until: float | None) -> None:
        """Until a moment, or until something has changed."""
        async with asyncio.TaskGroup() as group:
            waits: list[asyncio.Task[object]] = [group.create_task(self._rearm.wait())]
            if until is not None:
                waits.append(group.create_task(self._clock.wait_until(until)))
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    def retry_now(self) -> None:
        """Try everything that waits, at once, and forget what was known of names and resting domains.

        What is being tried is tried once more, should it fail: perhaps its host was not there yet.
        """
        self._map.forget()
        for place in self._places.values():
            place.rest_until = 0.0
        self._queue.wake_all()
        self._look_everywhere()

    # ── by hand ───────────────────────────────────────────────────────────────────────────────

    @property
    def paused(self) -> bool:
        """Does everything stay where it is?"""
        return self._paused

    def pause(self) -> None:
        """Begin nothing new; messages in flight arrive."""
        self._paused = True

    def resume(self) -> None:
        """Go on with what is due."""
        self._paused = False
        self._look_everywhere()

    def forget_names(self) -> None:
        """Ask the name server anew before the next attempt: its zones have changed."""
        self._map.forget()

    def retry(self, ident: str) -> bool:
        """Try one job now, whatever was known of its domain; False when it does not wait."""
        if (job := self._queue.pull(ident)) is None:
            return False
        self._map.forget()
        if (place := self._places.get(job.domain)) is not None:
            place.rest_until = 0.0
        self._queue.give_back(replace(job, due=min(job.due, self._clock.now())))
        return True

    async def bounce(self, ident: str) -> bool:
        """Give one job up: its sender gets a report; False when it does not wait."""
        if (job := self._queue.pull(ident)) is None:
            return False
        reply = Reply(554, "5.0.0", ("Returned by the postmaster, before its time was over",))
        await self._conclude(job, Finding(judge_all(job.recipients, reply), tried=False))
        return True

    async def remove(self, ident: str) -> bool:
        """Throw one job away, without a word to its sender; False when it does not wait."""
        if (job := self._queue.pull(ident)) is None:
            return False
        await self._queue.settle(job, (), None, attempts=job.attempts)
        self._logbook.append(Failed(job.ident, job.names, REMOVED))
        return True

    async def close(self, deadline: float = 10.0) -> None:
        """Begin nothing new; messages in flight have `deadline` seconds to end, then they break off and stay queued."""
        self._closing = True
        self._rearm.set()
        self._relay.leave()
        if self._group is None:
            return
        try:
            async with asyncio.timeout(deadline):
                await self._ended.wait()
        except TimeoutError:
            for task in self._tasks:
                task.cancel()
            await self._ended.wait()

    # ── agents ──────────────────────────────────────────────────────────────────────────────

    def _look(self, domain: str) -> None:
        """There may be work for this domain ("": a job went to sleep); send an agent if one more is of use."""
        if not domain:
            self._rearm.set()
            return
        if self._group is None or self._closing or self._paused or self._agents >= self._bounds.in_all:
            return
        place = self._places.setdefault(domain, _Place(self._bounds.per_domain))
        if len(place.agents) >= (place.limit if place.reached else 1):
            return
        agent = DeliveryAgent(self._logbook, self._map, self._relay, lambda: self._help(domain))
        place.agents.append(agent)
        self._agents += 1
        self._keep(self._group.create_task(self._errands(domain, place, agent)))

    def _keep(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _help(self, domain: str) -> None:
        if self._queue.has_ready(domain):
            self._look(domain)

    def _look_everywhere(self) -> None:
        for domain in self._queue.ready_domains:
            if self._agents >= self._bounds.in_all:
                return
            self._look(domain)

    async def _errands(self, domain: str, place: _Place, agent: DeliveryAgent) -> None:
        """Serve one domain as long as there is work; then leave the connection to others for a moment."""
        try:
            while not (self._closing or self._paused) and (job := self._queue.take(domain)) is not None:
                if not await self._serve(job, place, agent):
                    break
        except BaseException:
            agent.drop()
            raise
        finally:
            connection = agent.let_go()
            place.agents.remove(agent)
            self._agents -= 1
            if not place.agents and place.rest_until <= self._clock.now():
                self._places.pop(domain, None)
            self._look_everywhere()
        if connection is not None:
            await self._relay.keep_alive(connection)

    async def _serve(self, job: Job, place: _Place, agent: DeliveryAgent) -> bool:
        """One job, to its conclusion; may the agent go on? The runner survives whatever goes wrong."""
        if place.outcome is not None and place.rest_until > self._clock.now():
            await self._write_down(job, _rested(job, place.outcome, place.rest_until, tried=False))
            return True
        try:
            attempt = await agent.attempt(job, await self._queue.message(job))
        except Exception as error:  # noqa: BLE001 - the runner must survive every fault of ours
            agent.drop()
            await self._stumble(job, error)
            return True
        if not attempt.unreachable:
            await self._write_down(job, Finding(attempt.outcomes, attempt.relayed))
        elif not place.reached:
            await self._rest(job, place, attempt)
        else:  # others do reach it: one connection less is enough
            place.limit = max(1, len(place.agents) - 1)
            self._queue.give_back(job)
            return False
        return True

    async def _write_down(self, job: Job, finding: Finding) -> None:
        """Conclude a job while the agent goes on: the disk is slower than the wire."""
        assert self._group is not None, "agents live in the group"
        await self._unwritten.acquire()
        self._keep(self._group.create_task(self._conclude(job, finding))).add_done_callback(
            lambda _: self._unwritten.release()
        )

    async def _conclude(self, job: Job, finding: Finding) -> None:
        try:
            await self._recorder.conclude(job, await self._queue.message(job), finding)
        except Exception as error:  # noqa: BLE001 - the runner must survive every fault of ours
            await self._stumble(job, error)

    async def _stumble(self, job: Job, error: Exception) -> None:
        """A fault of ours: said, and the job waits, in memory as it is on disk; but no longer than any other."""
        self._logbook.append(Stumbled("dispatcher", job.ident, f"{type(error).__name__}: {error}"))
        tried = replace(job, attempts=job.attempts + 1)
        moment = next_attempt(self._schedule, job.born, self._clock.now(), tried.attempts)
        if moment is None:
            await self._recorder.give_up(tried)
        else:
            self._queue.give_back(replace(tried, due=moment))

    async def _rest(self, job: Job, place: _Place, attempt: Attempt) -> None:
        """No host of the domain was reached: all its ready jobs share this attempt, and the domain rests."""
        jobs = [job]
        while (ready := self._queue.take(job.domain)) is not None:
            jobs.append(ready)
        place.outcome = attempt.outcomes[0]
        until = self._clock.now() + min(gap(self._schedule, each.attempts + 1) for each in jobs)
        place.rest_until = 0.0 if self._queue.is_urgent(job) else until
        async with asyncio.TaskGroup() as group:  # together, so that they go to the disk together
            for each in jobs:
                group.create_task(self._conclude(each, _rested(each, place.outcome, until, tried=True)))


def _rested(job: Job, outcome: RecipientOutcome, until: float, *, tried: bool) -> Finding:
    """Later for all, for the reason of the last attempt; one that was not this job's own says so."""
    reply = outcome.reply
    if not tried:
        reply = replace(reply, lines=(NOT_TRIED + reply.lines[0], *reply.lines[1:]))
    outcomes = tuple(RecipientOutcome(who, DeliveryVerdict.LATER, reply, outcome.host) for who in job.recipients)
    return Finding(outcomes, tried=tried, not_before=until)
