"""`maillab help`."""

import io
import sys

import pytest

from maillab.manual.pages import TOPICS
from tests.cli.calling import call


def test_contents(capsys):
    """Without a topic every page is listed with its heading, in the language asked for."""
    assert call("help", "--lang", "en") == 0
    lines = capsys.readouterr().out.split("\n")[2:-1]
    assert [line.split()[0] for line in lines] == list(TOPICS)
    assert call("help", "--lang", "vi") == 0
    assert TOPICS["keys"][1] in capsys.readouterr().out


@pytest.mark.parametrize("topic", ["keys", "KEYS"])
def test_a_page(topic, capsys, monkeypatch):
    """A page is plain text, wrapped to the terminal, however its name is written."""
    monkeypatch.setenv("COLUMNS", "60")
    assert call("help", topic) == 0
    said = capsys.readouterr().out
    assert said.startswith("Keys: everything you can do in the window\n====")
    assert "`app.palette`" in said
    assert "\x1b" not in said
    assert max(map(len, said.split("\n"))) <= 60


def test_long_lines_are_hard_to_read(capsys, monkeypatch):
    """However wide the terminal is, a line has no more than 100 columns."""
    monkeypatch.setenv("COLUMNS", "300")
    assert call("help", "window") == 0
    assert max(map(len, capsys.readouterr().out.split("\n"))) <= 100


@pytest.mark.parametrize("columns", ["1", "9", "0"])
def test_narrow_terminals(columns, capsys, monkeypatch):
    """A terminal that is hardly there gets every page all the same."""
    monkeypatch.setenv("COLUMNS", columns)
    assert [call("help", topic) for topic in TOPICS] == [0] * len(TOPICS)
    assert capsys.readouterr().out


def test_a_command(capsys):
    """The name of a command shows the options of that command."""
    assert call("help", "serve") == 0
    assert "--ephemeral" in capsys.readouterr().out


def test_unknown(capsys):
    """An unknown topic is exit 1, with the nearest pages or the way to all of them."""
    assert call("help", "filtres") == 1
    assert capsys.readouterr().err == "maillab: the manual has no page “filtres”; near it: filters\n"
    assert call("help", "xyzzy") == 1
    assert "all pages: maillab help" in capsys.readouterr().err
    assert call("help", "xyzzy", "--lang", "vi") == 1
    assert "không có trang" in capsys.readouterr().err


def test_only_in_english(capsys):
    """A page that is not translated says so in Vietnamese, and is printed in English."""
    assert call("help", "standards", "--lang", "vi") == 0
    first, _, heading = capsys.readouterr().out.split("\n")[:3]
    assert first == "(Trang này mới có bản tiếng Anh.)"
    assert heading == TOPICS["standards"][0]


def test_terminal_that_is_not_utf8(monkeypatch):
    """Where only ASCII goes, every page is printed all the same."""
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))
    assert [call("help", topic, "--lang", "vi") for topic in TOPICS] == [0] * len(TOPICS)
    assert call("help", "--lang", "vi") == 0
    sys.stdout.flush()
    assert octets.getvalue().isascii()
    assert b"Cac trang" in octets.getvalue()
