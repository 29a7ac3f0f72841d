"""Programs that catch mail for tests: they keep nothing that they promise, and are a yardstick all the same."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from tests.bench.machines import a_lab
from tests.bench.mail import WARM_UP, Tell
from tests.bench.measure import Side, alternate, table
from tests.bench.postfix import free_port
from tests.bench.processes import Noise
from tests.bench.source import send
from tests.serving import ROOT

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
def maildev() -> Iterator[int]:
    """MailDev of npm (`npm install maildev`, its folder .bin in PATH); gives its port. Raises `FileNotFoundError`."""
    if (program := shutil.which("maildev")) is None:
        raise FileNotFoundError("maildev is missing: npm install maildev, and its node_modules/.bin in PATH")
    port = free_port()
    ports = ["--smtp", str(port), "--web", str(free_port())]
    with _running([program, "--ip", "127.0.0.1", "--web-ip", "127.0.0.1", "--silent", *ports], port):
        yield port


@contextmanager
def aiosmtpd() -> Iterator[int]:
    """Stock aiosmtpd, which stores nothing; gives its port."""
    port = free_port()
    with _running([sys.executable, "-c", STORING_NOTHING, str(port)], port):
        yield port


CATCHERS: dict[str, Start] = {"maildev": maildev, "aiosmtpd": aiosmtpd}


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    """A server, from its first connection on."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            else:
                raise TimeoutError(f"{command[0]} did not start")
            yield
        finally:
            process.terminate()
