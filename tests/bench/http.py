"""What the HTTP door costs: lists and searches among many messages beside maildev; and a flood with many readers."""

import asyncio
import json
import smtplib
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

import aiosmtplib

from tests.bench.maildev import maildev
from tests.bench.measure import Tell
from tests.bench.processes import Noise, resident, used
from tests.serving import Serving

HERE = "127.0.0.1"
HANDS = 4  # connections over which messages are brought
BOX = 50  # messages of a page
ASKED = 200  # times
SENDERS = 10  # connections over which the flood comes
PATIENCE = 60.0  # seconds for what was sent to arrive
WORDS = ["lunch", "password", "build", "report", "delivery", "invoice", "welcome", "order", "figures", "meeting"]
DELIVERED = b'"kind":"delivered"'


class Target(NamedTuple):
    """A program that is measured: its process, where mail comes in, and how it is asked for lists and searches."""

    name: str
    pid: int
    smtp: int
    http: int
    listed: str
    searched: str


def door(messages: int, rate: int, readers: int, seconds: float, tell: Tell) -> str:
    """Everything about it."""
    noise = Noise()
    rows = [f"http: {messages} messages; milliseconds of {ASKED} questions for {BOX} messages each"]
    with Serving("--quiet", "--profile", "app", "--http", "0", keep=False, afresh=True) as lab:
        ours = Target("maillab", lab.pid, lab.port("smtp"), lab.port("http", ""), f"/api/v1/messages?limit={BOX}",
                      f"/api/v1/search?limit={BOX}&query=")  # fmt: skip
        rows += asked(ours, messages, tell)
    try:
        with maildev() as it:
            page = f"/api/email/summary?skip=0&limit={BOX}"
            theirs = Target("maildev", it.pid, it.smtp, it.http, page, f"{page}&search=")
            rows += asked(theirs, messages, tell)
    except FileNotFoundError as error:
        rows.append(f"  WITHOUT THE YARDSTICK: {error}")
    rows.append(f"flood: {rate} messages/s for {seconds:g} s by submission, {readers} readers of server-sent events")
    with Serving("--quiet", "--profile", "app", "--http", "0", keep=False, afresh=True) as lab:
        rows += asyncio.run(flood(lab, rate, readers, seconds))
    return "\n".join([*rows, str(noise)])


# ── among many messages ──


def asked(target: Target, messages: int, tell: Tell) -> list[str]:
    """Bring the messages; ask for the newest, and for some by their subjects."""
    before = resident(target.pid)
    began = time.perf_counter()
    bring(target.smtp, messages)
    tell(f"  {target.name}: {messages / (time.perf_counter() - began):.0f} messages/s brought")
    ask(target, target.listed)
    cpu = used(target.pid)
    first = timed(lambda: ask(target, target.searched + "order"))
    rows = [
        f"  {target.name:<8} first search {first * 1e3:.0f} ms ({(used(target.pid) - cpu) * 1e3:.0f} ms of a processor)"
    ]
    for name, paths in {
        "list": [target.listed] * ASKED,
        "search": [target.searched + urllib.parse.quote(subject(at * 37 % messages)) for at in range(ASKED)],
    }.items():
        cpu = used(target.pid)
        times = sorted(timed(lambda path=path: ask(target, path)) * 1e3 for path in paths)  # type: ignore[misc]
        of_each = (used(target.pid) - cpu) / ASKED * 1e3
        rows.append(
            f"  {target.name:<8} {name:<6} p50 {times[ASKED // 2]:7.1f}   p95 {times[ASKED * 95 // 100]:7.1f}   processor {of_each:6.1f}"
        )
    rows.append(f"  {target.name:<8} RSS {resident(target.pid):.0f} MiB ({before:.0f} before)")
    return rows


