"""What the recorder writes down: the logbook, the queue and the reports tell the same."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maillab.events import Bounced, Deferred, Dropped, Event, Failed, Queued, Stumbled
from maillab.logbook import Logbook
from maillab.mail.content import Content
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.sender.bounce import Reporter
from maillab.sender.outcome import RecipientOutcome, judge, judge_all
from maillab.sender.outcome_recorder import Finding, OutcomeRecorder
from maillab.sender.queue import Queue
from maillab.sender.retry import Schedule
from maillab.sender.store import QueueStore
from maillab.sender.waiting import Job
from tests.sender.hosts import message
from tests.support import run

SCHEDULE = Schedule()
OK, WAIT, NO = Reply(250, "", ("ok",)), Reply(451, "4.2.0", ("later",)), Reply(550, "5.1.1", ("no",))


def concluded(
    folder: Path, one: Message, *findings: Any, age: float = 0.0, schedule: Schedule = SCHEDULE, inside: str = ".test"
) -> tuple[list[Event], list[Job]]:
    """Put a message, conclude its job with each finding (made from the job) in turn; gives the events and what waits."""

    async def story() -> tuple[list[Event], list[Job]]:
        now = [1000.0]
        book = Logbook(lambda: now[0])
        queue = Queue(folder, lambda: now[0])
        await queue.open()
        recorder = OutcomeRecorder(
            queue=queue, logbook=book, schedule=schedule, reporter=Reporter("sender.test", "out.test"),
            clock=lambda: now[0], name=lambda: "report", inside=lambda domain: domain.endswith(inside),
        )  # fmt: skip
        await queue.put(one, 1000.0)
        now[0] += age
        for finding in findings:
            queue.wake_all()
            job = queue.take("a.test")
            assert job is not None
            await recorder.conclude(job, await queue.message(job), finding(job))
        events, jobs = [entry.event for entry in book.since(0)], queue.jobs
        await queue.close()
        return events, jobs

    return run(story())


def test_delivered(tmp_path: Path) -> None:
    """A message that was delivered leaves nothing, and nothing more is said about it."""
    assert concluded(tmp_path, message("bob@a.test"), lambda job: Finding(judge_all(job.recipients, OK))) == ([], [])


def test_everything_at_once(tmp_path: Path) -> None:
    """Failed, waiting and delivered recipients of one job are written down in this order, alike ones together."""
    one = message("b@a.test", "c@a.test", "d@a.test", "e@a.test", "f@a.test")
    replies = (NO, WAIT, OK, NO, Reply(553, "", ("other",)))

    events, jobs = concluded(
        tmp_path,
        one,
        lambda job: Finding(tuple(judge(who, reply, "mx") for who, reply in zip(job.recipients, replies, strict=True))),
    )

    assert events == [
        Failed("L1.1", ("b@a.test", "e@a.test"), "550 5.1.1 no"),
        Failed("L1.1", ("f@a.test",), "553 other"),
        Deferred("L1.1", ("c@a.test",), "451 4.2.0 later", 300),
        Bounced("L1.1", "alice@sender.test", "failed", "L2"),
        Queued("L2.1", "L2", "sender.test", ("alice@sender.test",)),
    ]
    assert [(job.ident, job.names, job.attempts, job.due) for job in jobs] == [
        ("L2.1", ("alice@sender.test",), 0, 1000.0),
        ("L1.1", ("c@a.test",), 1, 1300.0),
    ]


def test_null_sender(tmp_path: Path) -> None:
    """The failure of a message from <> is written down as dropped."""  # T054
    events, jobs = concluded(
        tmp_path, message("b@a.test", sender=""), lambda job: Finding(judge_all(job.recipients, NO))
    )

    assert [type(event) for event in events] == [Failed, Dropped]
    assert jobs == []


def test_resting_is_no_attempt(tmp_path: Path) -> None:
    """A job that waits for a resting domain waits until its rest ends, and its schedule has not begun."""

    def rest(job: Job) -> Finding:
        return Finding(judge_all(job.recipients, WAIT), tried=False, not_before=1100.0)

    _, (job,) = concluded(tmp_path, message("b@a.test"), rest)

    assert (job.attempts, job.due) == (0, 1100.0)


def test_rest_delays_the_schedule(tmp_path: Path) -> None:
    """A job that was tried waits for the later of its schedule and the rest, but not beyond its life."""

    def tried(until: float) -> Any:
        return lambda job: Finding(judge_all(job.recipients, WAIT), not_before=until)

    assert concluded(tmp_path / "1", message("b@a.test"), tried(1100.0))[1][0].due == 1300.0
    assert concluded(tmp_path / "2", message("b@a.test"), tried(5000.0))[1][0].due == 5000.0
    assert concluded(tmp_path / "3", message("b@a.test"), tried(1e9))[1][0].due == 1000.0 + 432_000


def test_end_of_life(tmp_path: Path) -> None:
    """At the end of its life a message fails with 5.4.7 and the last words of the host."""  # T053
    events, _ = concluded(
        tmp_path, message("b@a.test"), lambda job: Finding(judge_all(job.recipients, WAIT, "mx.test")), age=432_000
    )

    assert events[0] == Failed(
        "L1.1", ("b@a.test",), "554 5.4.7 Not delivered in 5 days; last error: mx.test said 451 4.2.0 later"
    )
    assert isinstance(events[1], Bounced)


def test_end_of_life_of_a_host_that_refused(tmp_path: Path) -> None:
    """A host that refused the connection said nothing: the last error is told as our own, without a code."""
    refused = Reply(451, "4.4.1", ("No connection to mx.test: Connection refused",))
    events, _ = concluded(
        tmp_path, message("b@a.test"), lambda job: Finding(judge_all(job.recipients, refused)), age=432_000
    )

    assert events[0] == Failed(
        "L1.1",
        ("b@a.test",),
        "554 5.4.7 Not delivered in 5 days; last error: No connection to mx.test: Connection refused",
    )


def test_warned_once(tmp_path: Path) -> None:
    """A late message is reported as delayed the first time only."""

    def wait(job: Job) -> Finding:
        return Finding(judge_all(job.recipients, WAIT))

    events, jobs = concluded(tmp_path, message("b@a.test"), wait, wait, age=14_400)

    assert [event.kind for event in events if isinstance(event, Bounced)] == ["delayed"]
    assert [job.warned for job in jobs if job.ident == "L1.1"] == [True]


def test_relayed(tmp_path: Path) -> None:
    """Success at a host without DSN is reported as relayed to who asked for it."""

    def done(job: Job) -> Finding:
        outcomes = tuple(
            RecipientOutcome(replace(one.recipient, notify=("SUCCESS",)), one.verdict, one.reply, "mx")
            for one in judge_all(job.recipients, OK)
        )
        return Finding(judge_all(job.recipients, OK), relayed=outcomes)

    events, _ = concluded(tmp_path, message("b@a.test"), done)

    assert events[0] == Bounced("L1.1", "alice@sender.test", "relayed", "L2")


def test_large_original(tmp_path: Path) -> None:
    """A failure of a large message returns its header, read from its file."""
    one = replace(message("b@a.test"), content=Content(b"Subject: big\r\n\r\n" + b"x" * 200_000))
    events, _ = concluded(tmp_path, one, lambda job: Finding(judge_all(job.recipients, NO)))

    assert [type(event) for event in events] == [Failed, Bounced, Queued]


def test_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk refuses, that is written down in place of the failure, and the job still waits."""  # T011
    commit = QueueStore.commit
    calls = []

    def once(self: QueueStore, *what: Any) -> None:
        calls.append(what)
        if len(calls) > 1:
            raise OSError(5, "Input/output error")
        commit(self, *what)

    monkeypatch.setattr(QueueStore, "commit", once)
    events, jobs = concluded(tmp_path, message("b@a.test"), lambda job: Finding(judge_all(job.recipients, NO)))

    assert [type(event) for event in events] == [Stumbled]
    assert [job.names for job in jobs] == [("b@a.test",)]


@pytest.mark.parametrize("sender", ["alice@outside.example", "alice@[192.0.2.1]"])
@pytest.mark.parametrize("age", [0, 14_400])
def test_a_sender_to_whom_no_mail_can_go(tmp_path: Path, sender: str, age: float) -> None:
    """A report that could reach nobody is not queued, to wait for five days; that it is missing is said, once, at the end."""

    def wait(job: Job) -> Finding:
        return Finding(judge_all(job.recipients, WAIT))

    def fail(job: Job) -> Finding:
        return Finding(judge_all(job.recipients, NO))

    events, jobs = concluded(tmp_path, message("b@a.test", sender=sender), wait, fail, age=age)

    assert [type(event) for event in events] == [Deferred, Failed, Dropped]
    assert events[-1].reason.startswith(f"no report can reach {sender}")  # type: ignore[union-attr]
    assert jobs == []
