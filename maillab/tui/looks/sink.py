"""The only place where text becomes something that the terminal shows. Whatever it is, it is made safe here, twice.

Rules for this room: a widget gets `Content` or pieces from here, never a `str` that came from outside, because a str is
markup to Textual, and markup can run actions (tests/tui/looks/test_sink.py reads every call). `Guard` stands
behind it all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any
from unicodedata import category

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip
from textual.style import Style as ContentStyle

from maillab.mail.normal import normal
from maillab.views.safe import MARKS, safe

Piece = tuple[str, str]  # the name of a style (theme.py), and text that is safe
Line = Sequence[Piece]

TICKS = "✓✔"
WORDS = dict.fromkeys(TICKS, "ok") | {"…": "..."}  # what they become in ASCII where there is room for more than a sign
_IN_TITLE = {"good": "$good", "warn": "bold $warn", "dim": "not bold $quiet"}
SPARE = ((" ", " "), ("─", "─"))  # of two of a kind one can be spared
LONGEST = 4_096  # cells of one line that are drawn; the whole of it is in the Explain pane

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ud800-\udfff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CUT = re.compile(".?.…")  # an ellipsis, and what could have been cut, too
_MAY_BE_HEAPED = re.compile(f"[^\x00-\x7f\u2500-\u259f]{{{MARKS + 1}}}")  # lines and blocks are drawn all the time


def content(text: object) -> Content:
    """Text for a title, a label or a note: nothing in it is markup, nothing in it acts.

    >>> content("[@click=app.quit]x[/]").plain
    '[@click=app.quit]x[/]'
    """
    return Content(safe(str(text)))


def paragraphs(text: str) -> Content:
    r"""The same, with the line ends that stand in the text.

    >>> paragraphs("[b]a\n b").plain
    '[b]a\n b'
    """
    return Content("\n").join(map(content, text.split("\n")))


def chips(parts: Sequence[tuple[str, str]]) -> Content:
    """Parts of a title; one that says something ends with a sign that says it when it is clicked.

    >>> chips([("Wire", ""), ("[b]code:5xx", "filter")]).plain
    'Wire · [b]code:5xx ✕'
    """
    pieces: list[Content] = []
    for text, says in parts:
        pieces.append(content(text))
        if says:
            pieces[-1] += Content.styled(" ✕", ContentStyle.from_meta({"says": says}))
    return content(" · ").join(pieces)


def title(line: Line) -> Content:
    """A title with a state in it: the name looks like every title, the state has a colour of its own.

    >>> title([("plain", "[b]x"), ("warn", " ○ stopped")]).plain
    '[b]x ○ stopped'
    """
    return Content.assemble(*((safe(text), _IN_TITLE.get(style, "")) for style, text in line))


def hints(keys: Sequence[tuple[str, str]]) -> Content:
    """Keys and what they do, for the border of a box; a click on one says the key as it is shown.

    >>> hints([("Enter", "run"), ("Esc", "close")]).plain
    'Enter run · Esc close'
    """
    pieces = (
        Content.assemble((safe(key), "bold $accent"), f" {safe(does)}").stylize(ContentStyle.from_meta({"hint": key}))
        for key, does in keys
    )
    return Content(" · ").join(pieces)


def piece(style: str, text: object) -> Piece:
    """Text from outside, safe, in a style."""
    return style, safe(text if isinstance(text, bytes | str) else str(text))


def pressable(keys: Sequence[tuple[str, str, str]], *, lit: bool = True) -> Content:
    """Keys, what they do, and the name that a click on each of them says.

    Of a pane that is not `lit` the keys hold only when one is there, as after a click: they have no colour.

    >>> pressable([("o", "Stop", "machine.power"), ("b", "Rules", "machine.rules")]).plain
    'o Stop · b Rules'
    """
    pieces = (
        Content.assemble((safe(key), "bold $accent" if lit else ""), safe(f" {does}")).stylize(
            ContentStyle.from_meta({"press": name})
        )
        for key, does, name in keys
    )
    return Content(" · ").join(pieces)


def button(press: str, name: str, words: Content) -> Content:
    """Words, and behind them the one thing to press, filled: a click on it says its name. Without one the words alone.

    >>> button("^S Send", "app.send", content("Tab Write")).plain
    'Tab Write  ^S Send '
    """
    if not press:
        return words
    filled = Content.assemble((f" {safe(press)} ", "bold $press on $press-ground"))
    return Content.assemble(words, " ", filled.stylize(ContentStyle.from_meta({"press": name})))


def keyed(words: str, without: Sequence[str] = ()) -> Content:
    """Parts with dots between, each of which begins with its key, for the border of what somebody works in; not those
    that say something else (`without`).

    >>> keyed("Esc Stop writing · via submission", ["via submission"]).plain
    'Esc Stop writing · via submission'
    """
    pieces = []
    for part in words.split(" · "):
        key, gap, does = ("", "", part) if part in without else part.partition(" ")
        pieces.append(Content.assemble((safe(key), "bold $accent"), safe(f"{gap}{does}")))
    return Content(" · ").join(pieces)


def beside(place: str, below: Content | None, cells: int, *, lit: bool) -> Content | None:
    """A place, and at the right what stands in the border already, where so many cells have room for both.

    >>> beside("2 of 9", content("f Filter"), 20, lit=False).plain
    '2 of 9 ──── f Filter'
    """
    if below is None or not below.cell_length:
        return Content.assemble((safe(place), "not bold $quiet"))
    free = cells - cell_len(place) - below.cell_length - 2
    if free < 1:
        return below
    edge = ("━" * free, "$edge-focus") if lit else ("─" * free, "$edge")
    return Content.assemble((safe(place), "not bold $quiet"), " ", edge, " ", below)


def with_ends(style: str, text: str) -> Line:
    r"""A line of a message that `safe` made with `ends`: CR LF at its end is dim, and looks as programmers write it.

    Most fonts have no ␍␊.

    >>> with_ends("plain", "Dear Bob,␍␊")
    [('plain', 'Dear Bob,'), ('dim', '\\r\\n')]
    """
    return [(style, text[:-2]), ("dim", r"\r\n")] if text.endswith("␍␊") else [(style, text)]


def width(line: Line) -> int:
    """The cells that a line takes."""
    return sum(cell_len(text) for _, text in line)


def fit(text: str, cells: int) -> str:
    """Text padded or cut to exactly so many cells, with … where it was cut."""
    have = cell_len(text)
    if have <= cells:
        return text + " " * (cells - have)
    return set_cell_size(text, cells - 1) + "…" if cells > 0 else ""


def wrapped(text: str, cells: int) -> list[str]:
    """A line of text in pieces of at most so many cells, at blanks where there are any."""
    cells = max(1, cells)
    if len(text) <= cells and cell_len(text) <= cells:
        return [text]
    lines, line, held = [], "", 0
    for word in re.findall(r"\s*\S+|\s+", text[: LONGEST * 4]):
        size = cell_len(word)
        if held + size > cells and line:
            lines.append(line)
            word = word.lstrip()
            line, held, size = "", 0, cell_len(word)
        if size > cells:
            *heads, word = chop_cells(word, cells)
            lines += heads
            size = cell_len(word)
        line, held = line + word, held + size
    return [*lines, line] if line or not lines else lines


def at_slashes(line: str, cells: int) -> list[str]:
    """A line that is a path in pieces of at most so many cells, which end with a slash while that can be: a blank in a
    name is none of its ends. Whatever else it is, the line alone.

    >>> at_slashes("/home/an/lab/sessions/Hello from the lab.maillab", 30), at_slashes("no path", 4)
    (['/home/an/lab/sessions/', 'Hello from the lab.maillab'], ['no path'])
    """
    if not line.startswith("/") or cell_len(line) <= cells:
        return [line]
    lines = [""]
    for part in re.findall("[^/]*/|[^/]+", line):
        if lines[-1] and cell_len(lines[-1] + part) > cells:
            lines.append("")
        lines[-1] += part
    return lines


def strip(line: Line, styles: Mapping[str, Style], under: Style) -> Strip:
    """A line as the terminal draws it, each piece over the style of the whole line."""
    segments: list[Segment] = []
    cells = 0
    for style, text in line:
        if cells >= LONGEST:
            break
        if not text.isascii() or len(text) > LONGEST - cells:
            text = set_cell_size(text, LONGEST - cells) if cell_len(text) > LONGEST - cells else text
        segments.append(Segment(text, under + styles[style]))
        cells += cell_len(text)
    return Strip(segments, cells)


class Guard(LineFilter):
    """Takes out of everything that is drawn what a terminal would obey or choke on, however it got there (T270)."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without controls, bidi marks, invisible marks, half characters and heaps of marks."""
        whole = "".join([text for text, _, _ in segments])
        if not _UNSEEN.search(whole) and not _MAY_BE_HEAPED.search(whole):
            return segments
        return [_without(segment) for segment in segments]


