"""Which modes a program has switched on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.web.terminal.modes import ModeMemory


def again(*pieces):
    memory = ModeMemory()
    for piece in pieces:
        memory.hear(piece)
    return memory.again


def test_what_is_on():
    """What was switched on and not off, in that order; a frame's own marks are none."""
    begun = b"\x1b[?1049h\x1b[?25l\x1b[?1000;1006h\x1b[?2026hxx\x1b[?2026l\x1b[?2004h"
    assert again(begun) == b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h"
    assert again(begun, b"\x1b[?1049l\x1b[?1000l\x1b[?1006l\x1b[?2004l\x1b[?25h") == b"\x1b[?25h"
    assert again(b"\x1b[?h\x1b[2J\x1b[1;1H\x1b]0;x\x07") == b""


@pytest.mark.parametrize("cut", range(1, 20))
def test_at_every_cut(cut):
    """The pieces of a terminal end anywhere."""
    whole = b"a\x1b[?1049hb\x1b[?25lc\x1b[?1006h"
    assert again(whole[:cut], whole[cut:]) == again(whole)


@given(st.lists(st.binary(max_size=30)))
def test_any_octets(pieces):
    """What is said again is made of modes alone, and what is remembered of a beginning is short."""
    memory = ModeMemory()
    for piece in pieces:
        memory.hear(piece)
    assert len(memory._begun) <= 50
    assert memory.again.count(b"\x1b") == memory.again.count(b"\x1b[?")
