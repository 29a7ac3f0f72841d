"""The saved sessions of a lab."""

import gzip
import os
import shutil
from dataclasses import replace

import pytest

from maillab.tui.playing import archive
from maillab.tui.playing.archive import TRASH, SessionSummary, rename, summary, throw_away
from tests.house import ROOT

EXAMPLES = ROOT / "examples" / "sessions"


@pytest.fixture
def folder(tmp_path):
    """Two sessions, the second one older and packed."""
    shutil.copy(EXAMPLES / "seven-steps.maillab", tmp_path)
    (tmp_path / "old.maillab.gz").write_bytes(gzip.compress((EXAMPLES / "bounce.maillab").read_bytes()))
    os.utime(tmp_path / "old.maillab.gz", (1_000, 1_000))
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def test_what_is_in_one(folder):
    """Title, day, length, every message with its outcome, marks, and how it begins."""
    one = summary(folder / "seven-steps.maillab")
    (message,) = one.messages
    assert (message.sender, message.recipients, message.outcome) == (
        "alice@sender.test",
        ("bob@recipient.test",),
        "read",
    )
    assert one.subject == message.subject != ""
    assert one.title
    assert one.started > 0 < one.seconds
    assert (one.trouble, one.more, one.outcome) == ("", False, ("good", "✓"))
    assert one.notes
    assert summary(folder / "old.maillab.gz").outcome == ("bad", "✗")


@pytest.mark.parametrize(
    ("outcomes", "sign"),
    [
        (("read", "partly"), ("warn", "!")),
        (("partly", "failed"), ("bad", "✗")),
        (("open", "stored"), ("good", "✓")),
        (("waiting",), ("dim", "·")),
        ((), ("dim", "·")),
    ],
)
def test_how_it_came_out(outcomes, sign):
    """The worst of it; what came back for some of its recipients is told from what came back for all."""
    message = summary(EXAMPLES / "seven-steps.maillab").messages[0]
    messages = tuple(replace(message, outcome=outcome) for outcome in outcomes)
    assert SessionSummary(messages=messages).outcome == sign


def test_a_damaged_one(folder):
    """A file that is no session says so, and stands in the list."""
    (folder / "broken.maillab").write_bytes(b"\x1b[31m no session")
    one = summary(folder / "broken.maillab")
    assert one.trouble
    assert (one.outcome, one.subject) == (("bad", "!"), "")
    assert summary(folder / "none.maillab").trouble


def test_a_long_one(folder, monkeypatch):
    """Of a long one only the beginning is read, and that is said."""
    monkeypatch.setattr(archive, "LOOKED_AT", 20)
    assert summary(folder / "seven-steps.maillab").more


def test_another_name(folder):
    """The ending stays; a name that is taken, or none, is refused."""
    assert rename(folder / "old.maillab.gz", "older").name == "older.maillab.gz"
    with pytest.raises(ValueError, match="a session called “older” already"):
        rename(folder / "older.maillab.gz", "older")
    for wrong in ("", "a/b", "../x", ".hidden", "x\0y", "x" * 300):
        with pytest.raises(ValueError, match="cannot be called"):
            rename(folder / "seven-steps.maillab", wrong)


def test_the_trash(folder):
    """What is thrown away lies beside, and nothing is lost when two have one name."""
    content = (folder / "seven-steps.maillab").read_bytes()
    assert throw_away(folder / "seven-steps.maillab") == folder / TRASH / "seven-steps.maillab"
    (folder / "seven-steps.maillab").write_bytes(b"another")
    assert throw_away(folder / "seven-steps.maillab").name == "1-seven-steps.maillab"
    assert (folder / TRASH / "seven-steps.maillab").read_bytes() == content
