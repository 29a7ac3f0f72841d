"""The ladder as a drawing: participants as columns, arrows between them. Text is escaped, colours are classes."""

from collections.abc import Iterator
from html import escape

from maillab.recording.export.ladder import Arrow, Ladder, Note
from maillab.views.gloss import Lang
from maillab.views.notation import GLYPHS
from maillab.views.safe import clip

DRAWN = 600  # rungs; of a longer session the others stand in the transcript alone
COLUMN, MARGIN, HEAD, STEP = 300, 150, 56, 26  # pixels
LETTER = 6.7  # width of a letter, pixels
_TIP = """\
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="8"
orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>
"""
_REST: dict[Lang, str] = {
    "en": "and {count} more: see the transcript",
    "vi": "và {count} dòng nữa: xem bản ghi",
}


def draw(ladder: Ladder, lang: Lang = "en") -> Iterator[str]:
    """An <svg> element, in pieces."""
    rungs = ladder.rungs[:DRAWN]
    places = {name: MARGIN + number * COLUMN for number, name in enumerate(ladder.participants)}
    width = 2 * MARGIN + COLUMN * max(0, len(places) - 1)
    height = HEAD + STEP * (len(rungs) + 2)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
    yield _TIP
    for name, x in places.items():
        yield f'<line class="life" x1="{x}" y1="{HEAD - 12}" x2="{x}" y2="{height}"/>'
        yield f'<text class="who" x="{x}" y="{HEAD - 24}">{_fit(name, COLUMN)}</text>\n'
    for number, rung in enumerate(rungs, 1):
        y = HEAD + STEP * number
        yield _arrow(rung, places, y) if isinstance(rung, Arrow) else _note(rung, places, y)
    if left := len(ladder.rungs) - len(rungs):
        text = escape(_REST[lang].format(count=left))
        yield f'<text class="note" x="{width // 2}" y="{height - STEP // 2}">{text}</text>\n'
    yield "</svg>\n"


def _arrow(rung: Arrow, places: dict[str, int], y: int) -> str:
    start, end = places[rung.source], places[rung.target]
    if start == end:
        end += COLUMN // 3  # a machine that talks to itself
    kind = "arrow secure" if rung.secure else "arrow"
    line = f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" marker-end="url(#tip)"/>'
    text = (
        f'<text x="{(start + end) // 2}" y="{y - 5}">{_fit(GLYPHS[rung.verdict] + rung.text, abs(end - start))}</text>'
    )
    return f'<g class="{kind} {rung.verdict}" {_data(rung, rung.side)}>{_title(rung.text)}{line}{text}</g>\n'


def _note(rung: Note, places: dict[str, int], y: int) -> str:
    columns = [places[name] for name in rung.over]
    middle = (min(columns) + max(columns)) // 2
    text = f'<text x="{middle}" y="{y - 5}">{_fit(GLYPHS[rung.verdict] + rung.text, COLUMN)}</text>'
    return f'<g class="note {rung.verdict}" {_data(rung, "none")}>{_title(rung.text)}{text}</g>\n'


def _data(rung: Arrow | Note, side: str) -> str:
    return f'data-leg="{rung.leg or "none"}" data-side="{side}"'


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _fit(text: str, pixels: int) -> str:
    return escape(clip(text, int((pixels - 16) / LETTER)))