def bring(port: int, messages: int) -> None:
    """Hand over messages, each with another subject."""

    def some(first: int) -> None:
        link = None
        for number in range(first, messages, HANDS):
            if link is None or number // HANDS % 500 == 0:  # a connection carries so many
                link = smtplib.SMTP(HERE, port, "client.test", timeout=PATIENCE)
            link.sendmail("alice@sender.test", ["bob@recipient.test"], message(number))

    hands = [threading.Thread(target=some, args=(first,)) for first in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()


def message(number: int) -> bytes:
    """Of about 1 KB."""
    head = f"From: alice@sender.test\r\nTo: bob@recipient.test\r\nSubject: {subject(number)}\r\n\r\n"
    return head.encode() + b"Dear Bob, this is what it is about.\r\n" * 24


def subject(number: int) -> str:
    """What no other message is about."""
    return f"{WORDS[number % len(WORDS)]} {number}"


def ask(target: Target, path: str) -> bytes:
    """One question on a connection of its own, as a script asks."""
    with urllib.request.urlopen(f"http://{HERE}:{target.http}{path}", timeout=PATIENCE) as answer:
        octets: bytes = answer.read()
        return octets


def timed(work: Callable[[], object]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# ── a flood ──


class Reader:
    """A browser that follows the logbook: how many deliveries it has been told of, and how much it has read."""

    def __init__(self) -> None:
        self.told = self.octets = 0

    async def read(self, port: int) -> None:
        """Until it is cancelled."""
        stream, writer = await asyncio.open_connection(HERE, port, limit=1 << 20)
        writer.write(
            f"GET /maillab/v1/entries HTTP/1.1\r\nHost: {HERE}:{port}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        kept = b""
        while block := await stream.read(1 << 20):
            self.octets += len(block)
            kept += block
            self.told += kept.count(DELIVERED)
            kept = kept[-len(DELIVERED) + 1 :]


async def flood(lab: Serving, rate: int, readers: int, seconds: float) -> list[str]:
    """Send at that rate, as far as the lab takes it, while everybody reads."""
    crowd = [Reader() for _ in range(readers)]
    async with asyncio.TaskGroup() as group:
        reading = [group.create_task(each.read(lab.port("http", ""))) for each in crowd]
        rows = await sent(lab, rate, int(rate * seconds), crowd)
        for task in reading:
            task.cancel()
    return rows


async def sent(lab: Serving, rate: int, wanted: int, crowd: list[Reader]) -> list[str]:
    """What came of it."""
    cpu, own, began = used(lab.pid), time.process_time(), time.perf_counter()
    each_took = await asyncio.gather(*(sender(lab, hand, rate, wanted, began) for hand in range(SENDERS)))
    took = time.perf_counter() - began
    await until(lambda: all(each.told >= wanted for each in crowd))
    heard = time.perf_counter() - began
    await until(lambda: taken(lab) >= wanted)
    spent, own, late = used(lab.pid) - cpu, time.process_time() - own, sorted(chain.from_iterable(each_took))
    told, octets = [each.told for each in crowd] or [0], [each.octets for each in crowd] or [0]
    return [
        f"  sent {wanted} in {took:.1f} s ({wanted / took:.0f} a second); "
        f"each took p50 {late[len(late) // 2] * 1e3:.0f} ms, p95 {late[len(late) * 95 // 100] * 1e3:.0f} ms",
        f"  lost {wanted - taken(lab)}; told of {min(told)} to {max(told)} deliveries, the last after {heard:.1f} s; "
        f"{statistics.mean(octets) / 1e6:.1f} MB each",
        f"  processor: the lab {spent:.1f} s ({100 * spent / heard:.0f} %), senders and readers {own:.1f} s; "
        f"RSS {resident(lab.pid):.0f} MiB",
    ]


async def sender(lab: Serving, hand: int, rate: int, wanted: int, began: float) -> list[float]:
    """One of those who send, with a login over TLS, each message at its time; seconds that each took."""
    delays = []
    link = aiosmtplib.SMTP(
        hostname=HERE,
        port=lab.port("submission", "sender.test"),
        local_hostname="client.test",
        validate_certs=False,
        timeout=PATIENCE,
    )
    await link.connect()
    await link.login("alice@sender.test", "alice")
    for number in range(hand, wanted, SENDERS):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        sent = time.perf_counter()
        await link.sendmail("alice@sender.test", ["bob@recipient.test"], message(number))
        delays.append(time.perf_counter() - sent)
    await link.quit()
    return delays


def taken(lab: Serving) -> int:
    """How many messages the door lists."""
    with urllib.request.urlopen(
        f"http://{HERE}:{lab.port('http', '')}/api/v1/messages?limit=1", timeout=PATIENCE
    ) as answer:
        total: int = json.load(answer)["total"]
        return total


async def until(holds: Callable[[], bool]) -> None:
    """Until it holds, or nobody waits any longer."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:  # noqa: ASYNC110 - what is waited for rings no bell
        await asyncio.sleep(0.05)
