"""The message of a session that plays."""

from maillab.tui.model import Model
from maillab.tui.recorded_message import recorded_message
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
