"""A door whose talks are on a cassette: recorded from a lab where they are not there yet, played where they are."""

import asyncio
import re
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from msgspec import structs

from maillab.config import Config
from maillab.events import Entry, Opened
from maillab.logbook import Logbook
from maillab.protocols.services import SMTP
from maillab.recording.program import differences
from maillab.recording.replay_answers import sequence
from maillab.recording.replay_server import ReplayPlan, ReplayServer
from maillab.recording.session import Header, Session, load, save
from maillab.recording.switchboard import Switchboard
from maillab.recording.talks import Talk, talks
from maillab.testing.lab import RunningLab
from maillab.testing.waiting import PATIENCE
from maillab.wire.tls import Authority

Mode = Literal["once", "new", "none", "all"]
T = TypeVar("T")
MOST = 5  # talks that differ, told one by one


@dataclass(frozen=True, slots=True)
class CassetteServer:
    """Where the program under test connects, and the certificate that it trusts."""

    host: str
    port: int
    authority: Path


@contextmanager
def cassette(
    path: Path,
    mode: Mode = "once",
    *,
    site: str = "sender.test",
    service: str = SMTP.name,
    config: Config | None = None,
) -> Iterator[CassetteServer]:
    """A door of a lab whose talks are written to a session file, or a stand-in that plays them from there.

    `none` only plays, `all` only records, `once` records where there is no file, `new` plays the talks that are there,
    connection by connection, and records those that come after them. Playing, any password is right. `AssertionError`
    comes at the end when the program said something else than the record has, or nothing: it names talk and command
    (what counts: maillab/recording/program.py). Raises `SessionError`, `OSError` for a file that cannot be played.
    """
    if mode == "none" or (mode == "once" and path.exists()):
        with _playing(load(path), path) as door:
            yield door
        return
    known = Session(Header(f"{service} of {site}"), ())
    if path.exists():
        before = load(path)  # what is no session is not replaced by one
        known = before if mode == "new" else known
    with RunningLab(config) as running:
        end = running.endpoint(site, service)
        live = CassetteServer(end.host, end.port, running.lab.authority.certificate)
        with _playing_first(known, path, live, running.lab.authority) if known.entries else nullcontext(live) as door:
            yield door
        heard = _at_door(running.lab.logbook.since(0), site, service)
        if not heard and not known.entries:
            raise AssertionError(f"nothing was said to {service} of {site}, so nothing was recorded in {path}")
        if heard:
            save(replace(known, entries=(*known.entries, *_after(known.entries, heard))), path)


def _at_door(entries: list[Entry], site: str, service: str) -> tuple[Entry, ...]:
    """What was said at one door of the lab."""
    names = {
        event.talk
        for event in (entry.event for entry in entries)
        if isinstance(event, Opened) and event.service == service and event.server.endswith(site)
    }
    return tuple(entry for entry in entries if getattr(entry.event, "talk", None) in names)


def _after(known: tuple[Entry, ...], heard: tuple[Entry, ...]) -> Iterator[Entry]:
    """New entries as they follow old ones: numbers go on, and so do the names of talks."""
    before = known[-1].seq if known else 0
    taken = {entry.event.talk for entry in known if isinstance(entry.event, Opened)}
    for entry in heard:
        event: Any = entry.event
        name, number = re.fullmatch(r"(.*-)(\d+)", event.talk, re.DOTALL).groups()  # type: ignore[union-attr]  # ours
        talk = f"{name}{int(number) + len(taken)}"
        yield Entry(entry.seq + before, entry.at, structs.replace(event, talk=talk))


# ── playing ──


@contextmanager
def _playing(session: Session, path: Path) -> Iterator[CassetteServer]:
    """A stand-in for all who come."""
    with tempfile.TemporaryDirectory(prefix="maillab-") as folder, _Loop() as loop:
        authority = Authority(Path(folder) / "ca")
        with _stand_in(loop, session, path, authority, Path(folder)) as (port, _):
            yield CassetteServer("127.0.0.1", port, authority.certificate)


@contextmanager
def _playing_first(
    session: Session, path: Path, live: CassetteServer, authority: Authority
) -> Iterator[CassetteServer]:
    """A stand-in for as many as are on the cassette; all who come after them are put through to the lab."""
    with (
        tempfile.TemporaryDirectory(prefix="maillab-") as folder,
        _Loop() as loop,
        _stand_in(loop, session, path, authority, Path(folder)) as (port, played),
    ):
        board = Switchboard(len(played), port, live.port)
        try:
            yield replace(live, port=loop.run(board.start()))
        finally:
            loop.run(board.close())


@contextmanager
def _stand_in(
    loop: "_Loop", session: Session, path: Path, authority: Authority, folder: Path
) -> Iterator[tuple[int, tuple[Talk, ...]]]:
    played = sequence(talks(session.entries))
    heard = Logbook(lambda: session.header.started)
    house = ReplayServer(ReplayPlan(played, tls=authority.server([]), record=folder), heard)
    try:
        yield loop.run(house.start()), played
    finally:
        loop.run(house.close())
    if differing := differences(played, talks(heard.since(0))):
        more = [f"{len(differing) - MOST} talks more"] if len(differing) > MOST else []
        raise AssertionError("\n  ".join([f"the program said what {path} does not know", *differing[:MOST], *more]))


class _Loop:
    """A loop in a thread of its own. A context manager."""

    def __enter__(self) -> "_Loop":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="maillab-cassette", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this there; gives what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)
