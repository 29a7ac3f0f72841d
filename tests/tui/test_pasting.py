"""What is pasted is text."""

from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.events import Key, Paste

from maillab.tui.pasting import BEGIN, END, Parser, Pasted, install

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


def test_installed(monkeypatch):
    """The driver of Textual reads with it."""
    monkeypatch.setattr(linux_driver, "XTermParser", linux_driver.XTermParser)
    install()
    assert linux_driver.XTermParser is Parser
