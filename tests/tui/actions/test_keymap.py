"""Keys as a person chooses them."""

import re

import pytest

from maillab.tui.actions.keymap import UNBOUND, KeysError, keymap
from maillab.tui.terminal.pasting import Parser


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


@pytest.mark.parametrize("key", ["alt+j", "alt+1", "alt+enter", "ctrl+alt+j", "alt+f"])
def test_a_key_that_cannot_be_heard(key):
    """Esc is a key of its own: what a terminal sends as Esc and a key is refused, with the reason."""
    with pytest.raises(KeysError, match=f"^{re.escape(key)} cannot be app.send: .*Esc"):
        keymap({"app.send": f"f5 {key}"})


@pytest.mark.parametrize(
    ("sent", "key"), [("\x1b[1;3A", "alt+up"), ("\x1b[1;4A", "alt+shift+up"), ("\x1b[15;3~", "alt+f5")]
)
def test_a_key_that_is_heard_with_alt(sent, key):
    """Arrows and function keys have sequences of their own."""
    assert [event.key for event in Parser().feed(sent)] == [key]
    assert keymap({"app.send": key}) == {"app.send": key}


def test_swapped_keys():
    """Two actions may change places."""
    assert keymap({"transcript.wrap": "F", "transcript.follow": "w"}) == {
        "transcript.follow": "w",
        "transcript.wrap": "F",
    }


def test_an_action_without_keys():
    """An empty text takes an action its keys."""
    assert keymap({"transcript.wrap": ""}) == {"transcript.wrap": UNBOUND}
