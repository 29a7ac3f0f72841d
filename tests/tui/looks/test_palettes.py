"""Palettes that others have made known, made readable."""

import pytest
from textual.theme import BUILTIN_THEMES

from maillab.tui.looks.palettes import PALETTES, readable_theme
from maillab.tui.looks.theme import DARK
from tests.tui.looks.test_theme import unreadable


@pytest.mark.parametrize("name", PALETTES)
def test_contrast(name):
    """Text has 4.5:1 on every ground that it may stand on, a border 3:1, as in themes of our own."""
    assert unreadable(readable_theme(name)) == []


@pytest.mark.parametrize("name", PALETTES)
def test_nothing_is_missing(name):
    """Each has every colour that one of our own has."""
    theme = readable_theme(name)
    assert theme.variables.keys() == DARK.variables.keys()
    assert theme.name == f"maillab-{name}"


def test_what_can_be_read_stays():
    """The ground is its maker's, and so is a colour that is seen well enough on it."""
    for name in ("dracula", "catppuccin-latte"):
        assert readable_theme(name).background.lower() == BUILTIN_THEMES[name].background.lower()
    assert readable_theme("dracula").success.lower() == BUILTIN_THEMES["dracula"].success.lower()


def test_dark_ones_first():
    """They are listed together, as people look for them."""
    kinds = [readable_theme(name).dark for name in PALETTES]
    assert kinds.index(False) >= 24
    assert set(kinds[-5:]) == {False}
