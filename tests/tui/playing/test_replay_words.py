"""What is said of a session that plays."""

from maillab.recording.session import Header, Told
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.playing.replay_words import in_title, name_of, state_of
from maillab.tui.texts import Texts
from tests.recording.told import record

EN, VI = Texts("en"), Texts("vi")


def playback(**given):
    return Playback(Recording(Header("title"), record("S: 220 hi\nC: QUIT"), **given))


def test_three_states():
    """Paused, playing with its speed, at the end: sign and word, in the bar and in the title."""
    shown = playback(whole=True)
    assert (state_of(shown, EN), in_title(shown, EN)) == ("‖ PAUSED", "‖ REPLAY")
    shown.play()
    assert state_of(shown, EN) == "▶ PLAYING"
    shown.faster(1)
    assert (state_of(shown, EN), in_title(shown, VI)) == ("▶ PLAYING ×2", "▶ PHÁT LẠI")
    shown.pause()
    shown.to(99)
    assert (state_of(shown, EN), in_title(shown, EN)) == ("■ END", "■ REPLAY")


def test_its_name():
    """Of a story its title in the language of who looks, whatever its file is called; else that of the file."""
    assert name_of(playback(name="friday.maillab")) == "friday"
    notes = [Told("A story", "Một câu chuyện", 0, 0.0), Told("Step 1.", "Bước 1.", 0, 0.0)]
    assert name_of(playback(notes=notes)) == "A story"
    assert name_of(playback(name="friday.maillab", notes=notes)) == "A story"
    assert name_of(playback()) == "title"
