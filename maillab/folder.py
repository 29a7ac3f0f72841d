"""The lab folder: where a lab keeps what must survive, and the lock that lets one process at a time live in it.

lab.toml   what the person wrote          ca/      the lab's certificate authority
mail/      <domain>/<user>/ Maildirs      queue/   <domain>/ messages on their way out
spool/     messages on their way in        record/  large bodies of the running record
lock       who lives here                 running.json  where the doors of the running lab are (maillab/notice.py)
"""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from maillab import durable
from maillab.system import HERE

ASKED = 100  # how often in a row others may ask who lives here while a lab wants to move in
NOTICE = "running.json"  # maillab/notice.py writes and reads it


class FolderError(OSError):
    """The folder cannot be lived in; the text says why and what to do."""


class FolderTakenError(FolderError):
    """Another process, `pid` (0: not known), lives in the folder."""

    def __init__(self, path: Path, pid: int) -> None:
        super().__init__(
            f"another maillab (process {pid or 'unknown'}) lives in {path}\n"
            f"  try: maillab serve --lab OTHER_DIR --ports auto, or stop the other one: kill {pid or 'PID'}"
        )
        self.path, self.pid = path, pid


def path_of(text: str) -> Path:
    """What a person calls a file: `~` is the home folder, as in a shell; a home that is not known stays as it is.

    >>> path_of("~nobody-of-this-name/message.eml").as_posix()
    '~nobody-of-this-name/message.eml'
    """
    return Path(os.path.expanduser(text))  # noqa: PTH111 - `Path.expanduser` raises where there is no such home


def home(environ: Mapping[str, str]) -> Path | None:
    """The person's home folder, also where HOME is not set; `None` where the system knows none.

    >>> home({"HOME": "/home/alice"}).as_posix()
    '/home/alice'
    """
    if environ.get("HOME"):
        return Path(environ["HOME"])
    known = path_of("~")  # asks the system's list of users; in a container a number may have no name there
    return known if known.is_absolute() else None


def default_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_DATA_HOME/maillab/lab`, as the XDG base directory specification puts data of users. Raises `FolderError`
    where no home folder is known.

    >>> default_folder({"XDG_DATA_HOME": "/data"}).as_posix()
    '/data/maillab/lab'
    """
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"]) / "maillab" / "lab"
    if (own := home(environ)) is None:
        raise FolderError("there is no home folder to keep a lab in\n  try: --lab DIR, or --ephemeral, or set HOME")
    return own / ".local/share" / "maillab" / "lab"


def holder(folder: Path) -> int | None:
    """The process that lives in a lab folder, 0 when it cannot be told, `None` when nobody does. Writes nothing."""
    try:
        lock = HERE.open_lock(folder / "lock", create=False)
    except OSError:
        return None
    try:
        if HERE.lock(lock, shared=True):
            return None
        pid = os.read(lock, 32).strip()
        return int(pid) if pid.isdigit() else 0
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    """Take the lock, unless another process lives here. One that only asks who does (`holder`) lets go at once."""
    for _ in range(ASKED):
        if HERE.lock(lock):
            return True
        if HERE.is_posix:
            if not HERE.lock(lock, shared=True):
                return False
            HERE.unlock(lock)
        time.sleep(0.005)
    return False


class LabFolder:
    """One lab's folder, locked while it is open. `None` makes a temporary one that is removed at the end.

    Files: folders 0700, the lock 0600, never through a symbolic link. Raises `FolderError`.
    """

    def __init__(self, path: Path | None) -> None:
        self._temporary = path is None
        self.path = Path(tempfile.mkdtemp(prefix="maillab-")) if path is None else path
        self._lock = -1

    def __enter__(self) -> "LabFolder":
        try:
            durable.make_folder(self.path)
            self._take_lock()
            (self.path / NOTICE).unlink(missing_ok=True)  # a killed lab left it
            for name in ("spool", "record"):  # what a crashed run left there was never acknowledged
                shutil.rmtree(self.path / name, ignore_errors=True)
                durable.own_folder(self.path / name)
        except FolderError:
            self._let_go()
            raise
        except OSError as error:
            self._let_go()
            raise FolderError(
                f"cannot live in {self.path}: {error.strerror}\n  try: maillab serve --lab DIR, or --ephemeral"
            ) from error
        return self

    @property
    def lock(self) -> int:
        """The descriptor of the lock: a process that inherits it lives here, too."""
        return self._lock

    def _take_lock(self) -> None:
        """A lock that is gone when the process is, however it died (T039-T042)."""
        self._lock = HERE.open_lock(self.path / "lock", create=True)
        if not _locked(self._lock):
            pid = os.read(self._lock, 32).strip()
            raise FolderTakenError(self.path, int(pid) if pid.isdigit() else 0)
        os.ftruncate(self._lock, 0)
        os.write(self._lock, f"{os.getpid()}\n".encode("ascii"))

    def __exit__(self, *_: object) -> None:
        try:
            shutil.rmtree(self.path / "record", ignore_errors=True)
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """The folder is free for others."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)
