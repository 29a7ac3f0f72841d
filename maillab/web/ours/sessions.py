"""`/maillab/v1/sessions`: those that are saved in the lab's folder, and the one that is just going on (`live`).

Files: what is read and written lies in the folder of sessions; a name that comes from outside is only compared with the
names that are there, or is plain letters.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from maillab.config import without_passwords
from maillab.lab.open_ports import with_open_ports
from maillab.recording.export import FORMATS, Format, export
from maillab.recording.export.turns import NarratedWords, named, scenes
from maillab.recording.saved_sessions import ENDING, saved, stem
from maillab.recording.selection import selected
from maillab.recording.session import Header, Session, SessionError, load
from maillab.recording.session_files import SessionWriter
from maillab.views.filter import FilterError
from maillab.views.gloss import Lang
from maillab.views.shown import shows
from maillab.web.answering import BadQuestion, as_json, context_of, worked_out
from maillab.web.context import HttpContext
from maillab.web.ours.complaints import complaint, language
from maillab.web.ours.told import EntryTeller

LIVE = "live"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_TYPES = {".json": "application/json", ".html": "text/html", ".md": "text/markdown", ".zip": "application/zip"}


async def listed(request: Request) -> Response:
    """The saved sessions, the newest first."""
    folder = _folder(context_of(request))
    sessions = await worked_out(lambda: saved(folder))
    told = [{"name": stem(each.path), "bytes": each.octets, "changed": each.changed} for each in sessions]
    return as_json({"sessions": told})


async def exported(request: Request) -> Response:
    """A session in a format of `maillab export`, filtered; the format `maillab` is the file itself."""
    name, kind = request.path_params["name"], request.query_params.get("format", "html")
    if kind == "maillab" and name != LIVE:
        path = await _path(request)
        return _download(iter([await worked_out(path.read_bytes)]), path.name, "application/octet-stream")
    if kind not in FORMATS:
        raise BadQuestion(f"format is one of {', '.join(FORMATS)}")
    row, session = FORMATS[kind], await _asked_for(request)
    options = {"lang": language(request)} if "lang" in row.options else {}
    return _answer(export(session, kind, **options), name, row)


async def entries(request: Request) -> Response:
    """The entries of a session, as `/maillab/v1/entries` tells them, and what a story tells between them."""
    return StreamingResponse(_told(await _asked_for(request), language(request)), media_type="application/x-ndjson")


async def put(request: Request) -> Response:
    """Save a session that is sent under a name that no other has."""
    context, name, octets = context_of(request), request.path_params["name"], await request.body()
    if not _NAME.fullmatch(name) or name == LIVE:
        raise BadQuestion("a name has up to 64 letters, digits, - and _, and is not live")
    path = _folder(context) / f"{name}{ENDING}"
    try:
        await worked_out(lambda: _save(path, octets))
    except FileExistsError:
        return Response(f"a session is called {name} already", 409, media_type="text/plain")
    except SessionError as error:
        raise complaint(request, error) from None
    return as_json({"name": name}, 201)


def _save(path: Path, octets: bytes) -> None:
    """Keep a session that can be read, and nothing else. Raises `SessionError`, `FileExistsError`, `OSError`."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with SessionWriter(path) as paper:
        paper.write(octets)
        paper.flush()
        load(paper.part)  # before it has its name


def _folder(context: HttpContext) -> Path:
    return context.lab.folder / "sessions"


async def _path(request: Request) -> Path:
    """The saved session that is asked for. Raises `HTTPException`."""
    folder, name = _folder(context_of(request)), request.path_params["name"]
    sessions = await worked_out(lambda: saved(folder))
    found = next((each.path for each in sessions if stem(each.path) == name), None)
    if found is None:
        raise HTTPException(404, f"no session is called {name[:100]}")
    return found


async def _asked_for(request: Request) -> Session:
    """The session that is asked for, filtered. Raises `BadQuestion`, `HTTPException`."""
    context, expression = context_of(request), request.query_params.get("filter", "")
    name, says = request.path_params["name"], shows(language(request))
    path = None if name == LIVE else await _path(request)

    def chosen() -> Session:
        session = named(load(path), name) if path else _live(context)
        return selected(session, expression, whole=True, says=says)

    try:
        return await worked_out(chosen)
    except (FilterError, SessionError) as error:
        raise complaint(request, error) from None


def _told(session: Session, lang: Lang) -> Iterator[bytes]:
    teller = EntryTeller(lang)
    for item in scenes(session, lang, as_headings=True):
        if isinstance(item, NarratedWords):
            told = {"kind": "mark" if item.is_mark else "told", "at": item.at, "text": item.text}
        else:
            told = teller.told(item, teller.hear(item))
        yield msgspec.json.encode(told) + b"\n"


def _live(context: HttpContext) -> Session:
    """What the logbook still holds."""
    lab = context.lab
    header = Header("maillab serve", context.started, lab=with_open_ports(without_passwords(lab.config), lab))
    return Session(header, tuple(lab.logbook.since(0)))


def _answer(pieces: Iterator[bytes], name: str, row: Format) -> Response:
    kind = _TYPES.get(row.ending, "application/octet-stream" if row.binary else "text/plain")
    return _download(pieces, f"{name}{row.ending}", kind)


def _download(pieces: Iterator[bytes], name: str, kind: str) -> Response:
    """To be saved: a page that was made of a stranger's words is not shown as one of ours."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "Content-Security-Policy": "sandbox"}
    return StreamingResponse(pieces, headers=headers, media_type=kind)
