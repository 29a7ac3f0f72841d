"""The help of a place."""

import pytest

from maillab.tui import actions
from maillab.tui.manual import manual
from maillab.tui.screens.lab import LabScreen
from maillab.tui.screens.mail import MailScreen
from maillab.tui.screens.sessions import SessionsScreen
from maillab.tui.screens.wire import WireScreen
from maillab.tui.texts import Texts


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("screen", [LabScreen, MailScreen, WireScreen, SessionsScreen])
def test_every_pane_has_its_help(screen, lang):
    """Each pane of each mode has a heading, prose, and its keys, in both languages."""
    offers = [(action, None) for context in ("app", "rows") for action in actions.of(context)]
    for pane in screen.PANES:
        lines = text(manual(Texts(lang), screen.MODE, pane, offers, lambda action: action.keys))
        assert lines[0] == Texts(lang)(f"pane.{pane}")
        assert len(lines[2]) > 20
        assert any(line.startswith(" F1 ?") for line in lines)
        assert lines[-1] == Texts(lang)("help.leave")


def test_the_nearest_keys_come_first():
    """The keys of the pane stand before those that hold everywhere, and an action without keys is left out."""
    offers = [(action, None) for context in ("app", "rows", "mail") for action in actions.of(context)]
    lines = text(manual(Texts("en"), "mail", "letters", offers, lambda action: action.keys))
    texts = Texts("en")
    places = [lines.index(texts(f"keys.{context}")) for context in ("mail", "app", "rows")]
    assert places == sorted(places)
    assert not any(texts("tip.app.clock") in line for line in lines)
