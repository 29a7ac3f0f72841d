"""What waits in the queues: put together from what was decided, so that a session shows it as the living lab does."""

from collections import Counter
from dataclasses import dataclass, replace

from maillab.events import Attempted, Bounced, Deferred, Entry, Failed, Queued, Routed
from maillab.views.jobs import trim


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is not over. `next` is the moment of the next attempt, `None` while one is under way. An attempt may
    go to several hosts, one after the other.

    `down` is when its host was last found down, for a job that was put off without having been tried itself; 0 for all
    others. A report (`is_report`) is written by the queue itself, and counted nowhere: the message it is about is.
    """

    job: str
    message: str
    domain: str
    recipients: tuple[str, ...]
    since: float
    attempts: int = 0
    next: float | None = None
    reason: str = ""
    down: float = 0.0
    reached_out: bool = False  # has the attempt that is under way, or was last, tried a host?
    is_report: bool = False


class Queues:
    """Hears entries in their order.

    >>> queues = Queues()
    >>> queues.hear(Entry(1, 5.0, Queued("L1.1", "L1", "b.test", ("bob@b.test",))))
    >>> queues.hear(Entry(2, 6.0, Deferred("L1.1", ("bob@b.test",), "450 later", 300)))
    >>> [(job.job, job.next, job.reason) for job in queues.waiting]
    [('L1.1', 306.0, '450 later')]
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Waiting] = {}
        self._over: dict[str, Waiting] = {}  # jobs that look as if they were over: another recipient may wait on
        self._reports: dict[str, str] = {}  # by message, what they are about
        self._down: dict[str, float] = {}  # domain: when its hosts were last not reached
        self.done: Counter[str] = Counter()  # recipients so far, by the first letter of their jobs: that of their queue
        self.failed: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()  # by hand

    @property
    def waiting(self) -> list[Waiting]:
        """Jobs that are not over, the oldest first."""
        return list(self._jobs.values())

    @property
    def initials(self) -> frozenset[str]:
        """The first letters of the jobs that are not over: those of the queues that are not empty."""
        return frozenset(job[:1] for job in self._jobs)

    def hear(self, entry: Entry) -> None:
        """Take note of an entry."""
        match entry.event:
            case Bounced(about, _, _, message):
                self._reports[message] = about
                trim(self._reports)
            case Queued(job, message, domain, recipients):
                is_report = message in self._reports
                self._jobs[job] = Waiting(job, message, domain, recipients, entry.at, is_report=is_report)
                trim(self._jobs)
            case Routed(job, _) if job in self._jobs:
                self._jobs[job] = replace(self._jobs[job], next=None, down=0.0, reached_out=False)
            case Attempted(job, _, code) if job in self._jobs:
                waiting = self._jobs[job]
                attempts = waiting.attempts + (not waiting.reached_out)
                self._jobs[job] = replace(waiting, attempts=attempts, next=None, down=0.0, reached_out=True)
                if not code:
                    self._down[waiting.domain] = entry.at
                    trim(self._down)
                if 200 <= code < 300:
                    self.done[job[:1]] += 0 if waiting.is_report else len(waiting.recipients)
                    self._end(job)
            case Deferred(job, recipients, reason, seconds):
                self._not_sent(job, recipients)
                known = self._jobs.get(job) or self._over.pop(job, None)
                known = known or Waiting(job, job.partition(".")[0], "", recipients, entry.at)
                rests = not known.attempts or known.next is not None
                down = self._down.get(known.domain, 0.0) if rests else 0.0
                moment = entry.at + seconds
                self._jobs[job] = replace(
                    known, recipients=recipients, reason=reason, next=moment, down=down, reached_out=False
                )
            case Failed(job, recipients, _):
                self._failed(job, recipients, self.removed if entry.event.removed else self.failed)

    def _failed(self, job: str, recipients: tuple[str, ...], counted: Counter[str]) -> None:
        """These were refused for good, after the host took the message for others, or before any did; or removed."""
        waiting = self._jobs.get(job)
        counted[job[:1]] += 0 if waiting is not None and waiting.is_report else len(recipients)
        self._not_sent(job, recipients)
        if waiting is not None:
            left = tuple(who for who in waiting.recipients if who not in recipients)
            self._jobs[job] = replace(waiting, recipients=left)
            if not left:
                self._end(job)

    def _not_sent(self, job: str, recipients: tuple[str, ...]) -> None:
        """The host took the message, but not for these."""
        if (over := self._over.get(job)) is not None:
            left = tuple(who for who in over.recipients if who not in recipients)
            self.done[job[:1]] -= 0 if over.is_report else len(over.recipients) - len(left)
            self._over[job] = replace(over, recipients=left)

    def _end(self, job: str) -> None:
        self._over[job] = self._jobs.pop(job)
        trim(self._over)
