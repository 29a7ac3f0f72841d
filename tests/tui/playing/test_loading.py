"""Reading a session, and having a story told."""

import pytest

from maillab.recording.session import Header, Session, SessionError, Told, save
from maillab.tui.playing.loading import CHUNK, first_look, read, tell
from maillab.tui.playing.playback import Recording
from tests.house import ROOT
from tests.recording.told import record, told

SESSION = ROOT / "examples" / "sessions" / "seven-steps.maillab"


def loaded(path, *, given_up=False):
    recording, woken = Recording(Header()), []
    read(path, recording, lambda: woken.append(len(recording.entries)), lambda: given_up)
    return recording, woken


def test_a_session():
    """Its entries and notes come in, and at the end it is whole."""
    recording, woken = loaded(SESSION)
    assert recording.whole
    assert recording.trouble == ""
    assert recording.told
    assert len(recording.entries) == woken[-1] > 100
    assert first_look(SESSION).title


def test_a_damaged_one(tmp_path):
    """What can be read is shown, and why there is no more."""
    cut = tmp_path / "cut.maillab"
    cut.write_bytes(SESSION.read_bytes()[:9_000])
    recording, _ = loaded(cut)
    assert recording.whole
    assert recording.trouble
    assert recording.entries
    (tmp_path / "none.maillab").write_bytes(b"nothing")
    assert loaded(tmp_path / "none.maillab")[0].trouble
    assert loaded(tmp_path / "not there")[0].trouble
    with pytest.raises(SessionError):
        first_look(tmp_path / "none.maillab")
    with pytest.raises(OSError, match="not there"):
        first_look(tmp_path / "not there")


def test_a_long_one(tmp_path):
    """The window is woken while it is read, and may lose interest."""
    entries = record("C: NOOP\nS: 250 ok\n" * CHUNK)
    path = tmp_path / "long.maillab"
    save(Session(Header("long"), tuple(entries)), path)
    recording, woken = loaded(path)
    assert woken == [CHUNK, 2 * CHUNK, len(entries)]
    recording, _ = loaded(path, given_up=True)
    assert not recording.whole
    assert len(recording.entries) == CHUNK


def test_a_story():
    """A story is told as `maillab demo` tells it: the same entries, the narrator's words between them."""
    recording = tell("seven-steps", "vi")
    kinds = [type(entry.event).__name__ for entry in recording.entries]
    assert kinds.count("Submitted") == kinds.count("Delivered") == kinds.count("Read") == 1
    assert len(kinds) == len(told("seven-steps"))
    said = [note for note in recording.notes if isinstance(note, Told)]
    assert said
    assert all(note.en and note.vi for note in said)
    assert [note.after for note in said] == sorted(note.after for note in said)
    assert recording.titles[said[-1]] == "Bob tải thư bằng POP3"
    assert set(recording.titles) == set(said[1:])  # the first is the title of the story
    assert recording.whole


def test_large_messages_stay():
    """A message that lay in the lab's folder can still be read when that is gone; passwords are not kept."""
    recording = tell("attachment", "en")
    carried = [entry.event for entry in recording.entries if type(entry.event).__name__ == "Carried"]
    assert all(len(event.content.whole()) == len(event.content) for event in carried)
    assert b"wonderland" not in b"".join(
        entry.event.line for entry in recording.entries if hasattr(entry.event, "line")
    )
