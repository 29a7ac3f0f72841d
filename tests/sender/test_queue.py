"""The durable queue: nothing it took is lost, nothing is done before it is durable."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from maillab.mail.content import Content
from maillab.mail.message import Message
from maillab.mail.reply import Refused, Reply
from maillab.sender.outcome import judge_all
from maillab.sender.queue import Queue
from maillab.sender.store import IN_ROW, Fresh, QueueStore, Settled
from maillab.sender.waiting import Job
from tests.sender.hosts import message
from tests.support import run

OK, WAIT, NO = (Reply(code, "", ("x",)) for code in (250, 451, 550))


@asynccontextmanager
async def opened(folder: Path, now: float = 0.0) -> AsyncIterator[Queue]:
    queue = Queue(folder, lambda: now)
    assert await queue.open() == ()
    try:
        yield queue
    finally:
        await queue.close()


def test_put_and_settle(tmp_path: Path) -> None:
    """A message is put, taken, read and settled; then nothing of it is left, in memory or on disk."""

    async def story() -> None:
        async with opened(tmp_path) as queue:
            jobs = await queue.put(message("bob@a.test", "eve@b.test"), born=0.0)
            assert [job.ident for job in jobs] == ["L1.1", "L1.2"]
            job = queue.take("a.test")
            assert job == jobs[0]
            assert await queue.message(job) == message("bob@a.test")
            assert await queue.settle(job, judge_all(job.recipients, OK), None) is None
            other = queue.take("b.test")
            assert other is not None
            assert await queue.message(other) == message("eve@b.test")
            await queue.settle(other, judge_all(other.recipients, OK), None)
        async with opened(tmp_path) as queue:
            assert queue.jobs == []
            assert queue.reserve() == "L2"

    run(story())


def test_later(tmp_path: Path) -> None:
    """Those for whom it is later sleep until the next attempt; the others are done."""

    async def story() -> None:
        async with opened(tmp_path) as queue:
            (job,) = await queue.put(message("bob@a.test", "eve@a.test", "joe@a.test"), born=0.0)
            assert queue.take("a.test") == job
            replies = zip(job.recipients, (OK, WAIT, NO), strict=True)
            outcomes = [one for who, reply in replies for one in judge_all([who], reply)]
            after = await queue.settle(job, outcomes, 300.0)
            assert after == replace(job, recipients=job.recipients[1:2], attempts=1, due=300.0)
            assert queue.take("a.test") is None
            assert queue.next_due == 300.0
        async with opened(tmp_path, now=300.0) as queue:
            assert queue.ready_domains == ["a.test"]
            assert queue.jobs == [after]

    run(story())


def test_told_before_anybody_can_act(tmp_path: Path) -> None:
    """Whoever puts a message is told that it is durable before the watcher hears of its job, and before `put` returns."""

    async def story() -> list[str]:
        said: list[str] = []
        async with opened(tmp_path) as queue:
            queue.watch(lambda domain: said.append(f"watch {domain}"))
            await queue.put(message("bob@a.test"), 0.0, told=lambda jobs: said.append(f"told {jobs[0].ident}"))
            said.append("returned")
        return said

    assert run(story()) == ["told L1.1", "watch a.test", "returned"]


def test_cancelled_put_is_told_all_the_same(tmp_path: Path) -> None:
    """When the client goes away during the commit, the message is kept and written down nevertheless."""  # T017 T018

    async def story() -> list[Job]:
        told: list[Job] = []
        async with opened(tmp_path) as queue, asyncio.TaskGroup() as group:
            task = group.create_task(queue.put(message("bob@a.test"), 0.0, told=told.extend))
            await asyncio.sleep(0)
            task.cancel()
        async with opened(tmp_path) as queue:
            assert queue.jobs == told
        return told

    assert [job.ident for job in run(story())] == ["L1.1"]


def test_reports_in_the_same_transaction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure and its report become durable together: one commit, and both are there or neither."""  # T011
    commits: list[tuple[int, int]] = []
    commit = QueueStore.commit

    def counted(self: QueueStore, news: list[object], settled: list[object]) -> None:
        commits.append((len(news), len(settled)))
        commit(self, news, settled)  # type: ignore[arg-type]

    async def story() -> None:
        async with opened(tmp_path) as queue:
            (job,) = await queue.put(message("bob@a.test"), 0.0)
            queue.take("a.test")
            told: list[Job] = []
            await queue.settle(
                job,
                judge_all(job.recipients, NO),
                None,
                reports=[message("alice@sender.test", sender="")],
                told=told.extend,
            )
            assert [one.ident for one in told] == ["L2.1"]
            assert queue.jobs == told

    monkeypatch.setattr(QueueStore, "commit", counted)
    run(story())

    assert commits == [(1, 0), (0, 1)]


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is 452 4.3.1 for a new message; a settled job waits without those who have it; room again, all is well."""  # T031

    class Full(sqlite3.OperationalError):
        sqlite_errorname = "SQLITE_FULL"

    def full(*_: object) -> None:
        raise Full("database or disk is full")

    async def story() -> None:
        async with opened(tmp_path) as queue:
            (job,) = await queue.put(message("bob@a.test", "eve@a.test"), 0.0)
            queue.take("a.test")
            with monkeypatch.context() as patch:
                patch.setattr(QueueStore, "commit", full)
                with pytest.raises(Refused) as caught:
                    await queue.put(message("zoe@a.test"), 0.0)
                assert (caught.value.reply.code, caught.value.reply.enhanced) == (452, "4.3.1")
                with pytest.raises(Refused):
                    await queue.settle(job, judge_all(job.recipients[:1], OK) + judge_all(job.recipients[1:], NO), None)
            (again,) = queue.jobs
            assert again.names == ("eve@a.test",)
            assert again.due == 60.0
            await queue.put(message("zoe@a.test"), 0.0)

    run(story())


def test_ends_go_in_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That jobs are over is written with the next that is written, at the latest after a moment; with a report, alone."""
    commits: list[tuple[int, int]] = []
    commit = QueueStore.commit

    def counted(self: QueueStore, news: Sequence[Fresh], settled: Sequence[Settled]) -> None:
        commits.append((len(news), len(settled)))
        commit(self, news, settled)

    async def story() -> None:
        async with opened(tmp_path) as queue, asyncio.TaskGroup() as group:
            for _ in range(6):
                await queue.put(message("bob@a.test"), 0.0)
            jobs = [queue.take("a.test") for _ in range(4)]
            monkeypatch.setattr(QueueStore, "commit", counted)

            def over(job: Job | None, *reports: Message) -> "asyncio.Task[Job | None]":
                assert job is not None
                return group.create_task(queue.settle(job, judge_all(job.recipients, OK), None, reports=reports))

            async def asked() -> None:
                """The task has had its turns, and the writer has what it asks for; no time passes."""
                for _ in range(3):
                    await asyncio.sleep(0)

            await asyncio.gather(over(jobs[0]), over(jobs[1]))  # two others are worked on: their ends may come
            later = over(jobs[2])
            await asked()
            await queue.put(message("eve@b.test"), 0.0)
            assert later.done()
            await over(jobs[3])
            for reports in ([], [message("alice@sender.test", sender="")]):  # nobody else is worked on
                later = over(queue.take("a.test"), *reports)
                await asked()
                await queue.put(message("eve@b.test"), 0.0)
                assert later.done()
        assert commits == [(0, 2), (1, 1), (0, 1), (1, 1), (0, 1), (1, 0)]

    run(story())


