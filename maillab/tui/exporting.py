"""What is seen in the window as a file, in every format of `maillab export`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.recording.export import FORMATS, export
from maillab.recording.session import Header, Session
from maillab.tui.saving import save
from maillab.views.gloss import Lang

if TYPE_CHECKING:
    from maillab.lab import Lab


def formats() -> list[tuple[str, str]]:
    """Names and what they are."""
    return [(name, kind.what) for name, kind in FORMATS.items()]


def file_name(kind: str, stem: str = "maillab") -> str:
    """A name to propose for a file of this format.

    >>> file_name("html")
    'maillab.html'
    """
    return f"{stem}{FORMATS[kind].ending}"


def header_of(lab: "Lab | None") -> Header:
    """What a session of this lab would say of itself, its open doors included; of no lab nothing."""
    if lab is None:
        return Header("maillab")
    from maillab.config import without_passwords

    table = without_passwords(lab.config)
    for site in table["sites"]:
        site["ports"] = site["ports"] | {
            door.service: door.port for door in lab.endpoints if door.site == site["domain"]
        }
    return Header("maillab", lab.clock.now(), lab=table)


async def export_to(where: str, kind: str, session: Session, lang: Lang = "en") -> Path:
    """Write it, never over a file that is there; gives the name it has. Raises `OSError`, `ValueError`."""
    options = {"lang": lang} if "lang" in FORMATS[kind].options else {}
    return await asyncio.to_thread(lambda: save(where, b"".join(export(session, kind, **options))))
