"""How well a colour can be seen."""

import pytest
from textual.color import Color

from maillab.tui.looks.contrast import MARK, TEXT, contrast, readable

BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)


def test_the_ends_of_the_scale():
    """A colour on itself is 1, black on white 21, whichever is named first."""
    assert contrast(WHITE, WHITE) == 1
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == pytest.approx(21)


def test_what_can_be_read_stays():
    """A colour that is seen well enough is not touched."""
    orange = Color.parse("#ffbd7a")
    assert readable(orange, [BLACK], TEXT) == orange


@pytest.mark.parametrize("ground", ["#000000", "#11121a", "#4c516d", "#eee8d5", "#ffffff"])
def test_what_can_not_is_moved(ground):
    """On dark grounds a colour becomes lighter, on light ones darker, as little as is needed."""
    under = Color.parse(ground)
    for name in ("#777777", "#8338ec", "#b58900", ground):
        for least in (TEXT, MARK):
            moved = readable(Color.parse(name), [under], least)
            assert contrast(moved, under) >= least


def test_several_grounds():
    """It is seen on each of them."""
    grounds = [Color.parse("#002b36"), Color.parse("#073642"), Color.parse("#21505e")]
    moved = readable(Color.parse("#586e75"), grounds, TEXT)
    assert all(contrast(moved, ground) >= TEXT for ground in grounds)