def test_one_bad_message_in_a_group(tmp_path: Path) -> None:
    """A message that the database cannot hold is refused alone; those of its group are kept."""

    async def story() -> None:
        async with opened(tmp_path) as queue:
            good = [queue.put(message("bob@a.test"), 0.0) for _ in range(5)]
            bad = queue.put(message("bob@a.test", envid="\udce9"), 0.0)
            results = await asyncio.gather(*good, bad, return_exceptions=True)
            assert [type(result) for result in results] == [tuple] * 5 + [UnicodeEncodeError]
            assert len(queue.jobs) == 5

    run(story())


def test_large_message(tmp_path: Path) -> None:
    """A large message is a file while it waits, from memory or from a file that was lent, and gone when it is done."""
    lent = tmp_path / "lent"
    lent.write_bytes(b"y" * IN_ROW)

    async def story() -> None:
        async with opened(tmp_path / "q") as queue:
            await queue.put(message("bob@a.test", content=b"x" * (IN_ROW + 1)), 0.0)
            one = replace(message("bob@a.test"), content=Content(b"A: b\r\n", lent, 0, IN_ROW))
            await queue.put(one, 0.0)
            lent.unlink()
        async with opened(tmp_path / "q") as queue:
            assert sorted(path.name for path in (tmp_path / "q" / "spool").iterdir()) == ["L1", "L2"]
            for octets in (b"x" * (IN_ROW + 1), b"A: b\r\n" + b"y" * IN_ROW):
                job = queue.take("a.test")
                assert job is not None
                assert (await queue.message(job)).content.whole() == octets
                await queue.settle(job, judge_all(job.recipients, OK), None)
            assert list((tmp_path / "q" / "spool").iterdir()) == []

    run(story())


