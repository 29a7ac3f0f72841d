"""What is said of a session that plays: whether it does, and what it is called."""

from pathlib import Path

from maillab.recording.saved_sessions import stem
from maillab.tui.playing.playback import Playback, State
from maillab.tui.texts import Texts

SIGNS: dict[State, str] = {"paused": "‖", "playing": "▶", "end": "■"}


def state_of(playback: Playback, texts: Texts) -> str:
    """Sign and word of what it does: ‖ PAUSED, ▶ PLAYING ×2, ■ END."""
    return f"{SIGNS[playback.state]} {texts(f'replay.state.{playback.state}')}{_speed(playback)}"


def in_title(playback: Playback, texts: Texts) -> str:
    """Where the living lab has its own: ‖ REPLAY. The line of the replay says the rest."""
    return f"{SIGNS[playback.state]} {texts('replay.title')}"


def _speed(playback: Playback) -> str:
    return f" ×{playback.speed:g}" if playback.state == "playing" and playback.speed != 1 else ""


def name_of(playback: Playback) -> str:
    """Of a story its title in the language of the window, which is what its narrator says first; else of its file."""
    recording = playback.recording
    told = playback.all_words[0] if playback.is_story else ""
    return told or stem(Path(recording.name)) or recording.header.title
