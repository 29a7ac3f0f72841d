"""What becomes of text on its way to the terminal, and that nothing goes another way."""

import ast
import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from maillab.tui.looks import sink
from maillab.tui.looks.sink import AsciiOnly, Guard, ascii_cells, content, fit, piece, strip, wrapped
from maillab.tui.looks.theme import LINES
from tests.house import modules

HOSTILE = (
    "\x1b]52;c;UFdOSVQ=\x07\x1b]0;PWN\x07\x1b[31m\x9b32m\x1bP+q544e\x1b\\\b\x7f\r\x00\v\u202e\u2066\u200b\u061c\ud800"
)
OBEYED = set("\x1b\x07\x9b\b\x7f\r\x00\v\n\t\u202e\u2066\u200b\u061c\ud800\u2028\ufeff")
BLACK = Color(0, 0, 0)


def test_content_is_no_markup():
    """Nothing in it is markup, and nothing in it acts (T265, T266)."""
    for text in ("[@click=app.quit]x[/]", "[/nope] [bold", "[@click=app.screenshot('x.svg','DIR')]invoice[/]"):
        made = content(text)
        assert made.plain == text
        assert made.spans == []


def test_hints_are_no_markup():
    """Keys that a person chose and words beside them are text."""
    made = sink.hints([("[/nope]", "[@click=app.quit]x[/]"), (HOSTILE, HOSTILE)])
    assert "[/nope] [@click=app.quit]x[/]" in made.plain
    assert not OBEYED & set(made.plain)


def test_it_is_made_safe():
    """A terminal finds nothing to obey in a title, nor in a piece of a line (T260)."""
    assert not OBEYED & set(content(HOSTILE).plain)
    assert not OBEYED & set(piece("plain", HOSTILE)[1])
    assert not OBEYED & set(piece("plain", HOSTILE.encode("utf-8", "surrogatepass"))[1])
    assert content(3).plain == "3"


@given(st.text())
def test_the_guard(text):
    """Whatever reaches it, by whatever way, leaves without what a terminal would obey (T270)."""
    segments = [Segment(text + HOSTILE, Style(bold=True)), Segment("plain")]
    left = Guard().apply(segments, BLACK)
    assert not OBEYED & set("".join(segment.text for segment in left))
    assert left[0].style == Style(bold=True)
    assert left[1] is segments[1]


def test_the_guard_leaves_the_good_alone():
    """Messages of every script, and pictures of controls, pass as they are."""
    segments = [Segment(text) for text in ("plain", "Tiếng Việt", "日本", "␛ ⟨202E⟩", "👍🏽", "● ━▶ ╭╮")]
    assert Guard().apply(segments, BLACK) == segments


@given(st.text(max_size=60), st.integers(0, 40))
def test_fit(text, cells):
    """Exactly so many cells, however wide its characters are."""
    safe = piece("", text)[1]
    assert cell_len(fit(safe, cells)) == cells


@given(st.text(max_size=200), st.integers(1, 40))
def test_wrapped(text, cells):
    """No piece is wider than the room, but for a single character that is; no visible character is lost."""
    safe = piece("", text)[1]
    pieces = wrapped(safe, cells)
    assert pieces
    for one in pieces:
        assert cell_len(one) <= max(cells, 2)
    assert "".join("".join(pieces).split()) == "".join(safe.split())


