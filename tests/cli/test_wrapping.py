"""Lines on a terminal."""

import io
import re

import pytest

from maillab.cli.wrapping import columns, wrapped

LONG = (
    "S: * OK [CAPABILITY IMAP4rev1 LITERAL+ STARTTLS AUTH=PLAIN] ready  ┆ The server is ready. What stands in brackets."
)


@pytest.mark.parametrize("width", [20, 30, 47, 80])
def test_no_word_is_broken(width):
    """Each row has room, those after the first are set in, and no word is lost or broken."""
    rows = wrapped(LONG, width, 3).split("\n")
    assert all(len(row) <= width for row in rows)
    assert all(re.match(r" {3}\S", row) for row in rows[1:])
    assert [word for row in rows for word in row.split()] == LONG.split()


def test_what_fits_stays():
    """As does everything where there is no terminal, or hardly one."""
    assert wrapped("S: 250 OK  ┆ done", 80, 3) == "S: 250 OK  ┆ done"
    assert wrapped(LONG, 0) == wrapped(LONG, 19) == LONG
    assert columns(io.StringIO()) == 0


def test_a_word_that_is_too_long():
    """It has a row of its own, and the terminal breaks it."""
    assert wrapped("S: + " + "x" * 30 + " y", 20, 3) == "S: +\n   " + "x" * 30 + "\n   y"


def test_colours_take_no_room():
    """They stay with their words."""
    line = f"\x1b[36mS: {'ab ' * 6}\x1b[0m"
    assert wrapped(line, 21, 3).count("\n") == 0
    assert wrapped(line + "\x1b[2mmore words\x1b[0m", 24, 3).split("\n")[1] == "   \x1b[0m\x1b[2mmore words\x1b[0m"


def test_wide_letters():
    """A letter that takes two columns is counted so."""
    assert wrapped("日本語日本語 日本語日本語", 20, 0) == "日本語日本語\n日本語日本語"
