"""Programs that catch mail for tests: they keep nothing that they promise, and are a yardstick all the same."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.bench.machines import a_lab
from tests.bench.mail import WARM_UP
from tests.bench.maildev import maildev
from tests.bench.measure import Side, Tell, alternate, table
from tests.bench.ports import until_open
from tests.bench.postfix import free_port
from tests.bench.processes import Noise
from tests.bench.source import send

STORING_NOTHING = """\
import asyncio, sys
from aiosmtpd.smtp import SMTP

class Handler:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

async def serve():
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: SMTP(Handler(), hostname="nothing.test", loop=loop), "127.0.0.1", int(sys.argv[1]))
    await asyncio.Event().wait()

asyncio.run(serve())
"""

Start = Callable[[], AbstractContextManager[int]]


def catcher(rounds: int, messages: int, tell: Tell) -> str:
    """Messages a second, a new connection for each."""
    sides: dict[str, Side] = {"maillab": lambda: _ours(messages)}
    for name, start in CATCHERS.items():
        try:
            with start():
                sides[name] = lambda start=start: _theirs(start, messages)  # type: ignore[misc]
        except FileNotFoundError as error:
            tell(f"without {name}: {error}")
    noise = Noise()
    title = "catcher: messages/s accepted, a new connection for each; the others keep nothing on a disk"
    return "\n".join([table(title, alternate(sides, rounds, tell)), str(noise)])


def _ours(messages: int) -> float:
    with a_lab("--quiet") as lab:
        return _taken(lab.receive, messages)


def _theirs(start: Start, messages: int) -> float:
    with start() as port:
        return _taken(port, messages)


def _taken(port: int, messages: int) -> float:
    send(port, WARM_UP)
    began = time.perf_counter()
    send(port, messages)
    return messages / (time.perf_counter() - began)


@contextmanager
def _maildev() -> Iterator[int]:
    with maildev() as it:
        yield it.smtp


@contextmanager
def aiosmtpd() -> Iterator[int]:
    """Stock aiosmtpd, which stores nothing; gives its port."""
    port = free_port()
    command = [sys.executable, "-c", STORING_NOTHING, str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until_open(port, "aiosmtpd")
            yield port
        finally:
            process.terminate()


CATCHERS: dict[str, Start] = {"maildev": _maildev, "aiosmtpd": aiosmtpd}