def test_failed_large_message_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the row of a large message cannot be written, its file goes, too."""  # T032

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    async def story() -> None:
        async with opened(tmp_path) as queue:
            monkeypatch.setattr(QueueStore, "commit", broken)
            with pytest.raises(sqlite3.OperationalError):
                await queue.put(message("bob@a.test", content=b"x" * (IN_ROW + 1)), 0.0)
            assert list((tmp_path / "spool").iterdir()) == []

    run(story())


def test_date_set_back(tmp_path: Path) -> None:
    """After a start with the date a year back, what waits is tried now, not in a year."""  # T043 T044

    async def story() -> None:
        async with opened(tmp_path, now=1e9) as queue:
            (job,) = await queue.put(message("bob@a.test"), 1e9)
            queue.take("a.test")
            await queue.settle(job, judge_all(job.recipients, WAIT), 1e9 + 300)
        async with opened(tmp_path, now=1e9 - 3e7) as queue:
            (job,) = queue.jobs
            assert (job.born, job.due) == (1e9 - 3e7, 1e9 - 3e7)
            assert queue.ready_domains == ["a.test"]

    run(story())


def test_problems_are_sentences(tmp_path: Path) -> None:
    """A queue that could not be read is told as a sentence, not as an error."""  # T014
    (tmp_path / "queue.db").write_bytes(b"rubbish" * 1000)

    async def story() -> tuple[str, ...]:
        queue = Queue(tmp_path, lambda: 0.0)
        problems = await queue.open()
        await queue.put(message("bob@a.test"), 0.0)
        await queue.close()
        return problems

    (problem,) = run(story())

    assert "could not be read" in problem


def test_failing_listener(tmp_path: Path) -> None:
    """A listener that fails neither loses its own message nor those of others."""

    async def story() -> list[str]:
        heard: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context["message"]))

        def fail(_: object) -> None:
            raise RuntimeError("a bug")

        async with opened(tmp_path) as queue:
            async with asyncio.TaskGroup() as group:
                group.create_task(queue.put(message("bob@a.test"), 0.0, told=fail))
                group.create_task(queue.put(message("bob@a.test"), 0.0))
            assert len(queue.jobs) == 2
        return heard

    assert run(story()) == ["a listener of the queue failed"]


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contents beyond what is held in memory are read from disk when they are needed."""
    monkeypatch.setattr("maillab.sender.queue._REMEMBERED", 3000)

    async def story() -> None:
        async with opened(tmp_path) as queue:
            for number in range(5):
                await queue.put(message("bob@a.test", content=b"%d" % number * 1000), 0.0)
            for number in range(5):
                job = queue.take("a.test")
                assert job is not None
                assert (await queue.message(job)).content.whole() == b"%d" % number * 1000

    run(story())


def test_senders_share_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty senders at once share commits: at least five messages to each of them. How fast that is, tests/bench measures."""
    total, senders, commits = 1000, 20, []

    def counted(store: QueueStore, news: Sequence[Fresh], settled: Sequence[Settled]) -> None:
        commits.append(len(news))
        commit(store, news, settled)

    commit = QueueStore.commit
    monkeypatch.setattr(QueueStore, "commit", counted)

    async def story() -> None:
        async with opened(tmp_path) as queue:

            async def sender() -> None:
                for _ in range(total // senders):
                    await queue.put(message("bob@a.test", content=b"x" * 1000), 0.0)

            async with asyncio.TaskGroup() as group:
                for _ in range(senders):
                    group.create_task(sender())
            assert len(queue.jobs) == total

    run(story())
    assert sum(commits) == total
    assert len(commits) <= total // 5


def test_ten_thousand_at_start(tmp_path: Path) -> None:
    """Ten thousand waiting messages are there after less than five seconds of a processor."""  # T030 G18

    async def story() -> float:
        asyncio.get_running_loop().set_debug(False)
        async with opened(tmp_path) as queue, asyncio.TaskGroup() as group:
            for number in range(10_000):
                group.create_task(queue.put(message(f"bob@d{number % 100}.test"), 0.0))
        began = time.process_time()
        async with opened(tmp_path) as queue:
            took = time.process_time() - began
            assert len(queue.jobs) == 10_000
        return took

    assert run(story()) < 5
