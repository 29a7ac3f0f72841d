"""Entries as JSON: the objects that `--json` prints elsewhere, in one array or a line each."""

import json
from collections.abc import Iterator

from maillab.events import Entry, Opened
from maillab.recording.export.turns import NarratedWords, scenes
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.legs import leg_of
from maillab.views.notation import Notation
from maillab.views.record import as_object
from maillab.views.transcript import Transcript


def export(session: Session, *, notation: Notation = "rfc", lang: Lang = "en", lines: bool = False) -> Iterator[bytes]:
    """One array with an object a line, or with `lines` the objects alone (JSON lines); narration as objects, too."""
    objects = _objects(session, Transcript(notation, lang), lang)
    if lines:
        yield from (text + b"\n" for text in objects)
        return
    before = b"[\n"
    for text in objects:
        yield before + text
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _objects(session: Session, view: Transcript, lang: Lang) -> Iterator[bytes]:
    legs: dict[str, str] = {}
    for item in scenes(session, lang):
        if isinstance(item, NarratedWords):
            if not item.is_mark:
                yield json.dumps({"kind": "told", "text": item.text}, ensure_ascii=False).encode()
            continue
        text = " / ".join(row.text for row in view.rows(item))
        yield json.dumps(as_object(item, _leg(item, legs), text), ensure_ascii=False).encode()


def _leg(entry: Entry, legs: dict[str, str]) -> str:
    if isinstance(entry.event, Opened):
        legs[entry.event.talk] = entry.event.leg
    talk = entry.talk
    return legs.get(talk) or leg_of(talk) or ""
