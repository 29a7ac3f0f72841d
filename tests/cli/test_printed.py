"""How much of a transcript is printed."""

import argparse
import sys

import pytest

from maillab.cli.main import run
from maillab.cli.printed import CONTENT, add_amount, content, is_asked, is_brief, printer, speed
from maillab.events import Closed, Entry
from maillab.views import transcript
from tests.serving import ROOT

SESSIONS = ROOT / "examples" / "sessions"


def parsed(*argv):
    parser = argparse.ArgumentParser()
    add_amount(parser)
    return parser.parse_args(argv)


def test_content():
    """Twenty lines, as the exports have it, so many as are asked for, or none."""
    assert content(parsed()) == CONTENT == transcript.CONTENT
    assert [content(parsed("--content", word)) for word in ("none", "0", "7")] == [0, 0, 7]


@pytest.mark.parametrize("word", ["-1", "some", "1.5", "99999999999", "٣", ""])
def test_content_that_is_none(word, capsys):
    """What is no number of lines is said to be none."""
    with pytest.raises(SystemExit):
        parsed(f"--content={word}")
    assert "a number of lines, or none" in capsys.readouterr().err


def test_brief(monkeypatch):
    """A person at a terminal reads no explanation twice, a pipe gets them all; both can be asked for."""
    for is_terminal in (True, False):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)  # noqa: B023 - asked at once
        assert is_brief(parsed()) is is_terminal
        assert is_brief(parsed("--brief")) is True
        assert is_brief(parsed("--full")) is False


def test_asked():
    """An option that says how to print asks for print."""
    assert not is_asked(parsed())
    assert all(is_asked(parsed(*argv)) for argv in (["--brief"], ["--full"], ["--content", "none"]))


def test_a_session_in_brief(capsys):
    """Printed in brief, the message is there to read, each explanation once, and what a server offers is one line."""
    assert run(["replay", str(SESSIONS / "seven-steps.maillab"), "--brief"]) == 0
    said = capsys.readouterr().out
    assert said.count("C: Subject: Hello from the laboratory\n") == 2
    assert said.count("Polite goodbye.") == 1
    assert said.count("▸ 10 lines: PIPELINING, ") == 2
    assert "250-PIPELINING" not in said


def test_a_session_in_full(capsys):
    """Printed in full, nothing is folded but messages, as was asked."""
    assert run(["replay", str(SESSIONS / "seven-steps.maillab"), "--full", "--content", "none"]) == 0
    said = capsys.readouterr().out
    assert said.count("Polite goodbye.") > 1
    assert "▸ 14 lines of message, 376 bytes" in said
    assert "Subject: " not in said


def test_a_printer_of_options_that_a_command_does_not_have(capsys):
    """What a command does not offer says nothing; at once in a pipe, at reading speed at a terminal, or as asked."""
    args = argparse.Namespace(lang="vi", gloss=True, json=False, notation="swaks")
    printer(args).entry(Entry(1, 0.0, Closed("submit-1", "lost")))
    assert "kết nối bị đứt" in capsys.readouterr().out
    assert [speed(argparse.Namespace(speed=asked)) for asked in (None, 2.0)] == [0.0, 2.0]
