"""The lab folder: where a lab keeps what must survive, and the lock that lets one process at a time live in it.

lab.toml   what the person wrote          ca/      the lab's certificate authority
mail/      <domain>/<user>/ Maildirs      queue/   <domain>/ letters on their way out
spool/     letters on their way in        record/  large bodies of the running record
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


class FolderError(OSError):
    """The folder cannot be lived in; the text says why and what to do."""


def default_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_DATA_HOME/maillab/lab`, as the XDG base directory specification puts data of users.

    >>> default_folder({"XDG_DATA_HOME": "/data"}).as_posix()
    '/data/maillab/lab'
    """
    base = environ.get("XDG_DATA_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".local/share"
    return Path(base) / "maillab" / "lab"


class Folder:
    """One lab's folder, locked while it is open. `None` makes a temporary one that is removed at the end.

    Files: folders 0700, the lock 0600, never through a symbolic link. Raises `FolderError`.
    """

    def __init__(self, path: Path | None) -> None:
        self._temporary = path is None
        self.path = Path(tempfile.mkdtemp(prefix="maillab-")) if path is None else path
        self._lock = -1

    def __enter__(self) -> "Folder":
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._take_lock()
            for name in ("spool", "record"):  # what a crashed run left there was never acknowledged
                shutil.rmtree(self.path / name, ignore_errors=True)
                (self.path / name).mkdir(mode=0o700)
        except FolderError:
            raise
        except OSError as error:
            raise FolderError(
                f"cannot live in {self.path}: {error.strerror}\n  try: maillab serve --lab DIR, or --ephemeral"
            ) from error
        return self

    def _take_lock(self) -> None:
        """flock: gone when the process is, however it died (T039-T042)."""
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._lock = os.open(self.path / "lock", flags, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._lock, 32).decode("ascii", "replace").strip()
            os.close(self._lock)
            self._lock = -1
            pid = holder if holder.isdigit() else "unknown"
            raise FolderError(
                f"another maillab (process {pid}) lives in {self.path}\n"
                f"  try: maillab serve --lab OTHER_DIR --ports auto, or stop the other one: kill {pid}"
            ) from None
        os.ftruncate(self._lock, 0)
        os.write(self._lock, f"{os.getpid()}\n".encode("ascii"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        shutil.rmtree(self.path / "record", ignore_errors=True)
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)
