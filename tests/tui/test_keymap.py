"""Keys as a person chooses them."""

import pytest

from maillab.tui.keymap import UNBOUND, KeysError, keymap


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
