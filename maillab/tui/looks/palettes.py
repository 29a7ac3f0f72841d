"""Palettes that others have made known, as themes of ours: those of Textual, and those that posting made (Apache-2.0).

Each is made readable: a colour that cannot be seen well enough on the grounds where it stands is moved towards black or
white until it can (tests/tui/looks/test_palettes.py).
"""

from collections.abc import Iterator
from dataclasses import replace

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from maillab.tui.looks.contrast import MARK, TEXT, readable

OWN = "maillab-"  # before the name of each of our themes, which is how Textual keeps them apart from its own

_OF_TEXTUAL = (
    "nord", "gruvbox", "dracula", "tokyo-night", "monokai", "flexoki", "catppuccin-mocha", "catppuccin-macchiato",
    "catppuccin-frappe", "rose-pine", "rose-pine-moon", "solarized-dark", "atom-one-dark", "textual-dark",
    "catppuccin-latte", "rose-pine-dawn", "solarized-light", "atom-one-light", "textual-light",
)  # fmt: skip

# name: dark?, primary, secondary, accent, warning, error, success, background, surface, panel
_OF_POSTING = {
    "galaxy": "dark #c45aff #a684e8 #ff69b4 #ffd700 #ff4500 #00fa9a #0f0f1f #1e1e3f #2d2b55",
    "nebula": "dark #4a9cff #66d9ef #ff79c6 #ffb454 #ff5555 #50fa7b #0d2137 #193549 #1f4662",
    "sunset": "dark #ff7e5f #feb47b #b983ff #ffd93d #ff5757 #98d8aa #2b2139 #362c47 #413555",
    "aurora": "dark #45ffb3 #a1fcdf #df7bff #ffe156 #ff6b6b #64ffda #0a1a2f #142942 #1e3655",
    "nautilus": "dark #0077be #20b2aa #ff8c00 #ffd700 #ff6347 #32cd32 #001f3f #003366 #005a8c",
    "cobalt": "dark #334d5c #66b2ff #d94e64 #ffaa22 #e63946 #4caf50 #1f262a #27343b #2d3e46",
    "twilight": "dark #367588 #5f9ea0 #ff7f50 #ffd700 #ff6347 #00fa9a #191970 #3b3b6d #4c516d",
    "hacker": "dark #00ff00 #3a9f3a #00ff33 #00ff66 #ff0000 #00dd00 #000000 #0a0a0a #111111",
    "hypernova": "dark #00f5d4 #7b2ff7 #4cc9f0 #fee440 #f72585 #80ff72 #0b0b12 #121225 #1a1a32",
    "synthwave": "dark #ff006e #8338ec #3a86ff #ffbe0b #fb5607 #06ffa5 #0f0a19 #1a0f26 #251833",
    "manuscript": "light #2c4251 #6b4423 #8b4513 #b4846c #a94442 #2d5a27 #f5f1e9 #ebe6d9 #e0dac8",
}

PALETTES = (*_OF_TEXTUAL[:-5], *_OF_POSTING, *_OF_TEXTUAL[-5:])  # dark ones first


def as_made(name: str) -> Theme:
    """The palette of this name, as its maker has it."""
    return BUILTIN_THEMES[name] if name in BUILTIN_THEMES else _theme(name, *_OF_POSTING[name].split())


def readable_theme(name: str) -> Theme:
    """The palette of this name as a theme of ours."""
    source = as_made(name)
    colours = dict(_colours(source))
    primary = colours.pop("primary")
    theme = Theme(name=OWN + name, primary=primary, dark=source.dark, variables=dict(_variables(source)))
    return replace(theme, **colours)  # type: ignore[arg-type]  # all of them are texts


def _theme(name: str, kind: str, *colours: str) -> Theme:
    primary, secondary, accent, warning, error, success, background, surface, panel = colours
    foreground = "#e6e6ec" if kind == "dark" else "#22222a"
    return Theme(name, primary, secondary, warning, error, success, accent, foreground, background, surface, panel,
                 dark=kind == "dark")  # fmt: skip


class _Read:
    """The colours of a theme, whole and readable. `row` is the ground of the cursor."""

    def __init__(self, source: Theme) -> None:
        self._given = source.to_color_system().generate()
        self.background, self.surface, self.panel = map(self.given, ("background", "surface", "panel"))
        self.row = self.background.blend(self.given("primary"), 0.2 if source.dark else 0.14)
        self.row_blur = self.background.blend(self.given("foreground"), 0.1)
        self.grounds = (self.background, self.surface, self.panel, self.row, self.row_blur)

    def given(self, name: str) -> Color:
        """A colour as its maker chose it."""
        return Color.parse(self._given[name])

    def text(self, colour: Color) -> Color:
        """As near to it as can be read everywhere."""
        return readable(colour, self.grounds, TEXT)

    def mark(self, colour: Color) -> Color:
        """As near to it as can be seen."""
        return readable(colour, (self.background, self.surface), MARK)


def _colours(source: Theme) -> Iterator[tuple[str, str]]:
    read = _Read(source)
    for name in ("background", "surface", "panel"):
        yield name, read.given(name).hex
    for name in ("foreground", "primary", "secondary", "accent", "success", "warning", "error"):
        yield name, read.text(read.given(name)).hex


def _variables(source: Theme) -> Iterator[tuple[str, str]]:
    read = _Read(source)
    ground, foreground = read.background, read.given("foreground")
    verdicts = {"good": "success", "warn": "warning", "bad": "error"}
    for ours, theirs in verdicts.items():
        yield ours, read.text(read.given(theirs)).hex
    yield "client", read.text(read.given("warning").blend(read.given("error"), 0.3)).hex
    yield "server", read.text(read.given("secondary")).hex
    yield "quiet", read.text(foreground.blend(ground, 0.4)).hex
    yield "edge", read.mark(ground.blend(foreground, 0.35)).hex
    yield "edge-focus", read.text(read.given("primary")).hex
    yield "row", read.row.hex
    yield "row-blur", read.row_blur.hex
    yield "bar", ground.hex
    for badge, verdict in zip(("ok", "later", "refused"), verdicts.values(), strict=True):
        under = ground.blend(read.given(verdict), 0.3)
        yield badge, readable(read.given(verdict), [under], TEXT).hex
        yield f"{badge}-ground", under.hex
    action = read.text(read.given("accent"))
    yield "press", readable(ground, [action], TEXT).hex
    yield "press-ground", action.hex