def test_wrapped_at_blanks():
    """Between words, where there are any."""
    assert wrapped("to be or not to be", 9) == ["to be or", " not to", " be"] or all(
        len(line) <= 9 for line in wrapped("to be or not to be", 9)
    )
    assert wrapped("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert wrapped("", 4) == [""]


def test_a_strip():
    """Pieces in their styles over the style of the line; what is too long is cut."""
    styles = dict.fromkeys(LINES, Style()) | {"bad": Style(color="red")}
    made = strip([("plain", "ab"), ("bad", "日本")], styles, Style(bold=True))
    assert made.text == "ab日本"
    assert made.cell_length == 6
    assert list(made)[1].style == Style(color="red", bold=True)
    assert strip([("plain", "x" * 10_000)], styles, Style()).cell_length == sink.LONGEST
    assert strip([("plain", "日" * 10_000)], styles, Style()).cell_length <= sink.LONGEST


@given(st.text(max_size=50))
def test_ascii(text):
    """For terminals that know nothing else: ASCII, in as many cells."""
    safe = piece("", text)[1]
    plain = ascii_cells(safe)
    assert plain.isascii()
    assert cell_len(plain) == cell_len(safe)


def test_ascii_only():
    """Whole screens become ASCII, their styles stay."""
    [one] = AsciiOnly().apply([Segment("╭─● việt", Style(bold=True))], BLACK)
    assert (one.text, one.style) == ("+-* viet", Style(bold=True))
    plain = [Segment("abc")]
    assert AsciiOnly().apply(plain, BLACK) is plain


def in_ascii(*texts):
    """What these texts become, each in a style of its own."""
    segments = AsciiOnly().apply([Segment(text, Style(bold=bool(n % 2))) for n, text in enumerate(texts)], BLACK)
    return "".join(segment.text for segment in segments)


def test_a_tick_is_a_word():
    """It is "ok" where blanks further on can give a cell for it; the line is as wide as it was."""
    assert in_ascii("submit ", "✓", " ━▶ dns ✓   1/1") == "submit ok => dns ok 1/1"
    assert in_ascii("✓ ") == "ok"
    assert in_ascii("72 ms ✓ ──┃") == "72 ms ok -#"
    assert in_ascii("a ✓ b") == "a + b"
    assert in_ascii("fetched ✓ ", " DONE  ") == "fetched ok  DONE "
    assert in_ascii("│✓ took it  │") == "|ok took it |"


def test_what_was_cut():
    """It ends in three dots, never as a sentence does, and what stands behind it stays in its column."""
    assert in_ascii("recipi…   here") == "reci...   here"
    assert in_ascii("recipi…") == "reci..."
    assert in_ascii("日本… ▸  here") == "??... >  here"
    assert in_ascii("日a… ▸  here") == "?... >  here"
    assert in_ascii("a…   b") == "..   b"
    assert in_ascii("accepted it: …  here") == "accepted it...  here"
    assert in_ascii("relay ", "…", "   here") == "relay ... here"  # a sign, of which nothing was cut
    assert in_ascii("relay ", "…") == "relay ~"
    assert in_ascii("RFC 5321 §4.2.3 · 7") == "RFC 5321 s4.2.3 - 7"


def signs():
    """Every sign in a text of the window: what is no letter, no mark and not ASCII."""
    window = [module for name, module in modules().items() if name.startswith("tui.") and name != "tui.looks.sink"]
    texts = "".join(chain.from_iterable(map(words, window)))
    return {char for char in texts if not char.isascii() and unicodedata.category(char)[0] in "SP"}


def words(module):
    """The texts of a module that are none of its docstrings."""
    told = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_every_sign_has_a_twin():
    """None becomes a question mark in ASCII."""
    assert {sign for sign in signs() if "?" in ascii_cells(sign)} == set()


def test_every_sign_is_in_plain_fonts():
    """None is one that DejaVu Sans Mono does not have, or that a terminal may draw as a coloured picture (⏸, ⏵)."""
    plain = [*range(0x2010, 0x2027), *range(0x2030, 0x2040), *range(0x2190, 0x2300), *range(0x2500, 0x2600)]
    plain += [*range(0xA0, 0x100), ord("⌫"), *map(ord, "✓✔✕✗✘⋯⟨⟩")]
    assert {sign for sign in signs() if ord(sign) not in plain} == set()


# ── nothing goes another way (T269) ──

SINKS = {  # calls of Textual's that take text as markup: name, and which arguments are text
    "Label": (0, "content"), "Static": (0, "content"), "Button": (0, "label"), "Option": (0, "prompt"),
    "update": (0, "content"), "notify": (0, "message"),
}  # fmt: skip
SAFE = (
    "sink.content",
    "sink.chips",
    "sink.paragraphs",
    "sink.hints",
    "sink.pressable",
    "sink.button",
    "sink.title",
    "content",
)
TITLES = {"border_title", "border_subtitle", "tooltip", "title", "sub_title", "label"}


def unsafe(tree):
    """Places at which something else than `sink.content(...)` or a fixed word becomes content of a widget."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SINKS:
                position, keyword = SINKS[name]
                given = node.args[position : position + 1] + [k.value for k in node.keywords if k.arg == keyword]
                words = {k.arg: k.value for k in node.keywords}
                without_markup = isinstance(words.get("markup"), ast.Constant) and words["markup"].value is False
                if any(not _is_safe(one) for one in given) and not (name == "notify" and without_markup):
                    yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TITLES and not _is_safe(node.value):
                    yield node.lineno, ast.unparse(node)


def _is_safe(node):
    if isinstance(node, ast.Constant):
        return True
    return isinstance(node, ast.Call) and ast.unparse(node.func) in SAFE


def test_no_text_goes_another_way():
    """In the whole window no text from outside becomes content but through the sink (T269)."""
    found = {
        f"{name}:{line}: {what}"
        for name, module in modules().items()
        if module.room == "tui"
        for line, what in unsafe(module.tree)
    }
    assert found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "Label(name)", "Label(f'{name}')", "label.update(text)", "self.notify(why)", "pane.border_title = subject",
        "Static(content=x)", "self.notify(why, markup=True)",
    ],
)  # fmt: skip
def test_what_it_would_find(planted):
    """The check finds each of these."""
    assert list(unsafe(ast.parse(planted)))


def test_what_draws_by_itself():
    """Widgets that draw their own lines do it with strips of the sink; what is behind a dialog was drawn so already."""
    drawing = [
        f"{name}: {node.name}"
        for name, module in modules().items()
        if module.room == "tui"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name in ("render", "render_line", "render_lines")
    ]
    assert sorted(drawing) == [
        "tui.dialogs.frame: render",
        "tui.widgets.bar: render_line",
        "tui.widgets.rows: render_line",
    ]


def test_no_markdown_widget():
    """No widget is used that makes links of a stranger's text (T272)."""
    names = set(chain.from_iterable(m.text.split() for n, m in modules().items() if m.room == "tui"))
    assert not names & {"Markdown", "MarkdownViewer", "RichLog", "Log", "Pretty"}
