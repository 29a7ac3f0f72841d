"""The ladder as a drawing: participants as columns, arrows between them. Text is escaped, colours are classes.

A drawing is made for a width in pixels, so that its words stay readable: one for a page, one for a telephone.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from maillab.recording.export.ladder import Arrow, Ladder, LadderNote
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.notation import GLYPHS
from maillab.views.safe import cells, clip

PIECE = 16  # rungs between which paper is cut
DRAWN = 600  # rungs; of a longer session the others stand in the transcript alone
WIDE, NARROW = 1160, 372  # pixels
HEAD, STEP = 44, 25  # pixels
EDGE = 6  # pixels below the last arrow of a piece, for its point
LINE = 15  # height of a line of narration, pixels
_LONGEST = 470  # pixels of a line of the text at an arrow
_MOST = 6  # lines of that text: a reply that lists extensions is whole, also on a telephone
_SMALLEST = 130  # pixels between two columns of which each has its name on top; below it they are numbered


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the columns stand."""

    name: str
    width: int
    places: dict[str, float]
    numbered: bool

    def lines(self, text: str) -> list[str]:
        """Text at an arrow, in as many lines as it takes: at most `_MOST`, none wider than the sheet."""
        room = min(_LONGEST, self.width - 8)
        if _pixels(text) <= room:
            return [text]
        columns = int(room / 6)
        while True:
            lines = textwrap.wrap(text, columns, max_lines=_MOST, placeholder=" …") or [""]
            if columns < 20 or max(map(_pixels, lines)) <= room:
                return [_cut(line, room) for line in lines]
            columns -= 2

    def middle(self, lines: Sequence[str], wanted: float) -> float:
        """Where the middle of these lines is, so that they stay on the sheet."""
        half = max(map(_pixels, lines)) / 2 + 3
        return min(max(wanted, half), self.width - half)


def _pixels(text: str) -> float:
    """About how wide a text is, in a wide font."""
    wide = sum(char.isupper() or char.isdigit() for char in text)
    narrow = sum(char in " .,:;'|!()[]-fijlrt" for char in text)
    return 7.0 * cells(text) + 1.4 * wide - 2.4 * narrow


def _cut(text: str, pixels: float) -> str:
    """A text that is not much wider than so many pixels."""
    shown = text
    while (width := _pixels(shown)) > pixels:
        shown = clip(shown, min(cells(shown) - 1, max(1, int(cells(shown) * pixels / width))))
    return shown


def sheet(ladder: Ladder, name: str, width: int) -> _Sheet:
    """The columns of a ladder, spread over a width."""
    count = len(ladder.participants)
    gap = width / max(1, count)
    places = {one: gap * (number + 0.5) for number, one in enumerate(ladder.participants)}
    return _Sheet(name, width, places, numbered=gap < _SMALLEST)


def draw(
    ladder: Ladder, lang: Lang = "en", *, name: str = "wide", width: int = WIDE, title: str = "", each: int = DRAWN
) -> Iterator[str]:
    """One <svg> element, or several that stand below each other, of `each` rungs at most: paper is cut between them.

    `name` is its class, `title` what is read aloud instead of it. Narration stands in boxes, each a link to the heading
    `told-SEQ` of the page.
    """
    rungs, say = ladder.rungs[:DRAWN], Say(lang, VIETNAMESE)
    on = sheet(ladder, name, width)
    left = len(ladder.rungs) - len(rungs)
    pieces = [rungs[start : start + each] for start in range(0, len(rungs), each)] or [()]
    for number, piece in enumerate(pieces, 1):
        rest = say("and {} more: see the transcript", left) if left and number == len(pieces) else ""
        yield from _piece(on, piece, title, rest, is_first=number == 1, is_last=number == len(pieces))


