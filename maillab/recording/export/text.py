"""The transcript as plain text, a line a row: what `demo` and `serve` print, without colours."""

from collections.abc import Iterator

from maillab.recording.export.turns import Moment, scenes
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.notation import Notation
from maillab.views.safe import safe
from maillab.views.transcript import Transcript


def export(session: Session, *, notation: Notation = "rfc", lang: Lang = "en") -> Iterator[bytes]:
    """The title, then rows; marks and narration stand in lines of their own, behind #."""
    view = Transcript(notation, lang)
    if session.header.title:
        yield _line(f"# {safe(session.header.title)}")
    for item in scenes(session, lang):
        if isinstance(item, Moment):
            yield _line(f"# {item.text}")
        else:
            yield from (_line(view.line(row)) for row in view.iterate(item))


def _line(text: str) -> bytes:
    return text.encode() + b"\n"
