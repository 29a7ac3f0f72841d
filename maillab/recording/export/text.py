"""The transcript as plain text, a line a row: what `demo` and `serve` print, without colours."""

from collections.abc import Iterator

from maillab.recording.export.turns import NarratedWords, scenes, titled
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.notation import Notation
from maillab.views.transcript import CONTENT, Transcript


def export(
    session: Session, *, notation: Notation = "rfc", lang: Lang = "en", content: int = CONTENT
) -> Iterator[bytes]:
    """The title, then rows; marks and narration stand in lines of their own, behind #."""
    view = Transcript(notation, lang, content=content)
    title, session = titled(session, lang)
    if title:
        yield _line(f"# {title}")
    for item in scenes(session, lang):
        if isinstance(item, NarratedWords):
            yield _line(f"# {item.text}")
        else:
            yield from (_line(view.line(row)) for row in view.iterate(item))


def _line(text: str) -> bytes:
    return text.encode() + b"\n"
