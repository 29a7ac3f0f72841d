"""Sizes of the terminal, of which Textual tells a screen several times, and lays it out and draws it each time.

It tells it as the screen is shown, then as a widget of its own, and once more when a dialog opens before it.
"""

from typing import Any

from textual.geometry import Size
from textual.screen import Screen


def is_another(size: Size, screen: Screen[Any]) -> bool:
    """Is the screen not laid out for this size already? Whatever else has changed asks for a layout by itself."""
    return size != screen._compositor.size
