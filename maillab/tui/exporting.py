"""What is seen in the window as a file, in every format of `maillab export`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from maillab.events import Entry
from maillab.recording.export import FORMATS, export
from maillab.recording.session import Header, Note, Session
from maillab.tui.saving import save


def formats() -> list[tuple[str, str]]:
    """Names and what they are."""
    return [(name, kind.what) for name, kind in FORMATS.items()]


def file_name(kind: str, stem: str = "maillab") -> str:
    """A name to propose for a file of this format.

    >>> file_name("html")
    'maillab.html'
    """
    return f"{stem}{FORMATS[kind].ending}"


async def export_to(where: str, kind: str, header: Header, entries: Sequence[Entry], notes: Sequence[Note]) -> Path:
    """Write it, never over a file that is there; gives the name it has. Raises `OSError`, `ValueError`."""
    session = Session(header, tuple(entries), tuple(notes))
    return await asyncio.to_thread(lambda: save(where, b"".join(export(session, kind))))