def _without(segment: Segment) -> Segment:
    text = _UNSEEN.sub("", segment.text)
    if _MAY_BE_HEAPED.search(text):
        text = _thinned(text)
    return segment if text == segment.text else Segment(text, segment.style, segment.control)


def _thinned(text: str) -> str:
    """The text with no more than a few combining marks on a character (T276)."""
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if category(char) in ("Mn", "Me") else 0
        if marks <= MARKS:
            kept.append(char)
    return "".join(kept)


class AsciiOnly(LineFilter):
    """For terminals that know ASCII alone: signs become letters in as many cells, ticks "ok", and cuts three dots."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in ASCII."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        if any(sign in segment.text for segment in segments for sign in WORDS):
            segments = _with_words(segments)
        return [Segment(ascii_cells(text), style, control) for text, style, control in segments]


def _with_words(segments: list[Segment]) -> list[Segment]:
    """The segments with words for signs, as far as something behind them can give the cells for that."""
    chars = [(char, *segment[1:]) for segment in map(_cut_earlier, segments) for char in segment.text]
    for place in range(len(chars) - 1, -1, -1):
        word, cells = WORDS.get(chars[place][0], ""), 1
        while cells < len(word) and (blank := _spare(chars, place)):
            chars[blank : blank + 1] = []
            cells += 1
        if cells > 1:
            chars[place : place + 1] = [(letter, *chars[place][1:]) for letter in word[:cells]]
    return [
        Segment("".join(char for char, _, _ in run), style, control)
        for (style, control), run in groupby(chars, key=lambda char: (char[1], char[2]))
    ]


def _cut_earlier(segment: Segment) -> Segment:
    """What was cut ends in three dots, in the cells that it has: whatever stands behind it stays in its column."""
    return segment._replace(text=_CUT.sub(_dots, segment.text)) if "…" in segment.text else segment


def _dots(cut: re.Match[str]) -> str:
    cells = cell_len(cut[0])
    return f"{'...'[:cells]:?>{cells}}"


def _spare(chars: Sequence[tuple[Any, ...]], place: int) -> int:
    """Where the first blank or dash behind a place stands that nobody misses, 0 for nowhere: what stands before another
    ground is missed.
    """
    pairs = pairwise([*chars[place:], (" ", *chars[-1][1:])])
    spare = (n for n, (one, other) in enumerate(pairs) if (one[0], other[0]) in SPARE and one[1:] == other[1:])
    return place + first if (first := next(spare, 0)) else 0


class NoColours(LineFilter):
    """For people who want none (NO_COLOR): weights alone, and what stood on a ground of its own is reversed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without a colour."""
        return [Segment(text, style and _colourless(style), control) for text, style, control in segments]


_REVERSED = Style(reverse=True)


@lru_cache(1_024)
def _colourless(style: Style) -> Style:
    """The style without its colours.

    >>> str(_colourless(Style.parse("bold red on blue"))), str(_colourless(Style.parse("dim red on default")))
    ('bold reverse', 'dim')
    """
    ground = style.bgcolor is not None and not style.bgcolor.is_default
    return style.without_color + _REVERSED if ground else style.without_color


def ascii_cells(text: str) -> str:
    """The same text in ASCII, cell by cell.

    >>> ascii_cells("● việt ━▶ 日本…")
    '* viet => ????~'
    """
    return "".join(_as_ascii(char) for char in text) if not text.isascii() else text


def _as_ascii(char: str) -> str:
    if char.isascii():
        return char
    if (plain := _PICTURES.get(char)) is not None:
        return plain
    if 0x2400 <= ord(char) <= 0x2421:
        return "?"
    base = normal("NFKD", char)[0]
    if base.isascii() and cell_len(char) == 1:
        return base
    return "?" * cell_len(char)


_PICTURES = {
    char: plain
    for chars, plain in (
        ("─▁▔╌┄┈–—▀·", "-"), ("━═", "="), ("│║╎┆┊▌▐▏▕▎▊", "|"), ("┃┏┓┗┛┣┫┳┻╋", "#"), ("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
        ("▶▷▸▹→›»", ">"), ("◀◁◂←‹«↵⏎", "<"), ("▾▿▼▽↓", "v"), ("▲△▴↑", "^"), ("↔", "="),
        ("●◉•■", "*"), ("○◌", "o"), (TICKS, "+"), ("✗✘✕×", "x"),
        ("⋯", "."), ("…", "~"), ("▂▃▄▅▆▇", " "), ("█▓▒░", "#"), ("§", "s"), ("“”„", '"'), ("‘’", "'"), ("‖", "|"),
        ("◆", "@"), ("◇", "*"), ("⌫≤", "<"), ("≥", ">"),
        ("đ", "d"), ("Đ", "D"), ("−", "-"),
    )
    for char in chars
}  # fmt: skip
