"""`maillab diff`."""

import json

import pytest

from maillab.recording.session import Header, Session, save
from tests.cli.calling import call
from tests.recording.told import record, told


def saved(path, entries):
    save(Session(Header("x"), tuple(entries)), path)
    return str(path)


@pytest.fixture
def one(tmp_path):
    """A session of one talk."""
    return saved(tmp_path / "one.maillab", record("S: 220 mx\nC: QUIT\nS: 221 2.0.0 bye"))


def test_no_difference(one, tmp_path, capsys):
    """A session does not differ from itself, nor its redacted story from the same story packed."""
    assert call("diff", one, one) == 0
    a = saved(tmp_path / "a.maillab", told("seven-steps"))
    b = saved(tmp_path / "b.maillab.gz", told("seven-steps"))
    assert call("diff", a, b) == 0
    assert capsys.readouterr().out == ""


def test_a_difference(one, tmp_path, capsys):
    """What differs is printed like a unified diff, and the exit code is 1."""
    other = saved(tmp_path / "two.maillab", record("S: 220 mx\nC: QUIT\nS: 221 bye"))
    assert call("diff", one, other) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"--- {one}"
    assert lines[1] == f"+++ {other}"
    assert lines[-2:] == ["- S: 221 2.0.0", "+ S: 221"]


def test_as_json(one, tmp_path, capsys):
    """With --json each line is an object, and nothing else is printed."""
    other = saved(tmp_path / "two.maillab", record("S: 220 mx\nC: QUIT\nS: 221 bye"))
    assert call("diff", one, other, "--json") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0]["mark"] == "@"
    assert rows[-2:] == [{"mark": "-", "text": "S: 221 2.0.0"}, {"mark": "+", "text": "S: 221"}]


def test_one_talk(tmp_path):
    """With --talk only that talk counts; a name that neither session knows is wrong usage."""
    a = saved(tmp_path / "a.maillab", told("seven-steps"))
    b = saved(tmp_path / "b.maillab", [e for e in told("seven-steps") if getattr(e.event, "talk", "") != "relay-1"])
    assert call("diff", a, b) == 1
    assert call("diff", a, b, "--talk", "submit-1") == 0
    assert call("diff", a, b, "--talk", "submit-9") == 2


def test_files_that_cannot_be_read(one, tmp_path, capsys):
    """A missing file and one that is no session are told in a line, without a traceback."""
    broken = tmp_path / "broken"
    broken.write_bytes(b"{}\n")
    assert call("diff", one, str(broken)) == 2
    assert call("diff", str(tmp_path / "none"), one) == 2
    assert "Traceback" not in capsys.readouterr().err
