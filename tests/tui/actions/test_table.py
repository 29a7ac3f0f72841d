"""The table of what can be done."""

import pytest

from maillab.tui.actions.table import ACTIONS, BY_NAME, HOMES, of
from maillab.tui.app import Window
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.lab import LabScreen
from maillab.tui.screens.mail import MailScreen
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.sessions import SessionsScreen
from maillab.tui.texts import Texts
from maillab.tui.widgets.compose import BodyField, ComposePane, Field
from maillab.tui.widgets.filterbar import FilterField
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.machine import MachinePane, NameServerPane
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.transcript import TranscriptPane

PLACES = {
    "app": Window, "replay": Window, "rows": Rows, "transcript": TranscriptPane, "reading": ReadingScreen,
    "hops": HopStrip, "compose": ComposePane, "byhand": ComposePane, "machine": MachinePane, "names": NameServerPane, "mail": MailScreen,
    "sessions": SessionsScreen, "typing": FilterField,
}  # fmt: skip
LOST = {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+enter", "alt+enter", "ctrl+full_stop", "ctrl+comma"}  # in tmux and others
PREFIXES = {"ctrl+a", "ctrl+b", "ctrl+s"}  # of multiplexers, and of terminals that hold their output


def test_somebody_does_it():
    """Every action has a place; a function does it, or the place, or the screen around it, has a method for it."""
    assert {action.context for action in ACTIONS} == PLACES.keys()
    for action in ACTIONS:
        place, method = PLACES[action.context], action.method
        if method.startswith("screen."):
            place, method = ModeScreen, method.removeprefix("screen.")
        assert callable(action.does or getattr(place, f"action_{method}", None)), action.name
    for context, place in PLACES.items():
        assert context in place.CONTEXTS


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_action_has_its_words(lang):
    """A label with room in the key bar, a sentence, and a heading for its place, in both languages."""
    texts = Texts(lang)
    for action in ACTIONS:
        assert 0 < len(action.label(lang)) <= 22, action.name
        assert action.sentence(lang)
        assert texts(f"keys.{action.context}")
        for kind in action.needs:
            assert texts(f"needs.{kind.__name__.lower()}")


def test_homes():
    """What can be done in a pane has the pane to go to."""
    screens = {screen.MODE: screen for screen in (LabScreen, MailScreen, SessionsScreen)}
    for context, (mode, pane) in HOMES.items():
        assert list(of(context))
        assert mode not in screens or pane in screens[mode].PANES


def test_one_key_one_meaning():
    """Within a place a key means one thing, and the names of actions are different."""
    assert len(BY_NAME) == len(ACTIONS)
    for context in PLACES:
        keys = [key for action in of(context) for key in action.keys]
        assert len(keys) == len(set(keys)), context


def test_keys_arrive():
    """No action has only keys that terminals and multiplexers swallow."""
    for action in ACTIONS:
        assert not set(action.keys) & LOST
        assert not action.keys or set(action.keys) - PREFIXES, action.name


def test_fields_leave_our_keys_alone():
    """A key that holds everywhere is not taken by a field that is typed in, but for copying and undoing."""
    for widget in (Field("to"), BodyField()):
        taken = {
            key
            for binding in type(widget)._merged_bindings.key_to_bindings.values()
            for one in binding
            if widget.check_action(one.action, ())
            for key in (one.key,)
        }
        held = [action for c in ("app", "compose", "byhand") for action in of(c) if action.name != "compose.write"]
        ours = {key for action in held for key in action.keys}
        assert taken & ours <= {"ctrl+c", "super+c", "ctrl+z"}


def test_the_lab_screen_reads():
    """The modes with a transcript share their keys."""
    assert issubclass(LabScreen, ReadingScreen)
