"""Colours that can be read."""

import re
from argparse import ArgumentParser

import pytest
from textual.color import Color

from maillab.config import Config
from maillab.tui.theme import ANSI_DARK, ANSI_LIGHT, DARK, DEFAULTS, LIGHT, THEMES, choose
from tests.house import HOUSE

TEXTS = ("foreground", "client", "server", "good", "warn", "bad", "quiet", "primary", "accent")
CUES = ("edge", "edge-focus")
GROUNDS = ("background", "surface", "panel", "row", "row-blur", "bar")


def colour(theme, name):
    return Color.parse(theme.variables.get(name) or getattr(theme, name))


def contrast(one, other):
    """As WCAG 2.1 §1.4.3 measures it."""

    def light(colour):
        parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_contrast(theme):
    """Text has 4.5:1 on every ground that it may stand on, a frame 3:1."""
    faults = [
        f"{name} on {ground}: {ratio:.2f}"
        for names, least in ((TEXTS, 4.5), (CUES, 3.0))
        for name in names
        for ground in (GROUNDS if least == 4.5 else ("background", "surface"))
        if (ratio := contrast(colour(theme, name), colour(theme, ground))) < least
    ]
    assert faults == []


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_contrast_reversed(theme):
    """The chosen tab, and messages to jump by, are the ground's colour on the accent's."""
    for ground in ("primary", "accent"):
        assert contrast(colour(theme, "background"), colour(theme, ground)) >= 4.5


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


def test_names():
    """The configuration and the command line know the same themes."""
    from typing import get_args, get_type_hints

    from maillab.cli.window import add_looks

    known = set(get_args(get_type_hints(Config)["theme"])) - {""}
    parser = ArgumentParser()
    add_looks(parser)
    [option] = [action for action in parser._actions if "--theme" in action.option_strings]
    assert known == set(THEMES) == set(option.choices or ())


def test_which_fits():
    """Old terminals get their own colours, all others ours; whoever asks gets what was asked for."""
    assert [choose("", term) for term in ("vt100", "linux", "xterm-256color", "tmux-256color", "")] == [
        "ansi-dark", "ansi-dark", "dark", "dark", "dark",
    ]  # fmt: skip
    assert choose("ansi-light", "xterm") == "ansi-light"
    assert choose("nonsense", "xterm") == "dark"
