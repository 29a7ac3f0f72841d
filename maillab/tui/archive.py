"""The saved sessions of a lab: which there are, and what is in each at a glance.

Rules for this file: no Textual; whatever lies in the folder, a damaged session is one that says so.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from maillab import durable
from maillab.events import Delivered, Entry, Failed, Submitted
from maillab.recording.session import Header, Mark, SessionError, read
from maillab.tui.sink import Line, Piece, piece
from maillab.tui.texts import Texts
from maillab.views.transcript import Transcript

LOOKED_AT = 20_000  # entries of a session that are counted for its summary
PREVIEW = 400  # entries that are shown before it is opened
TRASH = "trash"


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A file in the folder."""

    path: Path
    octets: int
    changed: float  # seconds since 1970


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What is in a session. `more`: it goes on beyond what was counted; `trouble` why it cannot be read."""

    title: str = ""
    entries: int = 0
    seconds: float = 0.0
    messages: int = 0
    delivered: int = 0
    failed: int = 0
    marks: tuple[str, ...] = ()
    more: bool = False
    trouble: str = ""
    first: tuple[Entry, ...] = ()

    @property
    def outcome(self) -> Piece:
        """How it came out, as a sign: it cannot be read, something failed, something was delivered, neither."""
        if self.trouble:
            return "bad", "!"
        return ("bad", "✗") if self.failed else ("good", "✓") if self.delivered else ("dim", "·")


def stem(path: Path) -> str:
    """The name of a session, without the ends that say what it is.

    >>> stem(Path("a.b.maillab.gz"))
    'a.b'
    """
    return path.name.removesuffix(".gz").removesuffix(".maillab")


def saved(folder: Path) -> list[SavedSession]:
    """The sessions in a folder, the newest first."""
    sessions = []
    for path in [*folder.glob("*.maillab"), *folder.glob("*.maillab.gz")]:
        try:
            status = path.stat()
        except OSError:
            continue
        sessions.append(SavedSession(path, status.st_size, status.st_mtime))
    return sorted(sessions, key=lambda session: session.changed, reverse=True)


def summary(path: Path) -> SessionSummary:
    """Look into a session; nothing is raised."""
    header, kinds = Header(), Counter[type]()
    first: list[Entry] = []
    last: Entry | None = None
    marks: list[str] = []
    count = looked = 0
    try:
        for item in islice(read(path), LOOKED_AT):
            looked += 1
            if isinstance(item, Header):
                header = item
            elif isinstance(item, Entry):
                count += 1
                kinds[type(item.event)] += 1
                last = item
                if count <= PREVIEW:
                    first.append(item)
            elif isinstance(item, Mark):
                marks.append(item.name)
    except (SessionError, OSError) as error:
        return SessionSummary(title=path.name, trouble=str(error))
    seconds = last.at - first[0].at if last is not None else 0.0
    return SessionSummary(
        header.title or path.stem,
        count,
        seconds,
        kinds[Submitted],
        kinds[Delivered],
        kinds[Failed],
        tuple(marks[:50]),
        looked == LOOKED_AT,
        "",
        tuple(first),
    )


def preview(session: SessionSummary, texts: Texts) -> list[Line]:
    """Lines about a session, and how it begins."""
    if session.trouble:
        return [(piece("bad", session.trouble),)]
    sign = "≥ " if session.more else ""
    lines: list[Line] = [
        (piece("heading", session.title),),
        (("plain", sign + texts("session.counts", entries=session.entries, seconds=f"{session.seconds:.1f}")),),
        (
            ("plain", texts("session.messages", count=session.messages) + " · "),
            ("good", texts("session.delivered", count=session.delivered) + " · "),
            ("bad" if session.failed else "plain", texts("session.failed", count=session.failed)),
        ),
    ]
    if session.marks:
        lines.append((("key", texts("session.marks") + " "), piece("plain", ", ".join(session.marks))))
    lines.append(())
    view = Transcript("rfc", texts.lang)
    rows = (row for entry in session.first for row in view.rows(entry))
    return [*lines, *([("dim", f"{row.talk} {row.mark} "), ("plain", row.text)] for row in rows)]


def rename(path: Path, name: str) -> Path:
    """Give a session another name; the ending stays. Raises `OSError`, `ValueError` for a name that is none."""
    ending = ".maillab.gz" if path.name.endswith(".gz") else ".maillab"
    name = name.strip().removesuffix(ending)
    if not name or "/" in name or "\0" in name or name.startswith(".") or len(name.encode()) > 200:
        raise ValueError(f"{name!r} cannot be the name of a file")
    target = path.with_name(name + ending)
    if target.exists():
        raise FileExistsError(17, "there is a session of that name", str(target))
    path.rename(target)
    return target


def throw_away(path: Path) -> Path:
    """Put a session into the trash beside the others, under a name that is free there. Raises `OSError`."""
    trash = path.parent / TRASH
    durable.make_folder(trash)
    number, target = 0, trash / path.name
    while target.exists():
        number += 1
        target = trash / f"{number}-{path.name}"
    path.rename(target)
    return target
