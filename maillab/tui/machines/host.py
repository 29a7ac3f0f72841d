"""The lab behind the window: started in a thread of its own, asked for things, recorded, stopped.

Rules for this file: the window's loop never waits for the lab, and the lab never for the window.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from maillab.events import Entry
from maillab.recording.session import Header

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.lab import Lab
    from maillab.recording.recorder import Recorder
    from maillab.running import Beside, Running

T = TypeVar("T")


class NotRunning(RuntimeError):  # noqa: N818 - named for what is the case
    """There is no living lab to ask."""


class Host:
    """`wake` is called, in the lab's thread, whenever its logbook has something new."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._running: Running | None = None
        self._recorder: Recorder | None = None
        self._stop_recording: Callable[[], None] | None = None
        self._told = 0  # number of the last entry that was pulled
        self.record_trouble = ""
        self._stopping = threading.Lock()

    # ── life ──

    async def start(
        self, config: "Config", path: Path | None, *, auto_ports: bool, beside: "Beside" = nullcontext
    ) -> None:
        """Open every door, and what is `beside` them. Raises what `Folder` and `Lab` raise; then another start may be
        tried.
        """
        try:
            self._running, self._told = await asyncio.to_thread(_made, config, path, auto_ports, beside), 0
            await asyncio.to_thread(self._running.start)
        except BaseException:
            self._running = None
            raise
        await self.ask(self._listen)

    async def _listen(self, lab: "Lab") -> None:
        lab.logbook.subscribe(lambda _entry: self._wake())

    async def stop(self) -> None:
        """Close every door; the record is finished. Nothing that was taken is lost."""
        await asyncio.to_thread(self.stop_now)

    def stop_now(self) -> None:
        """The same, waiting for it."""
        with self._stopping:  # whoever asks meanwhile waits until all of it is done
            if self._running is not None:
                self._running.stop()
                self._finish_record()
                self._running = None

    @property
    def begun(self) -> bool:
        """Was a lab started, or is one starting?"""
        return self._running is not None

    @property
    def alive(self) -> bool:
        """Is there a lab that can be asked?"""
        return self._running is not None and self._running.alive

    @property
    def failure(self) -> BaseException | None:
        """What ended the lab, where that was nobody's wish."""
        return self._running.failure if self._running is not None else None

    @property
    def lab(self) -> "Lab | None":
        """The lab, of which only what `running` names may be read here."""
        return self._running.started if self._running is not None else None

    # ── asking ──

    async def ask(self, work: "Callable[[Lab], Coroutine[Any, Any, T]]") -> T:
        """Do something in the lab's loop, and give what comes of it. Raises `NotRunning`, and what the work raises."""
        if self._running is None:
            raise NotRunning
        try:
            future = self._running.ask(work)
        except RuntimeError as error:
            raise NotRunning from error
        return await asyncio.wrap_future(future)

    # ── hearing ──

    def pull(self, most: int) -> tuple[list[Entry], int]:
        """What has happened since the last pull, at most so many entries; and the number of the oldest that is kept."""
        lab = self.lab
        if lab is None:
            return [], 0
        news = lab.logbook.since(self._told)[:most]
        if news:
            self._told = news[-1].seq
        return news, lab.logbook.forgotten + 1

    @property
    def behind(self) -> bool:
        """Is there more to pull?"""
        lab = self.lab
        return lab is not None and bool(lab.logbook.since(self._told)[:1])

    # ── recording ──

    @property
    def recording(self) -> bool:
        """Is a session being recorded?"""
        return self._recorder is not None

    async def record(self, path: Path, title: str, *, replace: bool = False, past: bool = True) -> float:
        """Record from the beginning, or without the `past` from now on, in this file; gives the lab's time at which the
        first of it happened.

        Raises `OSError`, also where the file is there and not to be replaced.
        """
        lab = self.lab
        assert lab is not None
        kept = lab.logbook.since(0) if past else []  # all of it is written down at once
        since = kept[0].at if kept else lab.clock.now()

        def make() -> "Recorder":
            from maillab.config import without_passwords
            from maillab.lab.open_ports import with_open_ports
            from maillab.recording.recorder import WAITING, Recorder

            header = Header(title, since, lab=with_open_ports(without_passwords(lab.config), lab))
            return Recorder(path, header, self._on_trouble, replace=replace, waiting=WAITING + len(kept))

        self.record_trouble = ""
        recorder = await asyncio.to_thread(make)

        async def follow(lab: "Lab") -> Callable[[], None]:
            return lab.logbook.subscribe(recorder.entry, past=past)

        try:
            self._stop_recording = await self.ask(follow)
        except BaseException:
            await asyncio.to_thread(recorder.abandon)
            raise
        self._recorder = recorder
        return since

    def mark(self, name: str) -> None:
        """Give this moment of the record a name."""
        if self._recorder is not None:
            self._recorder.mark(name)

    async def finish_record(self) -> bool:
        """Write what is left, and give the file its name; was there anything? `record_trouble` says what went wrong."""
        is_empty = self._recorder is not None and self._recorder.is_empty
        await asyncio.to_thread(self._finish_record)
        return not is_empty

    async def drop_record(self) -> None:
        """Throw the record away; a file that had its name before is as it was."""
        await asyncio.to_thread(self._finish_record, keep=False)

    def _finish_record(self, *, keep: bool = True) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            if self._stop_recording is not None:
                self._stop_recording()  # a reader fewer: safe from here, because the list of readers is copied
            if keep:
                recorder.close()
            else:
                recorder.abandon()

    def _on_trouble(self, text: str) -> None:
        self.record_trouble = text
        self._wake()


def _made(config: "Config", path: Path | None, auto_ports: bool, beside: "Beside") -> "Running":
    from maillab.running import Running  # the servers: only now, and not in the window's thread

    return Running(config, path, auto_ports=auto_ports, beside=beside)