def _piece(
    on: _Sheet, rungs: Sequence[Arrow | LadderNote], title: str, rest: str, *, is_first: bool, is_last: bool
) -> Iterator[str]:
    """One <svg>; the first has the names on top, the last an end, and what is not drawn."""
    heights = [_height(on, rung) for rung in rungs]
    top = HEAD if is_first else -EDGE
    height = top + sum(heights) + (STEP * (1 + bool(rest)) if is_last else EDGE)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="{on.name}" viewBox="0 0 {on.width} {height}" role="img"'
    yield f' aria-label="{escape(title)}">\n{_tip(on.name) if is_first else ""}'
    for number, (who, x) in enumerate(on.places.items(), 1):
        yield f'<line class="life" x1="{x:.1f}" y1="{max(0, top - 12)}" x2="{x:.1f}" y2="{height}"/>'
        yield _name(on, number, who, x) if is_first else ""
    y = top
    for rung, tall in zip(rungs, heights, strict=True):
        y += tall
        yield _arrow(on, rung, y) if isinstance(rung, Arrow) else _note(on, rung, y, tall)
    if rest:
        yield f'<text class="note" x="{on.width // 2}" y="{y + STEP}">{escape(rest)}</text>\n'
    yield "</svg>\n"


def _tip(name: str) -> str:
    """The point of an arrow; it has a name of its own in each drawing, for one that is not shown draws nothing."""
    return (
        f'<defs><marker id="tip-{name}" viewBox="0 0 8 8" refX="8" refY="4" markerUnits="userSpaceOnUse" '
        'markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>\n'
    )


def _name(on: _Sheet, number: int, who: str, x: float) -> str:
    text = str(number) if on.numbered else _cut(who, on.width / len(on.places) * 0.84)
    return f'<g class="who"><title>{escape(who)}</title><text x="{x:.1f}" y="{HEAD - 20}">{escape(text)}</text></g>\n'


def _height(on: _Sheet, rung: Arrow | LadderNote) -> int:
    if isinstance(rung, LadderNote) and rung.told:
        return LINE * len(_wrapped(rung.text, on.width)) + 22
    return STEP + LINE * (len(on.lines(GLYPHS[rung.verdict] + rung.text)) - 1)


def _wrapped(text: str, width: int) -> list[str]:
    """A sentence of narration, in as many lines as it takes: at most twelve."""
    columns = max(20, int((width - 28) / 6.6))
    return textwrap.wrap(text, columns, max_lines=12, placeholder=" …") or [""]


def _arrow(on: _Sheet, rung: Arrow, y: int) -> str:
    start, end = on.places[rung.source], on.places[rung.target]
    if start == end:
        end += on.width / 12  # a machine that talks to itself
    line = f'<line x1="{start:.1f}" y1="{y}" x2="{end:.1f}" y2="{y}" marker-end="url(#tip-{on.name})"/>'
    return _group(on, rung, y, (start + end) / 2, "arrow secure" if rung.secure else "arrow", rung.side, line)


def _note(on: _Sheet, rung: LadderNote, y: int, tall: int) -> str:
    if rung.told:
        return _box(on, rung, y, tall)
    columns = [on.places[name] for name in rung.over]
    return _group(on, rung, y, (min(columns) + max(columns)) / 2, "note", "none")


def _group(on: _Sheet, rung: Arrow | LadderNote, y: int, middle: float, kind: str, side: str, line: str = "") -> str:
    """A rung's text around its middle, with its line, and all of it for who points there."""
    lines = on.lines(GLYPHS[rung.verdict] + rung.text)
    middle = on.middle(lines, middle)
    text = "".join(
        f'<text x="{middle:.1f}" y="{y - 5 - LINE * (len(lines) - number)}">{escape(shown)}</text>'
        for number, shown in enumerate(lines, 1)
    )
    inside = f"<title>{escape(rung.text)}</title>{line}{text}"
    return f'<g class="{kind} {rung.verdict}" data-leg="{rung.leg or "none"}" data-side="{side}">{inside}</g>\n'


def _box(on: _Sheet, rung: LadderNote, y: int, tall: int) -> str:
    """What a narrator said, across the whole ladder."""
    lines = _wrapped(rung.text, on.width)
    top = y - tall + 10
    texts = "".join(
        f'<text x="14" y="{top + LINE * number + 1}">{escape(line)}</text>' for number, line in enumerate(lines, 1)
    )
    box = f'<rect x="1" y="{top}" width="{on.width - 2}" height="{LINE * len(lines) + 8}" rx="6"/>'
    return f'<a class="told" href="#told-{rung.seq}">{box}{texts}</a>\n'
