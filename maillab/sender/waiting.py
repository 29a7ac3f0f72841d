"""Who waits for what: the jobs of the queue in memory, ready or sleeping, by domain.

Rules for this file: no clock and no disk. What is durable is in `store.py`; this is its index, made anew at each start.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from maillab.mail.envelope import Recipient


@dataclass(frozen=True, slots=True)
class Job:
    """One message waiting for one domain. `recipients` are those whose fate is open; moments in seconds since 1970."""

    ident: str  # "L7.1": the first job of message L7
    message: str
    domain: str  # in A-labels, as DNS knows it
    recipients: tuple[Recipient, ...]
    born: float
    attempts: int = 0
    due: float = 0.0
    warned: bool = False  # the sender was told that it is late

    @property
    def names(self) -> tuple[str, ...]:
        """The recipients as text, for events."""
        return tuple(str(recipient.address) for recipient in self.recipients)


def jobs_of(ident: str, recipients: Iterable[Recipient], born: float) -> tuple[Job, ...]:
    """The jobs of a new message: one for each domain, in the order in which the domains are first named.

    >>> from maillab.mail.address import Address
    >>> people = [Recipient(Address.parse(text)) for text in ("bob@a.test", "eve@b.test", "carol@a.test")]
    >>> [job.ident for job in jobs_of("L7", people, 0.0)]
    ['L7.1', 'L7.2']
    """
    by_domain: dict[str, list[Recipient]] = {}
    for recipient in recipients:
        by_domain.setdefault(recipient.address.ascii_domain, []).append(recipient)
    return tuple(
        Job(f"{ident}.{number}", ident, domain, tuple(people), born, due=born)
        for number, (domain, people) in enumerate(by_domain.items(), 1)
    )


class WaitingJobs:
    """Jobs that nobody is working on.

    >>> waiting = WaitingJobs()
    >>> waiting.add(Job("L1.1", "L1", "recipient.test", (), born=0.0, due=300.0), now=0.0)
    >>> waiting.take("recipient.test"), waiting.next_due
    (None, 300.0)
    >>> waiting.wake_due(300.0), waiting.take("recipient.test").ident
    (['recipient.test'], 'L1.1')
    """

    def __init__(self) -> None:
        self._ready: dict[str, deque[Job]] = {}
        self._sleeping: list[tuple[float, int, Job]] = []
        self._count = 0  # breaks ties: first come, first served

    def add(self, job: Job, now: float) -> None:
        """A job waits: it is ready when its moment has come, else it sleeps until then."""
        if job.due <= now:
            self._ready.setdefault(job.domain, deque()).append(job)
            return
        self._count += 1
        heappush(self._sleeping, (job.due, self._count, job))

    def take(self, domain: str) -> Job | None:
        """The next ready job for this domain; who takes it must bring it to an end or `add` it again."""
        jobs = self._ready.get(domain)
        if not jobs:
            return None
        job = jobs.popleft()
        if not jobs:
            del self._ready[domain]
        return job

    def pull(self, ident: str) -> Job | None:
        """A certain job, ready or asleep, as by `take`; `None` when it does not wait here."""
        for domain, jobs in self._ready.items():
            for job in jobs:
                if job.ident == ident:
                    jobs.remove(job)
                    if not jobs:
                        del self._ready[domain]
                    return job
        for row in self._sleeping:
            if row[2].ident == ident:
                self._sleeping.remove(row)
                heapify(self._sleeping)
                return row[2]
        return None

    def wake_due(self, now: float) -> list[str]:
        """Wake the sleepers whose moment has come; gives their domains, each once."""
        domains: dict[str, None] = {}
        while self._sleeping and self._sleeping[0][0] <= now:
            job = heappop(self._sleeping)[2]
            self._ready.setdefault(job.domain, deque()).append(job)
            domains[job.domain] = None
        return list(domains)

    def wake_all(self) -> list[str]:
        """Wake every sleeper, whatever its moment."""
        return self.wake_due(float("inf"))

    def has_ready(self, domain: str) -> bool:
        """Is there work for this domain?"""
        return domain in self._ready

    @property
    def ready_domains(self) -> list[str]:
        """Domains with ready jobs, longest waiting first."""
        return list(self._ready)

    @property
    def next_due(self) -> float | None:
        """The moment at which the next sleeper wakes, `None` when nobody sleeps."""
        return self._sleeping[0][0] if self._sleeping else None

    def __len__(self) -> int:
        return len(self._sleeping) + sum(map(len, self._ready.values()))

    def __iter__(self) -> Iterator[Job]:
        """Every job, ready ones first, sleepers by their moment."""
        for jobs in self._ready.values():
            yield from jobs
        for _, _, job in sorted(self._sleeping, key=lambda row: row[:2]):
            yield job
