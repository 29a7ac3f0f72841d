"""A real `maillab serve` in a process of its own, as a judge, an example or a measurement meets it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from tests.nest import Hatched, hatch

ROOT = Path(__file__).resolve().parent.parent
KIND = re.compile(rb'"kind": ?"(\w+)"')
Entry = dict[str, Any]


class Serving:
    """`maillab serve --ephemeral --ports auto --json`, started on entering and ended on leaving.

    `ready` is its first line. Entries are kept and can be waited for, unless their kind is in `ignore`, or `keep` is
    false: then the output is only swallowed, as cheaply as possible. With a `folder` the lab lives there. `program` is
    the module to run, `under` the command that runs it and looks at what it does,
    `variables` what the environment says besides.

    It comes out of a nest; `afresh`, `under` something or as another `program`, it is started as by a person.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *arguments: str,
        keep: bool = True,
        ignore: Iterable[str] = (),
        program: str = "maillab",
        folder: Path | None = None,
        under: Sequence[str] = (),
        variables: Mapping[str, str] = MappingProxyType({}),
        afresh: bool = False,
    ) -> None:
        place = ("--ephemeral",) if folder is None else ("--lab", str(folder))
        self._arguments = ("serve", *place, "--ports", "auto", "--json", *arguments)
        self._under = under
        self._environment = environment() | variables
        self._command = [*under, sys.executable, "-m", program] if afresh or under or program != "maillab" else []
        self._keep = keep
        self._ignore = {kind.encode() for kind in ignore}
        self._told = threading.Condition()
        self._over = False
        self._is_killed_by_us = False
        self._complaints = ""
        self.entries: list[Entry] = []
        self.ready: Entry = {}

    def __enter__(self) -> Self:
        self._errors = tempfile.TemporaryFile()
        reader, writer = os.pipe()
        self._out = open(reader, "rb")
        self._process = self._start(writer)
        os.close(writer)
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()
        patience = 60 if self._under else 20  # strace stops it at each of its calls
        with self._told:
            self._told.wait_for(lambda: self.ready or self._over, patience)
        if not self.ready:
            self.stop()
            raise RuntimeError(f"maillab serve did not become ready: {self.errors()}")
        return self

    def _start(self, writer: int) -> "subprocess.Popen[bytes] | Hatched":
        if self._command:
            return subprocess.Popen(
                [*self._command, *self._arguments], cwd=ROOT, env=self._environment, stdout=writer, stderr=self._errors
            )
        with open(os.devnull, "rb") as nothing:
            streams = [nothing.fileno(), writer, self._errors.fileno()]
            return hatch(self._arguments, streams, ROOT, self._environment)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        for line in self._out:
            if self._ignore and (kind := KIND.search(line)) and kind[1] in self._ignore:
                continue
            with self._told:
                if not self.ready:
                    self.ready = json.loads(line)
                else:
                    self.entries.append(json.loads(line))
                self._told.notify_all()
            if not self._keep:
                while os.read(self._out.fileno(), 1 << 20):
                    pass
        with self._told:
            self._over = True
            self._told.notify_all()

    @property
    def pid(self) -> int:
        """The process that serves: what looks at it has it for a child."""
        above = self._process.pid
        below = Path(f"/proc/{above}/task/{above}/children").read_text().split() if self._under else []
        return int(below[0]) if below else above

    @property
    def lab(self) -> Path:
        """The lab's folder."""
        return Path(self.ready["lab"])

    def maildir(self, user: str, site: str = "recipient.test") -> Path:
        """The folder of new messages of a person."""
        return self.lab / "mail" / site / user / "new"

    @property
    def authority(self) -> Path:
        """The certificate of the lab's own authority, for clients to trust."""
        return self.lab / "ca" / "ca.pem"

    def port(self, service: str, site: str = "recipient.test") -> int:
        """The port of a service; the name server belongs to no site."""
        for endpoint in self.ready["endpoints"]:
            if endpoint["service"] == service and (service == "dns" or endpoint["site"] == site):
                return int(endpoint["port"])
        raise LookupError(f"{service} of {site} is not among {self.ready['endpoints']}")

    def wait(self, predicate: Callable[[Entry], bool], since: int = 0, timeout: float = 20.0) -> Entry:
        """The first entry after the `since`-th that satisfies `predicate`, past or to come."""
        found: list[Entry] = []

        def look() -> bool:
            found.extend([entry for entry in self.entries[since:] if predicate(entry)][:1])
            return bool(found) or self._over

        with self._told:
            self._told.wait_for(look, timeout)
        if found:
            return found[0]
        last = "\n".join(map(str, self.entries[-15:]))
        raise AssertionError(f"nothing of the kind within {timeout} s; the last entries:\n{last}\n{self.errors()}")

    @property
    def has_ended(self) -> bool:
        """It does not run any more, whoever ended it."""
        return self._process.poll() is not None

    @property
    def was_killed(self) -> bool:
        """Somebody else killed it: nobody called `kill` here, and `stop` did not lose patience."""
        return self._process.poll() == -signal.SIGKILL and not self._is_killed_by_us

    def kill(self) -> None:
        """End it as nobody expects, at once, with the processes of its sites."""
        for pid in reversed(self.family):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    @property
    def family(self) -> list[int]:
        """The process that serves, and those of its sites; none where it has ended."""
        try:
            pid = self.pid
            return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):  # it has ended meanwhile
            if self._process.poll() is None:
                os.kill(self.pid, number)
                self._is_killed_by_us |= number == signal.SIGKILL

    def outlast(self) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._process.wait(timeout=20)

    def stop(self) -> tuple[int, float]:
        """End it as a person would; its exit code and the seconds it took."""
        began = time.monotonic()
        self._signal(signal.SIGTERM)
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            code = self._process.wait()
        self._ear.join(timeout=20)
        self._out.close()
        self._complaints = self.errors()
        self._errors.close()
        return code, time.monotonic() - began

    def errors(self) -> str:
        """What it said on stderr."""
        if self._errors.closed:
            return self._complaints
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")


def environment() -> dict[str, str]:
    """The environment of a person who has set nothing of maillab."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAB_")}
    mine.pop("PYTHONDONTWRITEBYTECODE", None)  # programs that a test starts are not compiled anew each time
    mine["PYTHONPATH"] = str(ROOT)
    return mine
