"""A disk that takes its time: who waits for it, and who does not."""

import asyncio
import os
import threading
import time

import pytest

from tests.faults.loop_watch import MOST, watched_loops
from tests.lab.test_desk import desk
from tests.serving import Serving
from tests.support import run
from tests.tracing import traced


async def talk(port, *lines):
    """A connection on which these have been said and answered, and the last answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = await reader.readline()
    for line in lines:
        writer.write(line + b"\r\n")
        while (answer := await reader.readline())[3:4] == b"-":
            pass
    return reader, writer, answer


DATA = (b"EHLO a.test", b"MAIL FROM:<a@a.test>", b"RCPT TO:<bob@recipient.test>", b"DATA")
DELAY = 5  # seconds of every sync


def test_a_disk_that_does_not_answer(tmp_path, monkeypatch):
    """Until it has, nothing is promised; everybody else is answered meanwhile, and the loop holds nobody up (T020)."""
    real, asked, well = os.fsync, threading.Event(), threading.Event()

    def fsync(descriptor):
        asked.set()
        assert well.wait(20)
        real(descriptor)

    async def play():
        async with desk(tmp_path) as lab:
            mx, pop3 = (lab.endpoint("recipient.test", service).port for service in ("smtp", "pop3"))
            reader, writer, _ = await talk(mx, *DATA)
            others = [await talk(mx, b"EHLO b.test"), await talk(pop3, b"USER carol", b"PASS carol")]
            with monkeypatch.context() as patch, watched_loops() as longest:
                patch.setattr(os, "fsync", fsync)
                writer.write(b"Subject: x\r\n\r\nx\r\n.\r\n")
                promised = asyncio.ensure_future(reader.readline())  # noqa: TID251 - looked at before it is awaited
                await asyncio.to_thread(asked.wait, 20)
                others.append(await talk(mx, b"EHLO c.test"))
                for heard, said, _ in others:
                    said.write(b"NOOP\r\n")
                    answer = await heard.readline()
                    assert answer[:3] in (b"250", b"+OK"), answer
                assert not promised.done()
                well.set()
                assert (await promised)[:3] == b"250"
            assert longest.seconds < MOST, longest.who
            for one in (writer, *(said for _, said, _ in others)):
                one.close()

    run(play())


@pytest.mark.slow
@pytest.mark.judge
def test_a_disk_that_needs_five_seconds():
    """The same of a process whose every sync takes five seconds, of its databases too: 250 comes after, NOOP at once."""

    async def play(lab):
        port = lab.port("smtp", "sender.test")
        reader, writer, _ = await talk(port, *DATA)
        began = time.monotonic()
        writer.write(b"Subject: x\r\n\r\nx\r\n.\r\n")
        slowest = 0.0
        promised = asyncio.ensure_future(reader.readline())  # noqa: TID251 - looked at before it is awaited
        while not promised.done():
            before = time.monotonic()
            _, other, answer = await talk(port, b"NOOP")
            slowest = max(slowest, time.monotonic() - before)
            assert answer.startswith(b"250")
            other.close()
            await asyncio.wait([promised], timeout=0.1)
        assert (await promised)[:3] == b"250"
        writer.close()
        return time.monotonic() - began, slowest

    with Serving(keep=False) as lab, traced(lab.pid, "fsync,fdatasync", f"delay_enter={DELAY * 1_000_000}"):
        took, slowest = run(play(lab), 60)
    assert took > DELAY
    assert slowest < 2, "strace stops every thread for a moment, and the machine is shared"
