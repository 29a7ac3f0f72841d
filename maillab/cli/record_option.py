"""`--record FILE` of the commands that watch mail: what the logbook says goes into a session file, too."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from maillab.cli.options import fail
from maillab.config import Config, ConfigError, without_passwords
from maillab.events import Entry, Warned
from maillab.folder import path_of
from maillab.logbook import Logbook
from maillab.recording.recorder import Recorder
from maillab.recording.saved_sessions import stem
from maillab.recording.session import Header
from maillab.recording.session_files import TAKEN

if TYPE_CHECKING:
    from maillab.lab.premises import Premises
    from maillab.stories.script import Words


class RecordError(ConfigError):
    """The file of `--record` cannot be made; the text says why."""


class OptionalRecord:
    """A record, or nothing at all where no file is named. A context manager: close it while the lab's folder is there.

    The session is called like its file, unless it has a `title`. Raises `RecordError` when the file cannot be made, or
    is there and `force` does not say that it may be replaced. It is replaced at the end, and only where something was
    recorded. Later trouble becomes an entry of the logbook, or a line on stderr.
    """

    def __init__(
        self, file: str | None = None, config: Config | None = None, *, title: str = "", force: bool = False
    ) -> None:
        self._file = file
        self._recorder: Recorder | None = None
        self._logbook: Logbook | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._warned = False
        if file:
            title = title or stem(path_of(file))
            header = Header(title, datetime.now(UTC).timestamp(), lab=without_passwords(config) if config else {})
            try:
                self._recorder = Recorder(path_of(file), header, self._on_trouble, replace=force)
            except FileExistsError as error:
                raise RecordError(taken("record in", file, error)) from error
            except OSError as error:
                raise RecordError(f"cannot record in {file}: {error.strerror or error}") from error

    def __enter__(self) -> "OptionalRecord":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def follow(self, logbook: Logbook) -> None:
        """Record what this logbook says; called in its loop. Trouble will be told there."""
        self.warn_in(logbook)
        if self._recorder is not None:
            logbook.subscribe(self._recorder.entry)

    def of(self, lab: "Premises") -> None:
        """It is this lab, which runs now: the session names the ports that are open, whatever was configured."""
        from maillab.lab.open_ports import with_open_ports

        if self._recorder is not None:
            self._recorder.describe(with_open_ports(without_passwords(lab.config), lab))

    def warn_in(self, logbook: Logbook) -> None:
        """Tell trouble in this logbook."""
        self._logbook, self._loop = logbook, asyncio.get_running_loop()

    def entry(self, entry: Entry) -> None:
        """Record one entry."""
        if self._recorder is not None:
            self._recorder.entry(entry)

    def mark(self, name: str) -> None:
        """Give this moment of the record a name."""
        if self._recorder is not None:
            self._recorder.mark(name)

    def told(self, en: str, vi: str) -> None:
        """Record a narrator's words."""
        if self._recorder is not None:
            self._recorder.told(en, vi)

    def close(self) -> None:
        """Write what is left. That it stopped is told of on stderr, if it was not told before, and that it is empty."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None and recorder.is_empty:
            recorder.close()
            fail(0, f"nothing was recorded: {self._file} was not written")
            return
        if recorder is not None and (trouble := recorder.close()) and not self._warned:
            fail(0, f"the record stopped: {trouble}")

    def _on_trouble(self, text: str) -> None:
        """In the writer's thread: whoever reads no transcript (`--quiet`, `--filter`, `> log`) reads stderr."""
        self._warned = True
        fail(0, text)
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._warn, text)
        except RuntimeError:  # the loop is over
            pass

    def _warn(self, text: str) -> None:
        if self._logbook is not None:
            self._logbook.append(Warned("record", text))


def taken(wish: str, file: object, error: FileExistsError) -> str:
    """What to say of a name that something has already; `wish` is what cannot be done with it."""
    hint = "to replace it, add: --force" if error.strerror == TAKEN else "name another file"
    return f"cannot {wish} {file}: {error.strerror}\n  {hint}"


def recorded(tape: OptionalRecord, put: "Callable[[Entry | Words], None]") -> "Callable[[Entry | Words], None]":
    """`put` for a story that is recorded: each time the narrator speaks, but for the title, is a moment with a name."""
    moments = itertools.count()

    def both(item: "Entry | Words") -> None:
        if isinstance(item, Entry):
            tape.entry(item)
        else:
            if step := next(moments):
                tape.mark(f"step-{step}")
            tape.told(item.en, item.vi)
        put(item)

    return both
