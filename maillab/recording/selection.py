"""A part of a session: what a filter chooses."""

import dataclasses

from maillab.events import Entry
from maillab.recording.session import Session
from maillab.views.filter import parse, select
from maillab.views.shown import Shows


def selected(session: Session, expression: str, *, whole: bool, says: Shows | None = None) -> Session:
    """The session with what matches; `whole`: with every conversation of which something matches.

    An empty expression chooses all. Raises `FilterError`.
    """
    if not expression:
        return session
    start = session.entries[0].at if session.entries else None
    entries = tuple(select(parse(expression), session.entries, start=start, marks=session.marks, says=says))
    if whole:
        entries = _with_talks(session, entries)
    return dataclasses.replace(session, entries=entries, notes=session.marks if entries else ())


def _with_talks(session: Session, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    talks, numbers = {entry.talk for entry in entries} - {""}, {entry.seq for entry in entries}
    return tuple(entry for entry in session.entries if entry.seq in numbers or entry.talk in talks)
