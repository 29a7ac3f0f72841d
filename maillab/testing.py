"""The lab as a pytest fixture, for programs that send mail: `pytest_plugins = ["maillab.testing"]`, then `maillab`.

def test_sign_up(maillab):
    door = maillab.endpoint("sender.test", "smtp")
    my_program.sign_up("bob@recipient.test", host=door.host, port=door.port)
    assert b"Welcome" in maillab.letters("bob@recipient.test", at_least=1)[0]
"""

import asyncio
import poplib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maillab.config import Config, default
from maillab.endpoints import Endpoint
from maillab.events import Delivered, Entry, Event
from maillab.folder import Folder
from maillab.lab import Lab

PATIENCE = 10.0  # seconds that a test waits for a letter


class RunningLab:
    """A lab in a thread of its own, on free ports, in a folder of its own. A context manager; safe from any thread."""

    def __init__(self, config: Config | None = None, folder: Path | None = None) -> None:
        self._config = config or default()
        self._folder = folder
        self._thread = threading.Thread(target=self._run, name="maillab", daemon=True)
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._lab: Lab | None = None

    def __enter__(self) -> "RunningLab":
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._over is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - it belongs to who entered, in another thread
            self._failure = error
        finally:
            self._ready.set()

    async def _live(self) -> None:
        with Folder(self._folder) as folder:
            async with Lab(self._config, folder.path, auto_ports=True) as lab:
                self._loop, self._over, self._lab = asyncio.get_running_loop(), asyncio.Event(), lab
                self._ready.set()
                await self._over.wait()

    @property
    def lab(self) -> Lab:
        """The lab itself; only its logbook, endpoints and accounts may be read from another thread."""
        assert self._lab is not None
        return self._lab

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens. Raises `LookupError`."""
        return self.lab.endpoint(site, service)

    def password(self, address: str) -> str:
        """The password of an account. Raises `LookupError`."""
        for account in self.lab.accounts:
            if account.address == address:
                return account.password
        raise LookupError(f"no account {address}")

    def wait(self, predicate: Callable[[Event], bool], *, count: int = 1, timeout: float = PATIENCE) -> None:
        """Until so many events, past or to come, satisfy `predicate`. Raises `TimeoutError`."""
        seen = threading.Semaphore(0)

        def read(entry: Entry) -> None:
            if predicate(entry.event):
                seen.release()

        assert self._loop is not None
        leave = asyncio.run_coroutine_threadsafe(self._subscribe(read), self._loop).result()
        try:
            for _ in range(count):
                if not seen.acquire(timeout=timeout):
                    raise TimeoutError(f"it did not happen within {timeout} s")
        finally:
            self._loop.call_soon_threadsafe(leave)

    async def _subscribe(self, read: Callable[[Entry], None]) -> Callable[[], None]:
        return self.lab.logbook.subscribe(read)

    def letters(self, address: str, *, at_least: int = 0, timeout: float = PATIENCE) -> list[bytes]:
        """Every letter in a mailbox, fetched by POP3; waits until `at_least` letters were delivered there."""
        if at_least:
            self.wait(
                lambda event: isinstance(event, Delivered) and event.mailbox == address, count=at_least, timeout=timeout
            )
        door = self.endpoint(address.rpartition("@")[2], "pop3")
        pop = poplib.POP3(door.host, door.port, timeout=timeout)
        try:
            pop.user(address)
            pop.pass_(self.password(address))
            count = len(pop.list()[1])
            return [b"\r\n".join(pop.retr(number)[1]) + b"\r\n" for number in range(1, count + 1)]
        finally:
            pop.quit()


@pytest.fixture
def maillab(tmp_path: Path) -> Iterator[RunningLab]:
    """A default lab on free ports, its mail under the test's temporary folder."""
    with RunningLab(folder=tmp_path / "maillab") as running:
        yield running
