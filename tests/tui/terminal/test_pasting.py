"""What is pasted is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.events import Key, Paste

from maillab.tui.terminal.pasting import BEGIN, END, Parser, Pasted, install

PIECES = st.lists(st.sampled_from([BEGIN, END, "\x1b", "\x1b[", "\x1b[20", "1~", "0~", "a", "\x11"]), max_size=12)


def cut(text, sizes):
    """A text in pieces of these sizes, round and round."""
    place = 0
    while place < len(text):
        for size in sizes:
            yield text[place : place + size]
            place += size


def test_textual_takes_an_escape_for_a_key():
    """Why this is here: without it a text can press a key (T279). When this fails, it is needed no longer."""
    told = XTermParser().feed(f"{BEGIN}a\x1b\x11{'x' * 40}{END}")
    assert "ctrl+q" in [event.key for event in told if isinstance(event, Key)]


@given(st.text(st.sampled_from("ab\x1b\x11[201~")), st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_only_text(text, sizes):
    """Whatever is pasted, in whatever pieces it comes: one paste, no key."""
    text = text.replace(END, "")
    parser = Parser()
    told = [event for piece in cut(f"{BEGIN}{text}{END}", sizes) if piece for event in parser.feed(piece)]
    told += list(parser.feed("z"))
    assert not [event for event in told if isinstance(event, Key) and event.key != "z"]
    assert "".join(event.text for event in told if isinstance(event, Paste)) == text.replace("\x1b", "")


@given(PIECES, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_in_whatever_pieces(pieces, sizes):
    """How it is cut makes no difference; outside a paste nothing is taken away."""
    text = "".join(pieces)
    whole, follower = Pasted(), Pasted()
    assert "".join(follower.calm(piece) for piece in cut(text, sizes)) == whole.calm(text)
    if BEGIN not in text:
        assert whole.calm("") == ""
        assert Pasted().calm(text) == text


def keys(*pieces):
    """What is pressed when this comes from the terminal, piece by piece, and what is left is waited for."""
    parser = Parser()
    told = [event for piece in pieces for event in parser.feed(piece)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
    return [event.key for event in (*told, *parser.tick()) if isinstance(event, Key)]


def test_textual_takes_escape_and_a_digit_for_another_character():
    """Why this is here, too. When this fails, it is needed no longer."""
    assert [event.character for event in XTermParser().feed("\x1b1")] == ["¡"]


@pytest.mark.parametrize("typed", ["1", "3", "L", "/", ":", " ", "\r", "q", "\x13", "é", "354\r"])
def test_a_key_right_behind_esc(typed):
    """Is a key of its own, also where the two come one after the other."""
    expected = ["escape", *keys(typed)]
    assert keys("\x1b" + typed) == expected
    assert keys("\x1b", typed) == expected
    assert keys("a\x1b", typed + "\x1b") == ["a", *expected, "escape"]


def test_sequences_are_keys_as_before():
    """Arrows, function keys, moving by words, two escapes; and an escape alone, after a while."""
    for text, pressed in {
        "\x1b[A": ["up"],
        "\x1bOP": ["f1"],
        "\x1b[17~": ["f6"],
        "\x1bf": ["ctrl+right"],
        "\x1b\x7f": ["ctrl+w"],
        "\x1b\x1b": ["escape", "escape"],
        "\x1b": ["escape"],
    }.items():
        assert keys(text) == pressed
        assert keys(*text) == pressed


def test_installed(monkeypatch):
    """The driver of Textual reads with it."""
    monkeypatch.setattr(linux_driver, "XTermParser", linux_driver.XTermParser)
    install()
    assert linux_driver.XTermParser is Parser
