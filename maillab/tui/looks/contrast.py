"""How well a colour can be seen on another, as WCAG 2.1 §1.4.3 measures it, and a colour moved until it can be."""

from collections.abc import Iterable

from textual.color import Color

TEXT, MARK = 4.5, 3.0  # to one: the least for text (§1.4.3), and for borders and signs that mean something (§1.4.11)
STEPS = 40  # in which a colour is moved towards black or white


def contrast(one: Color, other: Color) -> float:
    """Between 1, the same, and 21, black on white.

    >>> round(contrast(Color(0, 0, 0), Color(255, 255, 255)))
    21
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: Color, grounds: Iterable[Color], least: float) -> Color:
    """The colour, or the nearest one to it towards black or white that can be seen on each of these grounds.

    >>> readable(Color.parse("#777777"), [Color.parse("#ffffff")], 4.5).hex
    '#747474'
    """
    grounds = list(grounds)
    end = Color(255, 255, 255) if sum(map(_luminance, grounds)) / len(grounds) < 0.18 else Color(0, 0, 0)
    for step in range(STEPS + 1):
        moved = colour.blend(end, step / STEPS)
        if all(contrast(moved, ground) >= least for ground in grounds):
            return moved
    return end
