"""The message of a session that plays."""

from maillab.tui.playing.recorded_message import recorded_message, story_steps
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.recording.told import told

EN = Texts("en")


def shown(entries):
    model = Model()
    model.take(entries)
    return ["".join(text for _, text in line) for line in recorded_message(model, EN)]


def test_it_is_shown_when_it_was_carried():
    """Its fields and its text; before, only that nothing can be written here."""
    entries = told("seven-steps")
    assert shown(entries[:10]) == [EN("compose.recorded"), ""]
    lines = shown(entries)
    assert "Subject  Hello from the laboratory" in lines
    assert "Dear Bob," in lines


def test_the_steps_of_a_story():
    """All of them are seen from the beginning, and the one of this moment is lit."""
    lines = story_steps(("A title", "Step 1. One. More of it.", "Two."), "Step 1. One. More of it.", EN)
    texts = ["".join(text for _, text in line) for line in lines]
    assert texts == [EN("compose.steps"), "", "▶  1  One", "   2  Two"]
    assert [line[-1][0] for line in lines[2:]] == ["accent", "plain"]
