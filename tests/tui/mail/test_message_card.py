"""What stands in place of a message."""

import pytest

from maillab.tui.actions.keymap import first_key
from maillab.tui.looks.sink import width
from maillab.tui.mail.message_card import VIEWS, message_card
from maillab.tui.mail.messageview import TABS
from maillab.tui.texts import Texts


def drawn(texts, cells=100, *, live=True, search="", is_inbox=True):
    lines = message_card(texts, lambda name: first_key(name, {}), live, search, is_inbox, cells)
    assert all(width(line.pieces) <= cells for line in lines)
    return ["".join(text for _, text in line.pieces).strip() for line in lines]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [58, 78, 92])
def test_how_a_message_comes_here(lang, cells):
    """By which keys, and in which ways it can be seen then."""
    texts = Texts(lang)
    lines = drawn(texts, cells)
    assert texts("card.message") in lines
    assert [line.split()[0] for line in lines[2:4]] == ["^S", "f"]
    assert set(VIEWS) < set(TABS)
    assert all(any(line.startswith(texts(f"tab.message.{view}")) for line in lines) for view in VIEWS)


def test_where_a_search_found_nothing():
    """It is said, with the key that shows all again, and nothing of how a message comes."""
    head, _, step = drawn(Texts("en"), search="hello")
    assert head == "No message matches hello."
    assert step.startswith("Esc")


def test_in_a_folder_that_is_no_inbox():
    """Nothing that is sent or fetched comes into it: no step is offered."""
    texts = Texts("en")
    assert drawn(texts, is_inbox=False)[0] == texts("card.message")
    assert not any(drawn(texts, is_inbox=False)[1:])


def test_in_a_recording():
    """Nothing is sent, and nothing fetched: the session is played, until something is."""
    texts = Texts("en")
    lines = drawn(texts, live=False)
    assert not any(line.startswith(("^S", "f ")) for line in lines)
    assert lines[0] == texts("card.message.recorded")
    assert lines[-1].endswith(texts("card.message.play"))
