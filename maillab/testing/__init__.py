"""The lab as a pytest fixture, for programs that send mail: `pytest_plugins = ["maillab.testing"]`, then `maillab`.

def test_sign_up(maillab):
    door = maillab.endpoint("sender.test", "smtp")
    my_program.sign_up("bob@recipient.test", host=door.host, port=door.port)
    assert b"Welcome" in maillab.letters("bob@recipient.test", at_least=1)[0]
"""

import asyncio
import poplib
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from maillab.config import Config, default
from maillab.endpoints import Endpoint
from maillab.events import Delivered, Entry, Event, Opened
from maillab.folder import Folder
from maillab.lab import Lab
from maillab.logbook import Logbook
from maillab.recording.actor import sequence
from maillab.recording.session import Header, Session, load, save
from maillab.recording.stand_in import Cast, StandIn
from maillab.recording.talks import talks
from maillab.views.filter import parse, select
from maillab.wire.tls import Authority

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

    def entries(self, filter: str = "") -> list[Entry]:
        """What has happened so far, as far as it matches a filter: "leg:relay code:5xx". Raises `FilterError`."""
        return list(select(parse(filter), self.lab.logbook.since(0)))

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


@dataclass(frozen=True, slots=True)
class Door:
    """Where the program under test connects, and the certificate that it trusts."""

    host: str
    port: int
    authority: Path


@contextmanager
def cassette(
    path: Path,
    mode: Literal["once", "none", "all"] = "once",
    *,
    site: str = "sender.test",
    service: str = "smtp",
    config: Config | None = None,
) -> Iterator[Door]:
    """A door of a lab whose talks are written to a session file, or a stand-in that plays them from there.

    `none` only plays, `all` only records, `once` records what is not there yet. Playing, any password is right, and
    `AssertionError` comes at the end when the program said what the record does not know. Raises `SessionError`,
    `OSError` for a file that cannot be played.
    """
    if mode == "none" or (mode == "once" and path.exists()):
        with _playing(load(path)) as door:
            yield door
        return
    with RunningLab(config) as running:
        end = running.endpoint(site, service)
        yield Door(end.host, end.port, running.lab.authority.certificate)
        save(Session(Header(f"{service} of {site}"), _at_door(running.lab.logbook.since(0), site, service)), path)


def _at_door(entries: list[Entry], site: str, service: str) -> tuple[Entry, ...]:
    """What was said at one door of the lab."""
    names = {
        event.talk
        for event in (entry.event for entry in entries)
        if isinstance(event, Opened) and event.service == service and event.server.endswith(site)
    }
    return tuple(entry for entry in entries if getattr(entry.event, "talk", None) in names)


@contextmanager
def _playing(session: Session) -> Iterator[Door]:
    """A stand-in in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="maillab-cassette", daemon=True)
    with tempfile.TemporaryDirectory(prefix="maillab-") as folder:
        authority = Authority(Path(folder) / "ca")
        house = StandIn(
            Cast(sequence(talks(session.entries)), tls=authority.server([]), record=Path(folder)),
            Logbook(lambda: session.header.started),
        )
        thread.start()
        try:
            port = asyncio.run_coroutine_threadsafe(house.start(), loop).result(PATIENCE)
            yield Door("127.0.0.1", port, authority.certificate)
        finally:
            asyncio.run_coroutine_threadsafe(house.close(), loop).result(PATIENCE)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
    if house.unknown:
        raise AssertionError(f"{house.unknown} times the program said what the cassette does not know")


@pytest.fixture
def maillab(tmp_path: Path) -> Iterator[RunningLab]:
    """A default lab on free ports, its mail under the test's temporary folder."""
    with RunningLab(folder=tmp_path / "maillab") as running:
        yield running
