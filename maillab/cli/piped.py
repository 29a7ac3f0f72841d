"""A session that comes through a pipe: kept in a file for as long as it is looked at, because places are sought in it.

Files: a temporary one, 0600, removed at the end.
"""

import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from maillab.cli import saved_sessions
from maillab.folder import path_of
from maillab.recording.session import MOST_OCTETS, SessionError

BLOCK = 1_048_576
GZIP = b"\x1f\x8b"  # what gzip begins with


@contextmanager
def session_path(name: str) -> Iterator[Path]:
    """Where the session of this name can be read: the file itself, one that the window has saved, or a copy of what a
    pipe or `-` (stdin) gives.

    Raises `OSError`, and `SessionError` for more than a session may have.
    """
    path = Path("/dev/stdin") if name == "-" else path_of(name)
    path = path if path.exists() else saved_sessions.named(name) or path
    if path.is_file() or path.is_dir() or not _is_stream(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="maillab-") as folder, path.open("rb") as stream:
        yield _copy(stream, Path(folder))


def _is_stream(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # whoever opens it will say why
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _copy(stream: IO[bytes], folder: Path) -> Path:
    """All of it; packed if it begins so, whatever it is called."""
    block, octets = stream.read(BLOCK), 0
    path = folder / ("session.maillab.gz" if block.startswith(GZIP) else "session.maillab")
    with path.open("wb") as file:
        while block:
            octets += len(block)
            if octets > MOST_OCTETS:
                raise SessionError(f"the session is longer than {MOST_OCTETS} bytes")
            file.write(block)
            block = stream.read(BLOCK)
    return path
