"""What is seen in the window as a file, in every format of `maillab export`."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maillab.recording.export import FORMATS, export
from maillab.recording.session import Header, Session
from maillab.tui.mail.saving import save
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


def header_of(lab: "Lab | None", recorded: Header | None = None) -> Header:
    """What a session of this lab would say of itself, or what a recorded one says: with the ports that are open now.

    A command made from it then goes to a server that is listening: ports of the recording are gone with its lab.
    """
    if lab is None:
        return recorded or Header("maillab")
    if recorded is not None:
        return replace(recorded, lab=with_open_ports(recorded.lab, lab))
    from maillab.config import without_passwords

    return Header("maillab", lab.clock.now(), lab=with_open_ports(without_passwords(lab.config), lab))


def with_open_ports(table: dict[str, Any], lab: "Lab") -> dict[str, Any]:
    """A lab as a session describes it; sites that are running have the ports at which they listen."""
    sites = table.get("sites")
    if not isinstance(sites, list):
        return table
    return {**table, "sites": [_with_open_ports(site, lab) for site in sites]}


def _with_open_ports(site: Any, lab: "Lab") -> Any:
    """Rules for this function: what a session describes is a stranger's word, so anything may stand there."""
    if not isinstance(site, dict):
        return site
    open_ports = {door.service: door.port for door in lab.endpoints if door.site == site.get("domain")}
    told = site.get("ports")
    return {**site, "ports": {**(told if isinstance(told, dict) else {}), **open_ports}}


async def export_to(where: str, kind: str, session: Session, lang: Lang = "en") -> Path:
    """Write it, never over a file that is there; gives the name it has. Raises `OSError`, `ValueError`."""
    options = {"lang": lang} if "lang" in FORMATS[kind].options else {}
    return await asyncio.to_thread(lambda: save(where, b"".join(export(session, kind, **options))))
