"""The saved sessions of a lab: what is in each at a glance, another name for one, and the trash.

Rules for this file: no Textual; whatever lies in the folder, a damaged session is one that says so.
"""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from maillab import durable
from maillab.events import Entry
from maillab.recording.export.summary import MessageSummary
from maillab.recording.export.summary import summary as whole
from maillab.recording.saved_sessions import ENDING, stem
from maillab.recording.session import Header, Mark, Note, Session, SessionError, Told, read
from maillab.tui.looks.sink import Piece

LOOKED_AT = 20_000  # entries and notes of a session that are read for its summary
PREVIEW = 200  # entries that are shown before it is opened
TRASH = "trash"


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What is in a session. `more`: it goes on beyond what was read; `trouble` why it cannot be read.

    `started` in seconds since 1970, by the clock of its lab; `first` and `notes` are its beginning.
    """

    title: str = ""
    started: float = 0.0
    entries: int = 0
    seconds: float = 0.0
    talks: int = 0
    messages: tuple[MessageSummary, ...] = ()
    marks: tuple[str, ...] = ()
    more: bool = False
    trouble: str = ""
    first: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def outcome(self) -> Piece:
        """How it came out, as a sign: it cannot be read, something failed, for some only, or arrived."""
        if self.trouble:
            return "bad", "!"
        outcomes = {message.outcome for message in self.messages}
        if "failed" in outcomes:
            return "bad", "✗"
        if "partly" in outcomes:
            return "warn", "!"
        return ("good", "✓") if outcomes & {"read", "stored"} else ("dim", "·")

    @property
    def subject(self) -> str:
        """What its first message is about, "" for none."""
        return next((message.subject for message in self.messages if message.subject), "")


def summary(path: Path) -> SessionSummary:
    """Look into a session; nothing is raised."""
    header, entries, notes = Header(), list[Entry](), list[Note]()
    looked = 0
    try:
        for item in islice(read(path), LOOKED_AT):
            looked += 1
            if isinstance(item, Header):
                header = item
            elif isinstance(item, Entry):
                entries.append(item)
            else:
                notes.append(item)
    except (SessionError, OSError) as error:
        return SessionSummary(title=path.name, trouble=str(error))
    found = whole(Session(header, tuple(entries)))
    last = entries[PREVIEW - 1].seq if len(entries) > PREVIEW else 0
    return SessionSummary(
        header.title or stem(path),
        header.started,
        len(entries),
        found.seconds,
        found.talks,
        found.messages,
        tuple(note.name for note in notes if isinstance(note, Mark))[:50],
        looked == LOOKED_AT,
        "",
        tuple(entries[:PREVIEW]),
        tuple(note for note in notes if isinstance(note, Told) and (not last or note.after < last)),
    )


def rename(path: Path, name: str) -> Path:
    """Give a session another name; the ending stays. Raises `OSError`, `ValueError` for one that cannot be."""
    ending = f"{ENDING}.gz" if path.name.endswith(".gz") else ENDING
    name = name.strip().removesuffix(ending)
    if not name or "/" in name or "\0" in name or name.startswith(".") or len(name.encode()) > 200:
        raise ValueError(f"a file cannot be called “{name[:40]}”")
    target = path.with_name(name + ending)
    if target.exists():
        raise ValueError(f"there is a session called “{name}” already")
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
    durable.sync_folder(trash)  # before anything makes durable that it is no longer beside the others
    return target
