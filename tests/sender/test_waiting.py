"""The index of jobs in memory."""

from dataclasses import replace

from maillab.mail.address import Address
from maillab.mail.envelope import Recipient
from maillab.sender.waiting import Job, WaitingJobs, jobs_of


def job(ident: str, domain: str = "a.test", due: float = 0.0) -> Job:
    return Job(ident, ident.partition(".")[0], domain, (), 0.0, due=due)


def test_one_job_for_each_domain() -> None:
    """Recipients of one domain share a job, in their order; domains are compared as DNS knows them."""
    those = [
        Recipient(Address.parse(text)) for text in ("b@x.test", "c@bücher.test", "d@x.test", "e@xn--bcher-kva.test")
    ]

    jobs = jobs_of("L3", those, 5.0)

    assert [(j.ident, j.message, j.domain, j.names) for j in jobs] == [
        ("L3.1", "L3", "x.test", ("b@x.test", "d@x.test")),
        ("L3.2", "L3", "xn--bcher-kva.test", ("c@bücher.test", "e@xn--bcher-kva.test")),
    ]
    assert {j.due for j in jobs} == {5.0}


def test_first_come_first_served() -> None:
    """Ready jobs of a domain are taken in the order in which they came, those of others not at all."""
    waiting = WaitingJobs()
    for ident in ("L1.1", "L2.1"):
        waiting.add(job(ident), now=0.0)
    waiting.add(job("L3.1", "b.test"), now=0.0)

    assert waiting.ready_domains == ["a.test", "b.test"]
    assert [waiting.take("a.test"), waiting.take("a.test"), waiting.take("a.test")] == [job("L1.1"), job("L2.1"), None]
    assert not waiting.has_ready("a.test")
    assert len(waiting) == 1


def test_sleepers_wake_in_time() -> None:
    """A sleeper wakes at its moment, not before; equal moments keep their order."""
    waiting = WaitingJobs()
    for ident, due in (("L1.1", 20.0), ("L2.1", 10.0), ("L3.1", 10.0)):
        waiting.add(job(ident, due=due), now=0.0)

    assert waiting.next_due == 10.0
    assert waiting.wake_due(9.9) == []
    assert waiting.wake_due(10.0) == ["a.test"]
    assert [j.ident for j in waiting] == ["L2.1", "L3.1", "L1.1"]
    assert waiting.next_due == 20.0
    assert waiting.wake_all() == ["a.test"]
    assert waiting.next_due is None
    assert len(waiting) == 3


def test_one_job_is_pulled_out() -> None:
    """A certain job is taken, ready or asleep; those before and after it keep their places."""
    waiting = WaitingJobs()
    for ident, due in (("L1.1", 0.0), ("L2.1", 0.0), ("L3.1", 9.0), ("L4.1", 8.0), ("L5.1", 7.0)):
        waiting.add(job(ident, due=due), now=0.0)

    assert waiting.pull("L1.1") == job("L1.1")
    assert waiting.pull("L4.1") == job("L4.1", due=8.0)
    assert waiting.pull("L4.1") is None
    assert [j.ident for j in waiting] == ["L2.1", "L5.1", "L3.1"]
    assert waiting.next_due == 7.0
    assert waiting.pull("L2.1") == job("L2.1")
    assert not waiting.has_ready("a.test")


def test_replaced_jobs_are_values() -> None:
    """A job is a value: two runs of one story are equal."""
    assert replace(job("L1.1"), attempts=0) == job("L1.1")
