"""The table of what can be done."""

import pytest

from maillab.tui import bindings
from maillab.tui.app import Window
from maillab.tui.bindings import ACTIONS, BY_NAME, UNBOUND, KeysError, keymap, shown
from maillab.tui.screens.lab import LabScreen
from maillab.tui.screens.mail import MailScreen
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.sessions import SessionsScreen
from maillab.tui.texts import Texts
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import BodyField, ComposePane, Field
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.machine import RecipientPane, SenderPane
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.transcript import TranscriptPane

PLACES = {
    "app": Window, "replay": Window, "rows": Rows, "transcript": TranscriptPane, "reading": ReadingScreen,
    "hops": HopStrip, "compose": ComposePane, "byhand": ByHandPane, "sender": SenderPane,
    "recipient": RecipientPane, "mail": MailScreen, "sessions": SessionsScreen,
}  # fmt: skip
LOST = {"ctrl+h", "ctrl+i", "ctrl+m", "ctrl+enter", "alt+enter", "ctrl+full_stop", "ctrl+comma"}  # in tmux and others
PREFIXES = {"ctrl+a", "ctrl+b", "ctrl+s"}  # of multiplexers, and of terminals that hold their output


def test_somebody_does_it():
    """Every action has a place, and the place has a method for it."""
    assert {action.context for action in ACTIONS} == PLACES.keys()
    for action in ACTIONS:
        place, method = PLACES[action.context], action.method
        if method.startswith("app."):  # the window's own, from another place
            place, method = Window, method.removeprefix("app.")
        assert callable(getattr(place, f"action_{method}", None)), action.name
    for context, place in PLACES.items():
        assert context in place.CONTEXTS


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_action_has_its_words(lang):
    """A label, a sentence, and a heading for its place, in both languages."""
    texts = Texts(lang)
    for action in ACTIONS:
        assert texts(f"act.{action.name}")
        assert texts(f"tip.{action.name}")
        assert texts(f"keys.{action.context}")


def test_one_key_one_meaning():
    """Within a place a key means one thing, and the names of actions are different."""
    assert len(BY_NAME) == len(ACTIONS)
    for context in PLACES:
        keys = [key for action in bindings.of(context) for key in action.keys]
        assert len(keys) == len(set(keys)), context


def test_keys_arrive():
    """No action has only keys that terminals and multiplexers swallow."""
    for action in ACTIONS:
        assert not set(action.keys) & LOST
        assert not action.keys or set(action.keys) - PREFIXES, action.name


def test_fields_leave_our_keys_alone():
    """A key that holds everywhere is not taken by a field that is typed in, but for copying and undoing."""
    for widget in (Field("to", Texts("en")), BodyField()):
        taken = {
            key
            for binding in type(widget)._merged_bindings.key_to_bindings.values()
            for one in binding
            if widget.check_action(one.action, ())
            for key in (one.key,)
        }
        ours = {key for c in ("app", "compose", "byhand") for action in bindings.of(c) for key in action.keys}
        assert taken & ours <= {"ctrl+c", "super+c", "ctrl+z"}


def test_own_keys():
    """A person's keys take the place of ours; signs may be written as such."""
    assert keymap({}) == {}
    assert keymap({"transcript.wrap": "W", "app.send": "ctrl+t ?"} | {"app.help": "f1"}) == {
        "transcript.wrap": "W",
        "app.send": "ctrl+t,question_mark",
        "app.help": "f1",
    }


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"transcript.wrap": "f"}, ["f", "reading.filter", "transcript.wrap"]),
        ({"app.help": "ctrl+s"}, ["ctrl+s", "app.help", "app.send"]),
        ({"mail.fetch": "r"}, ["mail.fetch", "mail.reply"]),
        ({"app.sned": "f5"}, ["no action is called app.sned", "did you mean app.send?"]),
        ({"utterly unlike anything": "f5"}, ["no action is called"]),
    ],
)
def test_clashes_are_named(own, words):
    """A key that would mean two things is refused with both names; an unknown action with the nearest one."""
    with pytest.raises(KeysError) as caught:
        keymap(own)
    assert all(word in str(caught.value) for word in words)


def test_swapped_keys():
    """Two actions may change places."""
    assert keymap({"transcript.wrap": "F", "transcript.follow": "w"}) == {
        "transcript.follow": "w",
        "transcript.wrap": "F",
    }


def test_an_action_without_keys():
    """An empty text takes an action its keys."""
    assert keymap({"transcript.wrap": ""}) == {"transcript.wrap": UNBOUND}


def test_shown():
    """Keys as people write them."""
    assert [shown(key) for key in ("space", "f10", "ctrl+left", "apostrophe", "enter")] == [
        "space",
        "F10",
        "^←",
        "'",
        "↵",
    ]


def test_the_lab_screen_reads():
    """The modes with a transcript share their keys."""
    assert issubclass(LabScreen, ReadingScreen)
