"""The screen behind a dialog: dimmed by the dialog's ground, and nothing in it can be clicked.

Textual dims each piece of it for itself, though most look alike, and draws it several times before a dialog stands.
"""

from functools import lru_cache
from typing import Any

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.css.styles import RulesMap
from textual.screen import Screen
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.visual import RenderOptions, Visual


class Backdrop(Visual):
    """A screen under a ground that lets it through."""

    def __init__(self, screen: Screen[Any], ground: Color) -> None:
        self._screen = screen
        self._ground = ground

    def render_strips(self, width: int, height: int | None, style: ContentStyle, options: RenderOptions) -> list[Strip]:
        """All of its lines."""
        return [self._dim(strip) for strip in self._screen._compositor.render_strips()]

    def _dim(self, strip: Strip) -> Strip:
        pieces = ((text, look.clear_meta_and_links() if look is not None else Style.null()) for text, look, _ in strip)
        return Strip([Segment(text, _dimmed(look, self._ground)) for text, look in pieces], strip.cell_length)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All that there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """As the screen."""
        return self._screen.size.height


@lru_cache(1_000)
def _dimmed(look: Style, ground: Color) -> Style:
    """Text and ground of a piece, the ground of the dialog over both."""

    def under(color: RichColor | None) -> RichColor | None:
        return (Color.from_rich_color(color) + ground).rich_color if color is not None else None

    return look + Style.from_color(under(look.color), under(look.bgcolor)) if ground.a else look
