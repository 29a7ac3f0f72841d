"""The sessions that are saved in a folder: which there are, and what they are called.

Rules for this file: it looks at names, sizes and dates, and opens nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ENDING = ".maillab"


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A file in the folder."""

    path: Path
    octets: int
    changed: float  # seconds since 1970


def stem(path: Path) -> str:
    """The name of a session, without the ends that say what it is.

    >>> stem(Path("a.b.maillab.gz"))
    'a.b'
    """
    return path.name.removesuffix(".gz").removesuffix(ENDING)


def saved(folder: Path, others: Iterable[Path] = ()) -> list[SavedSession]:
    """The sessions in a folder, and others that somebody knows of; the newest first."""
    sessions = []
    found = [*folder.glob(f"*{ENDING}"), *folder.glob(f"*{ENDING}.gz"), *others]
    for path in {path.resolve(): path for path in reversed(found)}.values():  # each once, whatever it is called
        try:
            status = path.stat()
        except OSError:
            continue
        sessions.append(SavedSession(path, status.st_size, status.st_mtime))
    return sorted(sessions, key=lambda session: session.changed, reverse=True)
