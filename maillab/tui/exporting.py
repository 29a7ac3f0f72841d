"""What is seen in the window as a file, in every format of `maillab export`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from maillab import durable
from maillab.events import Entry
from maillab.recording.export import FORMATS, export
from maillab.recording.redact import redacted
from maillab.recording.session import Header, Session
from maillab.tui.playback import Playback


def formats() -> list[tuple[str, str]]:
    """Names and what they are."""
    return [(name, kind.what) for name, kind in FORMATS.items()]


def file_name(kind: str) -> str:
    """A name to propose for a file of this format.

    >>> file_name("html")
    'maillab.html'
    """
    return f"maillab{FORMATS[kind].ending}"


async def export_to(name: str, kind: str, entries: Sequence[Entry], playback: Playback | None) -> Path:
    """Write it, durably, and never over a file that is there; gives the name it has. Raises `OSError`, `ValueError`."""
    header = playback.recording.header if playback is not None else Header("maillab")
    notes = tuple(playback.recording.notes) if playback is not None else ()
    session = Session(header, tuple(map(redacted, entries)), notes)

    def write() -> Path:
        octets = b"".join(export(session, kind))
        path = Path(name).expanduser()
        target = path
        for number in range(1, 1000):
            try:
                durable.write_new(target, octets)
                return target
            except FileExistsError:
                target = path.with_name(f"{path.stem}-{number}{path.suffix}")
        raise FileExistsError(17, "a thousand files of this name are there", str(path))

    return await asyncio.to_thread(write)
