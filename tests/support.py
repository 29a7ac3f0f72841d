"""Small helpers that many tests share."""

import asyncio
import contextlib
import gc
import importlib.util
import os
import random
import shutil
import socket
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import pytest

from maillab.events import Entry, Event
from maillab.logbook import Logbook

T = TypeVar("T")

OF_NODE = ("nodemailer", "imapflow", "mailpit-api", "cypress-mailpit", "mailhog", "playwright-core", "mermaid")
# How to get each judge: apt-get packages by tool, as Debian and Ubuntu name them.
JUDGES = {
    "swaks": "apt-get install swaks libnet-ssleay-perl libdigest-hmac-perl",
    "curl": "apt-get install curl",
    "msmtp": "apt-get install msmtp",
    "mutt": "apt-get install mutt",
    "neomutt": "apt-get install neomutt",
    "offlineimap": "apt-get install offlineimap",
    "fetchmail": "apt-get install fetchmail",
    "mpop": "apt-get install mpop",
    "mbsync": "apt-get install isync",
    "doveadm": "apt-get install dovecot-core dovecot-imapd dovecot-pop3d",
    "dig": "apt-get install dnsutils",
    "strace": "apt-get install strace",
    "timeout": "apt-get install coreutils",
    "jq": "apt-get install jq",
    "unzip": "apt-get install unzip",
    "openssl": "apt-get install openssl",
    "nc": "apt-get install netcat-openbsd",
    "smtp-source": "apt-get install postfix",
    "tshark": "apt-get install tshark",
    "tmux": "apt-get install tmux",
    "chromium": "apt-get install chromium",
    "node": "apt-get install nodejs npm",
    "textual-serve": "pip install -e '.[terminal-web]'",
    "pytest-mailpit": "pip install --target FOLDER pytest-mailpit, then PYTEST_MAILPIT=FOLDER",
    **{
        name: f"npm install --legacy-peer-deps --prefix FOLDER {name}, then NODE_PATH=FOLDER/node_modules"
        for name in OF_NODE
    },
}


def run(coroutine: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
    """Run a test's coroutine to its end, in a loop of its own, for at most `seconds`."""

    async def within() -> T:
        async with asyncio.timeout(seconds):
            return await coroutine

    return asyncio.run(within())


async def wait_for(logbook: Logbook, predicate: Callable[[Event], bool], timeout: float = 5.0) -> Entry:
    """The first entry, past or to come, whose event satisfies `predicate`; fails with the last entries after `timeout` seconds."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Entry] = loop.create_future()

    def settle(entry: Entry) -> None:
        if not found.done():
            found.set_result(entry)

    def read(entry: Entry) -> None:
        if predicate(entry.event):
            loop.call_soon_threadsafe(settle, entry)

    leave = logbook.subscribe(read)
    try:
        async with asyncio.timeout(timeout):
            return await found
    except TimeoutError:
        last = "\n".join(str(entry) for entry in logbook.since(0)[-20:])
        raise AssertionError(f"nothing of the kind within {timeout} s; the last entries:\n{last}") from None
    finally:
        leave()


async def longest_turn(work: Coroutine[Any, Any, Any]) -> float:
    """Do the work; gives the most seconds of computing for which it held up everybody else in the loop."""
    gc.collect()
    gc.freeze()  # what other tests left behind is not looked through meanwhile
    task, longest = asyncio.get_running_loop().create_task(work), 0.0
    while not task.done():
        before = time.thread_time()  # what other programs do meanwhile does not count
        await asyncio.sleep(0)
        longest = max(longest, time.thread_time() - before)
    await task
    return longest


async def settled(condition: Callable[[], bool], timeout: float = 5.0) -> None:
    """Return when the condition holds; raises `TimeoutError`."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.001)


def holds_soon(condition: Callable[[], bool], timeout: float = 10.0) -> bool:
    """Does the condition hold within `timeout` seconds? This one blocks; what is waited for rings no bell."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def wait_until(condition: Callable[[], bool], timeout: float = 10.0) -> None:
    """Return when the condition holds; fails the test. This one blocks."""
    assert holds_soon(condition, timeout), f"not within {timeout} s"


def free_ports(count: int) -> list[int]:
    """Ports of this computer that nobody has at the moment, below those that are given to whoever wants any."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports: list[int] = []
    for port in random.sample(range(10_000, lowest), 100):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            ports.append(port)
    return ports[:count]


def need(tool: str) -> str:
    """The path of a judge. A missing one skips the test loudly, and is an error under MAILLAB_JUDGES=required."""
    return _found(tool) or missing(f"judge {tool} is missing: {JUDGES.get(tool, 'no known package')}")


def missing(message: str) -> NoReturn:
    """Skip the test loudly, for what it needs is not there; where judges are required this is an error."""
    if os.environ.get("MAILLAB_JUDGES") == "required":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def _found(tool: str) -> str | None:
    if tool in OF_NODE:
        return _of_node(tool)
    if tool == "textual-serve":
        found = importlib.util.find_spec("textual_serve")
        return found and found.origin
    if tool == "pytest-mailpit":
        return os.environ.get("PYTEST_MAILPIT")
    return shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def _of_node(tool: str) -> str | None:
    for folder in os.environ.get("NODE_PATH", "").split(os.pathsep):
        if folder and os.path.isdir(found := os.path.join(folder, tool)):
            return found
    return None
