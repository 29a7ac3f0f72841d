"""What is seen in the window as a file, in every format of `maillab export`."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from maillab.recording.export import FORMATS, export
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.recording.session import Header, Session
from maillab.tui.mail.saving import save
from maillab.views.gloss import Lang
from maillab.views.language import Say

if TYPE_CHECKING:
    from maillab.lab import Lab


def formats(lang: Lang) -> list[tuple[str, str]]:
    """Names and what they are."""
    say = Say(lang, VIETNAMESE)
    return [(name, say(kind.what)) for name, kind in FORMATS.items()]


def file_name(kind: str, stem: str = "maillab") -> str:
    """A name to propose for a file of this format.

    >>> file_name("html")
    'maillab.html'
    """
    return f"{stem}{FORMATS[kind].ending}"


def header_of(lab: "Lab | None", recorded: Header | None = None) -> Header:
    """What a session of this lab would say of itself, or what a recorded one says: with the ports that are open now.

    A command made from it then goes to a server that is listening: ports of the recording are gone with its lab.
    """
    if lab is None:
        return recorded or Header("maillab")
    from maillab.lab.open_ports import with_open_ports

    if recorded is not None:
        return replace(recorded, lab=with_open_ports(recorded.lab, lab))
    from maillab.config import without_passwords

    return Header("maillab", lab.clock.now(), lab=with_open_ports(without_passwords(lab.config), lab))


async def export_to(where: str, kind: str, session: Session, lang: Lang = "en") -> Path:
    """Write it, never over a file that is there; gives the name it has. Raises `OSError`, `ValueError`."""
    options = {"lang": lang} if "lang" in FORMATS[kind].options else {}
    return await asyncio.to_thread(lambda: save(where, b"".join(export(session, kind, **options))))
