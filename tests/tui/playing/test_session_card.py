"""What stands in place of a look into a session."""

import pytest

from maillab.tui.actions.keymap import first_key
from maillab.tui.looks.sink import width
from maillab.tui.playing.session_card import session_card
from maillab.tui.texts import Texts


def keys(lang, cells=68, *, recording=False):
    lines = session_card(Texts(lang), lambda name: first_key(name, {}), recording, cells)
    assert all(width(line.pieces) <= cells for line in lines)
    return [line.pieces[0][1].strip() for line in lines if len(line.pieces) == 2 and line.pieces[0][1].strip()]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_how_a_session_is_made(lang):
    """By which key, and what can be done with one."""
    assert keys(lang) == ["^R", "L", "Enter", "c", "e", "a"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_while_one_is_recorded(lang):
    """The same key ends it, and another one names a moment."""
    assert keys(lang, recording=True)[:2] == ["^R", "F8"]
    lines = session_card(Texts(lang), lambda name: first_key(name, {}), True, 68)
    assert lines[2].pieces[1] == ("plain", Texts(lang)("card.session.stop"))
