"""Colours that can be read."""

import re

import pytest
from textual.color import Color

from maillab.tui.looks.contrast import MARK, TEXT, contrast
from maillab.tui.looks.theme import (
    ANSI_DARK,
    ANSI_LIGHT,
    BARS,
    CURSORS,
    DARK,
    DEFAULTS,
    LIGHT,
    LINES,
    NAMES,
    THEMES,
    choose,
    is_dark,
    named,
    on_cursor,
    styles,
)
from tests.house import HOUSE

# The grounds on which a line may stand: a pane, a field or a dialog, a field with the focus, the cursor, a bar.
GROUNDS = ("background", "surface", "panel", "row", "row-blur", "bar")
BORDERS = ("edge", "edge-focus")


def colour(theme, name):
    return Color.parse(theme.variables.get(name) or getattr(theme, name))


def pairs():
    """Every text and the ground that it stands on: its own, or any that a line may have."""
    for front, back, _ in {*LINES.values(), *BARS.values(), *CURSORS.values()}:
        for ground in (back,) if back else GROUNDS:
            yield front or "foreground", ground


def unreadable(theme):
    """Text that has less than 4.5:1 on a ground that it may stand on, borders that have less than 3:1."""
    borders = {(name, ground) for name in BORDERS for ground in ("background", "surface")}
    return [
        f"{name} on {ground}: {ratio:.2f}"
        for wanted, least in ((set(pairs()), TEXT), (borders, MARK))
        for name, ground in sorted(wanted)
        if (ratio := contrast(colour(theme, name), colour(theme, ground))) < least
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_contrast(theme):
    """Everything can be read, and every border seen."""
    assert unreadable(theme) == []


def test_sixteen_colours():
    """The pair for plain terminals names only their own colours."""
    for theme in (ANSI_DARK, ANSI_LIGHT):
        styles = {name for name in theme.variables if name.endswith("-style")}
        colours = [value for name, value in theme.variables.items() if name not in styles]
        named = [theme.primary, theme.foreground, theme.background, *colours]
        assert all(name is not None and name.startswith("ansi_") for name in named)


def test_every_variable_is_there():
    """What the style sheet asks for every theme has."""
    sheet = (HOUSE / "tui" / "window.tcss").read_text()
    used = set(re.findall(r"\$([\w-]+)", sheet))
    ours = {"background", "foreground", "surface", "panel", "primary", "accent"}
    assert used <= ours | DEFAULTS.keys()
    for theme in THEMES.values():
        assert DEFAULTS.keys() <= theme.variables.keys() or theme in (DARK, LIGHT)
        assert not DEFAULTS.keys() - theme.variables.keys()


def test_dark_or_light():
    """It is known without working the theme out, and is what the theme itself says."""
    assert [is_dark(name) for name in NAMES] == [named(name).dark for name in NAMES]


def test_which_fits():
    """Old terminals get their own colours, all others ours; whoever asks gets what was asked for."""
    assert [choose("", term) for term in ("vt100", "linux", "xterm-256color", "tmux-256color", "")] == [
        "ansi-dark", "ansi-dark", "dark", "dark", "dark",
    ]  # fmt: skip
    assert choose("ansi-light", "xterm") == "ansi-light"
    assert choose("nonsense", "xterm") == "dark"


def test_what_is_dim_in_sixteen_colours():
    """Glosses and times are half bright: the lines stand before them. Not where the cursor is: that line is reversed."""
    for theme in (ANSI_DARK, ANSI_LIGHT):
        looks = styles(
            LINES, {"background": "ansi_default", "primary": theme.primary, "accent": theme.accent} | theme.variables
        )
        assert looks["dim"].dim
        assert not looks["plain"].dim
        assert not on_cursor(looks, theme.variables)["dim"].dim


def test_a_chosen_tab_in_sixteen_colours():
    """It has the ground of the terminal as its text, reversed: black on blue would be what black text makes of it."""
    look = styles({"on": BARS["on"]}, {"background": "ansi_default", "primary": "ansi_blue"})["on"]
    assert (look.color.number, look.reverse, look.bgcolor) == (4, True, None)
