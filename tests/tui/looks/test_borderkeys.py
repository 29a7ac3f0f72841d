"""The keys of a pane in its border."""

from maillab.tui.actions.action import Offer
from maillab.tui.actions.table import of
from maillab.tui.looks.borderkeys import border_keys, whole, whole_parts


def offers_of(*contexts):
    return [Offer(action, action.keys) for context in contexts for action in of(context)]


def test_keys_of_the_place():
    """The most useful ones first; those that hold everywhere, and those of no bar, stand elsewhere."""
    names = [name for _, _, name in border_keys(offers_of("app", "replay", "reading", "transcript"), "en", 200)]
    assert names[:3] == ["reading.find", "reading.filter", "transcript.follow"]
    assert not [name for name in names if name.startswith(("app.", "replay."))]


def test_as_many_as_fit():
    """A key stands with its whole label, or not at all."""
    for cells in range(0, 120, 5):
        keys = border_keys(offers_of("machine"), "vi", cells)
        text = " · ".join(f"{key} {label}" for key, label, _ in keys)
        assert len(text) <= max(0, cells - 6)
    assert len(keys) >= 5
    assert [key for key, _, _ in border_keys(offers_of("machine"), "en", 40)][:2] == ["o", "b"]


def test_a_few_words_are_whole_or_not_there():
    """The longest way that fits between the corners, else nothing."""
    ways = ["typing, Esc ends · via submission", "typing, Esc ends", ""]
    assert [whole(ways, cells) for cells in (60, 30, 10)] == ways
    assert whole(ways[:1], 10) == ""


def test_a_title_of_whole_parts():
    """Parts that have no room are left out; the first one stands always."""
    title = "Explain · submit-1, line 1 · client · not encrypted"
    assert whole_parts(title, 80) == title
    assert whole_parts(title, 50) == "Explain · submit-1, line 1 · client"
    assert whole_parts(title, 5) == "Explain"
