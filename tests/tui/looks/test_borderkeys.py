"""The keys of a pane in its border."""

from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import of
from maillab.tui.looks.borderkeys import border_keys


def offers_of(*contexts):
    return [Offer(action, action.keys) for context in contexts for action in of(context)]


def test_keys_of_the_place():
    """The most useful ones first; those that hold everywhere, and those of no bar, stand elsewhere."""
    names = [name for _, _, name in border_keys(offers_of("app", "replay", "reading", "transcript"), "en", 200, {})]
    assert names[:3] == ["reading.find", "reading.filter", "transcript.follow"]
    assert not [name for name in names if name.startswith(("app.", "replay."))]


def test_as_many_as_fit():
    """A key stands with its whole label, or not at all."""
    for cells in range(0, 120, 5):
        keys = border_keys(offers_of("machine"), "vi", cells, {})
        text = " · ".join(f"{key} {label}" for key, label, _ in keys)
        assert len(text) <= max(0, cells - 6)
    assert len(keys) >= 5
    assert [key for key, _, _ in border_keys(offers_of("machine"), "en", 40, {})][:2] == ["o", "b"]


def test_a_key_that_does_something_else_where_one_is():
    """It is not promised; what it does here can still be clicked. One that does nothing elsewhere, or the same, is."""
    meant = {"p": "wire.other", "o": "machine.power"}
    keys = border_keys(offers_of("machine"), "en", 40, meant)
    assert keys[:3] == [
        ("o", "Start/Stop", "machine.power"), ("b", "Rules", "machine.rules"), ("", "Hold", "machine.hold")
    ]  # fmt: skip
