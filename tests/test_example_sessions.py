"""The recorded sessions in examples/: each is played, re-enacted against a lab, and exported."""

from pathlib import Path

import pytest

from maillab.cli.main import run
from maillab.recording.export import FORMATS
from maillab.recording.session import Mark, Told, load
from maillab.recording.talks import talks
from maillab.stories.script import NAMES, Cue, Tell
from maillab.stories.script import load as story
from maillab.testing import RunningLab

SESSIONS = Path(__file__).parents[1] / "examples" / "sessions"


def test_every_story_has_a_session():
    """There is a recorded session of every story, and no other."""
    assert sorted(path.stem for path in SESSIONS.glob("*.maillab")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_session_tells_its_story(name):
    """The narrator says in it what the story says now, each at a step, and the first before anything happens."""
    told, script = load(SESSIONS / f"{name}.maillab").notes, story(name)
    words = [(note.en, note.vi) for note in told if isinstance(note, Told)]
    steps = [step for step in (*script.cues, *script.steps) if isinstance(step, Cue | Tell)]
    assert words[0] == (script.title.en, script.title.vi)
    assert set(words[1:]) == {(step.en, step.vi) for step in steps}
    marks = [note for note in told if isinstance(note, Mark)]
    assert [mark.name for mark in marks] == [f"step-{number}" for number in range(1, len(words))]
    assert marks[0].after == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_session_is_played(name, capsys, monkeypatch):
    """A session is printed without opening a socket, and holds no password of its world."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a socket was opened"))
    assert run(["replay", str(SESSIONS / f"{name}.maillab"), "--print", "--speed", "0"]) == 0
    assert story(name).title.en in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_a_session_is_re_enacted(name, tmp_path, capsys):
    """The first talk of a session, done again against a fresh lab of the same world, is answered the same."""
    session = load(SESSIONS / f"{name}.maillab")
    first = next(talk for talk in talks(session.entries) if talk.service != "dns")
    config = story(name).config
    site = next(site for site in config.sites if first.server.endswith(site.domain))
    with RunningLab(config, tmp_path / "lab") as lab:
        door = lab.endpoint(site.domain, first.service)
        person = site.people[0]
        who = ["--user", f"{person.name}@{site.domain}", "--password", person.password]
        where = ["--against", f"{door.host}:{door.port}", "--talk", first.name]
        code = run(["replay", str(SESSIONS / f"{name}.maillab"), *where, *who])
    said = capsys.readouterr()
    assert code == 0, said.out + said.err


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_a_session_is_exported(name, kind, tmp_path):
    """Every format takes every session, and no password of its world is in what comes out."""
    out = tmp_path / "out"
    assert run(["export", str(SESSIONS / f"{name}.maillab"), "--format", kind, "--output", str(out)]) == 0
    octets = out.read_bytes()
    assert octets or kind in ("mbox",)
    assert b"relay-secret" not in octets
    assert b"matkhau" not in octets
