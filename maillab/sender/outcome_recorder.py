"""Writing down what became of a job: the queue, the logbook and the reports to its sender, all telling the same.

The order is a promise: nothing is said in the logbook before it is durable, and a report is durable in the very
transaction in which the failure is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from maillab.events import Bounced, Deferred, Dropped, Event, Failed, Queued, Stumbled
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.mail.envelope import Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.sender.bounce import Reporter, ReportKind, message_to_report
from maillab.sender.outcome import DeliveryVerdict, RecipientOutcome, judge_all
from maillab.sender.queue import Queue
from maillab.sender.retry import Schedule, end_of_life, next_attempt, warning_due
from maillab.sender.waiting import Job


@dataclass(frozen=True, slots=True)
class Finding:
    """What an attempt led to. `relayed`: delivered to a host without DSN, and the sender asked to know.

    `tried` is false when nothing was tried because the domain rests; `not_before` is when its rest ends.
    """

    outcomes: tuple[RecipientOutcome, ...]
    relayed: tuple[RecipientOutcome, ...] = ()
    tried: bool = True
    not_before: float = 0.0


class OutcomeRecorder:
    """Concludes jobs. `name` gives a new word for each report; `clock` seconds since 1970; `inside(domain)` says
    whether mail for a domain (in A-labels) can go anywhere.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        logbook: Logbook,
        schedule: Schedule,
        reporter: Reporter,
        clock: Callable[[], float],
        name: Callable[[], str],
        inside: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._queue = queue
        self._logbook = logbook
        self.schedule = schedule
        self._reporter = reporter
        self._clock = clock
        self._name = name
        self._inside = inside
        self._heard: dict[str, dict[Recipient, RecipientOutcome]] = {}  # job: what a host said last of those who wait

    async def conclude(self, job: Job, message: Message, finding: Finding) -> None:
        """Write down what was found; a job with recipients for later waits on. A disk that refuses is logged."""
        now = self._clock()
        moment = self._next(job, finding, now)
        outcomes = finding.outcomes
        if moment is None:
            outcomes = tuple(self._expired(job, outcome) for outcome in outcomes)
        later = [outcome for outcome in outcomes if outcome.verdict is DeliveryVerdict.LATER]
        self._remember(job, later)
        failed = [outcome for outcome in outcomes if outcome.verdict is DeliveryVerdict.NEVER]
        warn = bool(later) and warning_due(self.schedule, job.born, now, warned=job.warned)
        about = [
            (ReportKind.FAILED, failed),
            (ReportKind.DELAYED, later if warn else []),
            (ReportKind.RELAYED, list(finding.relayed)),
        ]
        reports = [
            (kind, report) for kind, due in about if (report := await self._report(kind, job, message, due, now))
        ]

        def told(jobs: tuple[Job, ...]) -> None:
            for event in self._events(job, message, failed, later, (moment or now) - now, reports, jobs):
                self._logbook.append(event)

        try:
            await self._queue.settle(
                job,
                outcomes,
                moment,
                attempts=job.attempts + finding.tried,
                warned=warn,
                reports=[report for _, report in reports],
                told=told,
            )
        except Exception as error:  # noqa: BLE001 - the queue keeps the job; the runner must survive
            self._logbook.append(Stumbled("queue", job.ident, f"{type(error).__name__}: {error}"))

    async def give_up(self, job: Job) -> None:
        """A job whose time is over, and which stumbled to its end: its sender gets a report as far as the message can
        be read. One that cannot be read at all stays on disk, where a person may look at it, and waits no more.
        """
        stumbled = Reply(451, "4.3.0", ("The sending machine stumbled again and again",))
        finding = Finding(judge_all(job.recipients, stumbled), tried=False)
        why = ""
        for with_content in (True, False):
            try:
                message = await self._queue.message(job)
                await self.conclude(job, message if with_content else replace(message, content=Content(b"")), finding)
                return
            except Exception as error:  # noqa: BLE001 - perhaps it is the content that cannot be read, perhaps all of it
                why = f"{type(error).__name__}: {error}"
        self._logbook.append(Failed(job.ident, job.names, f"its time is over, and it cannot be read: {why}"))

    def _remember(self, job: Job, later: Sequence[RecipientOutcome]) -> None:
        if not later:
            self._heard.pop(job.ident, None)
        elif heard := {outcome.recipient: outcome for outcome in later if outcome.heard}:
            self._heard.setdefault(job.ident, {}).update(heard)

    def _next(self, job: Job, finding: Finding, now: float) -> float | None:
        """When those who are left are tried again; `None`: their time is over."""
        moment = next_attempt(self.schedule, job.born, now, job.attempts + finding.tried)
        if moment is None:
            return None
        moment = max(moment, finding.not_before) if finding.tried else finding.not_before
        return min(moment, end_of_life(self.schedule, min(job.born, now)))

    def _expired(self, job: Job, outcome: RecipientOutcome) -> RecipientOutcome:
        """Later becomes never: 5.4.7, delivery time expired (RFC 3463 §3.5). What a host said last is told with it,
        also where the last attempts did not reach one.
        """
        if outcome.verdict is not DeliveryVerdict.LATER:
            return outcome
        heard = f"{outcome.host} said {outcome.reply.text}" if outcome.host else " ".join(outcome.reply.lines)
        text = f"Not delivered in {_span(self.schedule.lifetime)}; last error: {heard}"
        last = outcome if outcome.heard else self._heard.get(job.ident, {}).get(outcome.recipient, outcome)
        if last is not outcome and last.heard is not None:
            text += f"; before that {last.host} said {last.heard.text}"
        return RecipientOutcome(
            outcome.recipient, DeliveryVerdict.NEVER, Reply(554, "5.4.7", (text,)), last.host, last.heard
        )

    async def _report(
        self, kind: ReportKind, job: Job, message: Message, due: Sequence[RecipientOutcome], now: float
    ) -> Message | None:
        if not due or self._nobody_to_tell(message):
            return None

        def build() -> Message | None:
            return message_to_report(
                kind,
                message,
                due,
                self._reporter,
                arrived=job.born,
                now=now,
                ident=ident,
                retry_until=end_of_life(self.schedule, job.born),
            )

        ident = self._name()
        return await self._queue.aside(build) if message.content.octets else build()

    def _nobody_to_tell(self, message: Message) -> str:
        """Why no report can reach the sender, "" when one can."""
        sender = message.envelope.sender
        if sender is None:
            return "reports are never bounced"
        if not self._inside(sender.ascii_domain):
            return f"no report can reach {sender}: {sender.domain} is outside the lab"
        return ""

    def _events(
        self,
        job: Job,
        message: Message,
        failed: list[RecipientOutcome],
        later: list[RecipientOutcome],
        wait: float,
        reports: list[tuple[ReportKind, Message]],
        jobs: tuple[Job, ...],
    ) -> Iterable[Event]:
        """What the logbook is told, in order: failures and their report, what waits, what was reported otherwise."""
        sender = message.envelope.sender
        for reason, names in _by_reason(failed):
            yield Failed(job.ident, names, reason)
        if failed and (why := self._nobody_to_tell(message)):
            yield Dropped(job.ident, why)
        for reason, names in _by_reason(later):
            yield Deferred(job.ident, names, reason, round(wait))
        for (kind, _), report in zip(reports, jobs, strict=True):  # a report has one recipient, hence one job
            yield Bounced(job.ident, str(sender), kind.value, report.message)
            yield Queued(report.ident, report.message, report.domain, report.names)


def _by_reason(outcomes: Iterable[RecipientOutcome]) -> list[tuple[str, tuple[str, ...]]]:
    """Recipients who share a reply, together."""
    groups: dict[str, list[str]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.reply.text, []).append(str(outcome.recipient.address))
    return [(reason, tuple(names)) for reason, names in groups.items()]


def _span(seconds: int) -> str:
    """A length of time in the largest unit that measures it exactly.

    >>> _span(432_000), _span(14_400), _span(90)
    ('5 days', '4 hours', '90 seconds')
    """
    for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    raise AssertionError("a second measures every whole number of seconds")
