"""The message of a session that plays."""

from maillab.recording.session import Header, Told
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.playing.recorded_message import recorded_message, story_steps
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from tests.recording.told import record, told

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
    """All of them are seen from the beginning, as many as on the line of the replay; the one of this moment is lit."""
    notes = [Told("A", "", 0, 0.0), Told("Step 1. One. More of it.", "", 0, 0.0), Told("Two.", "", 2, 0.0)]
    playback = Playback(Recording(Header("A"), record("S: 220 hi\nC: QUIT\nS: 221 bye"), list(notes), whole=True))
    for position, lit, styles in ((0, 2, ["accent", "plain"]), (3, 3, ["plain", "accent"])):
        playback.to(position)
        lines, line = story_steps(playback, EN)
        texts = ["".join(text for _, text in line)[1:] for line in lines[2:]]
        assert texts == ["  1  One", "  2  Two"]
        assert line == lit
        assert [line[-1][0] for line in lines[2:]] == styles
    assert len(playback.points) == len(texts)
