"""`maillab replay`."""

import json
import sys

import pytest

from maillab.cli.main import run
from maillab.recording.session import Header, Mark, Session, load, save
from maillab.stories.script import NAMES
from tests.cli.calling import call
from tests.recording.samples import STORED, talk


@pytest.fixture
def path(tmp_path):
    """A session of nine entries, a second apart, with marks."""
    where = tmp_path / "s.maillab"
    save(Session(Header(), tuple(talk(9)), (Mark("three", 3, 1003.0), Mark("six", 6, 1006.0))), where)
    return str(where)


def printed(capsys, *argv):
    """What a command line prints; its last words on each line."""
    assert call("replay", *argv) == 0
    return [line.split()[-1] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_shown_as_it_was(name, tmp_path, capsys):
    """A recorded story prints the very lines that were printed while it happened, and no secret is in its file."""
    file = tmp_path / "s.maillab.gz"
    assert run(["demo", name, "--speed", "0", "--record", str(file)]) == 0
    live = capsys.readouterr().out
    assert run(["replay", str(file), "--print", "--speed", "0"]) == 0
    assert capsys.readouterr().out == live
    assert "password" not in json.dumps(load(file).header.lab)


def test_other_views_of_a_story(tmp_path, capsys):
    """The file holds both languages; notation, explanations and JSON are those of the live transcript."""
    file = str(tmp_path / "s.maillab")
    assert run(["demo", "classic", "--speed", "0", "--json", "--record", file]) == 0
    live = capsys.readouterr().out
    assert run(["replay", file, "--json"]) == 0
    assert capsys.readouterr().out == live
    assert run(["replay", file, "--lang", "vi", "--no-gloss", "--notation", "swaks"]) == 0
    said = capsys.readouterr().out
    assert load(tmp_path / "s.maillab").told[0].vi in said
    assert " -> QUIT\n" in said


def test_no_socket(monkeypatch, capsys):
    """Looking at a session opens no socket (T304)."""
    opened = []
    sys.addaudithook(lambda event, _: opened.append(event) if event.startswith("socket.") and watching else None)
    watching = True
    assert run(["replay", str(STORED)]) == 0
    watching = False
    assert opened == []
    assert "Việt" in capsys.readouterr().out


def test_a_part(path, capsys):
    """--from and --to take the name of a mark or a time."""
    assert printed(capsys, path, "--from", "three", "--to", "six") == ["4", "5", "6"]
    assert printed(capsys, path, "--from", "7") == ["8", "9"]
    assert printed(capsys, path, "--to", "1.5s")[-1] == "2"
    assert printed(capsys, path, "--from", "1:00") == []


def test_an_unknown_moment(path, capsys):
    """A moment that is neither mark nor time is exit 2; the marks are named."""
    assert call("replay", path, "--from", "seven") == 2
    assert "marks: three, six" in capsys.readouterr().err


def test_a_filter(path, capsys):
    """--filter chooses lines, whatever part is shown; a wrong one is exit 2 with the column, `help` explains them."""
    assert printed(capsys, path, "--filter", "/NOOP [47]/") == ["4", "7"]
    assert printed(capsys, path, "--filter", "mark:three") == ["4", "5", "6"]
    assert printed(capsys, path, "--filter", "proto:smtp side:client", "--from", "7") == ["8", "9"]
    assert call("replay", path, "--filter", "leg:realy") == 2
    assert "^" in capsys.readouterr().err
    assert call("replay", path, "--filter", "help") == 0
    assert "leg:relay" in capsys.readouterr().out


def test_jobs_in_a_filter(tmp_path, capsys):
    """A filter that asks for a job finds the talks before it has a name."""
    file = str(tmp_path / "s.maillab")
    assert run(["demo", "seven-steps", "--speed", "0", "--record", file]) == 0
    capsys.readouterr()
    assert run(["replay", file, "--filter", "job:L1.1 verb:mail"]) == 0
    assert "submit-1 C: MAIL FROM" in capsys.readouterr().out


def test_explained_in_the_middle(tmp_path, capsys):
    """Who begins in the middle gets the same explanations as who begins at the beginning."""
    file = str(tmp_path / "s.maillab")
    assert run(["demo", "classic", "--speed", "0", "--record", file]) == 0
    capsys.readouterr()
    assert run(["replay", file]) == 0
    whole = capsys.readouterr().out.splitlines()
    with_entries = load(tmp_path / "s.maillab").entries
    middle = with_entries[20].at - with_entries[0].at
    assert run(["replay", file, "--from", f"{middle:.7f}"]) == 0
    part = capsys.readouterr().out.splitlines()
    assert 10 < len(part) < len(whole)
    assert part == whole[-len(part) :]


def test_pauses_are_asked_for(path, capsys, monkeypatch):
    """A pipe gets everything at once, unless a speed is named."""
    slept = []
    monkeypatch.setattr("maillab.cli.playing.NoHands.wait", lambda self, seconds: slept.append(seconds) or "")
    printed(capsys, path)
    assert slept == []
    printed(capsys, path, "--speed", "2", "--idle-limit", "0.5")
    assert slept == [0.25] * 8


def test_loop(path, capsys, monkeypatch):
    """--loop begins again until somebody ends it."""
    rounds = []

    def wait(self, seconds):
        rounds.append(seconds)
        if len(rounds) == 20:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr("maillab.cli.playing.NoHands.wait", wait)
    assert call("replay", path, "--loop", "--speed", "1") == 130
    assert capsys.readouterr().out.count("connected to") == 3


def test_not_a_session(tmp_path, capsys):
    """What cannot be read or is no session is exit 2 and one line."""
    (tmp_path / "x").write_text("From alice\n")
    for name in ("x", "none", "."):
        assert call("replay", str(tmp_path / name)) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_cut_file(tmp_path, capsys):
    """A cut file is shown as far as it goes, and stderr says that it is cut."""
    (tmp_path / "s.maillab").write_bytes(STORED.read_bytes()[:-60])
    assert call("replay", str(tmp_path / "s.maillab")) == 0
    assert "the file ends in the middle of line" in capsys.readouterr().err


def test_hostile_text(tmp_path, capsys):
    """What a file says reaches the terminal harmless, also where it complains."""
    octets = STORED.read_bytes().replace(b'"why":"quit"', b'"why":"\\u001b]0;x\\u0007\\u202e"')
    (tmp_path / "s.maillab").write_bytes(octets)
    assert call("replay", str(tmp_path / "s.maillab")) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "\u202e" not in said.out


@pytest.mark.parametrize(
    "wrong", [["--speed", "-1"], ["--speed", "nan"], ["--idle-limit", "x"], ["--as-server", "70000"]]
)
def test_wrong_numbers(wrong, path, capsys):
    """A number out of range is exit 2."""
    assert call("replay", path, *wrong) == 2


def test_one_of_two(path, capsys):
    """Client and server at once is exit 2."""
    assert call("replay", path, "--against", "127.0.0.1:1", "--as-server", "0") == 2
