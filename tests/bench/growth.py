"""Does a lab grow slow? A journey where much lies there already, beside one where nothing does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.sender.store import Fresh, QueueStore
from maillab.sender.waiting import jobs_of
from tests.bench.imap import fill
from tests.bench.machines import LabMachines, a_lab
from tests.bench.mail import WARM_UP, WORKS
from tests.bench.measure import Side, Tell, alternate, table
from tests.bench.processes import Noise
from tests.bench.source import count, wait_for_count

LYING = (1_000, 10_000, 50_000)  # messages in bob's mailbox
DEFERRED = 20_000  # jobs
LONG = 3000.0  # seconds for which they wait


def growth(rounds: int, messages: int, tell: Tell) -> str:
    """Messages a second; the ratios say how many times faster the empty lab is."""
    sides: dict[str, Side] = {"empty": lambda: _full(0, 0, messages)}
    for lying in LYING:
        sides[f"{lying} messages"] = lambda lying=lying: _full(lying, 0, messages)  # type: ignore[misc]
    sides[f"{DEFERRED} deferred"] = lambda: _full(0, DEFERRED, messages)
    noise = Noise()
    numbers = alternate(sides, rounds, tell)
    return "\n".join([table("growth: messages/s of a journey, by what lies there already", numbers), str(noise)])


def _full(lying: int, deferred: int, messages: int) -> float:
    with _furnished(lying, deferred) as machines:
        before, work = count(machines.maildir), WORKS["journey"]
        work.rate(machines, WARM_UP)
        rate = work.rate(machines, messages)
        wait_for_count(machines.maildir, before + WARM_UP + messages)
        return rate


@contextmanager
def _furnished(lying: int, deferred: int) -> Iterator[LabMachines]:
    """A lab whose bob has messages, and whose sender has jobs that wait for long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with a_lab("--quiet", folder=folder) as machines:
            new = machines.maildir  # it has made what belongs into its folder
        fill(new.parent / "cur", lying)
        defer(folder / "queue" / "sender.test", deferred)
        with a_lab("--quiet", folder=folder) as machines:
            yield machines


def defer(folder: Path, jobs: int) -> None:
    """Put messages into a queue that ran just now; they are to be tried again after a long time."""
    store, now = QueueStore(folder), folder.stat().st_mtime
    try:
        last = store.load().last
        store.commit([_deferred(f"L{last + number}", now) for number in range(1, jobs + 1)], [])
    finally:
        store.close()


def _deferred(ident: str, now: float) -> Fresh:
    recipients = (Recipient(Address.parse("eve@elsewhere.test")),)
    message = Message(Envelope(Address.parse("alice@sender.test"), recipients), Content(b"Subject: later\r\n\r\nx\r\n"))
    return Fresh(ident, message, now, tuple(replace(job, due=now + LONG) for job in jobs_of(ident, recipients, now)))
