"""What stands in the borders of a pane: its title above, and below where one is in it, at the left of its keys."""

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import BETWEEN, CORNERS

ASKED = "-asked"  # the class of a pane about which something is typed elsewhere


class Titled(Widget):
    """The last base of a pane: Textual takes styles and focus from the first, and has blanks beside corners only."""

    _as_given: Content | None = None
    _below_as_given: Content | None = None
    _where = ""

    @property
    def _border_title(self) -> Content | None:
        """With a blank on either side, whether the border has corners or not."""
        title = self._as_given
        return title.pad(1, 1) if title is not None and not self.styles.border_left[0] else title

    @_border_title.setter
    def _border_title(self, title: Content | None) -> None:
        self._as_given = title

    @property
    def _border_subtitle(self) -> Content | None:
        """With the place before it, where there is room for both."""
        if not self._where or not self.styles.border_left[0]:
            return self._below_as_given
        return sink.beside(self._where, self._below_as_given, self.outer_size.width - CORNERS, lit=self.is_lit)

    @_border_subtitle.setter
    def _border_subtitle(self, below: Content | None) -> None:
        self._below_as_given = below
        if self._where:
            self._align()

    @property
    def keys_below(self) -> str:
        """What was written into the lower border, without the place, as Textual gives it back."""
        return self._below_as_given.markup if self._below_as_given is not None else ""

    @property
    def kept_free(self) -> int:
        """Cells for the place in the lower border, and between it and the keys."""
        return cell_len(self._where) + BETWEEN if self._where else 0

    @property
    def is_lit(self) -> bool:
        """Has it the focus, or something in it? What is filtered while somebody types the filter looks so, too."""
        return self.has_focus or self.has_pseudo_class("focus-within") or self.has_class(ASKED)

    def show_where(self, place: str) -> None:
        """Where one is in what it shows, "" for nowhere; only the border is drawn anew."""
        if place != self._where:
            self._where = place
            self._align()
            self._draw_line(self.outer_size.height - 1)

    def entitle(self, title: Content) -> None:
        """Another title; only the border is drawn anew, where Textual would draw the whole pane."""
        self._border_title = title
        self._draw_line(0)

    def write_below(self, below: Content) -> None:
        """Something else in the lower border, drawn so, too."""
        self._border_subtitle = below
        self._draw_line(self.outer_size.height - 1)

    def _draw_line(self, y: int) -> None:
        (left, top), width = self.content_offset, self.outer_size.width
        self.refresh(Region(-left, y - top, width, 1))

    def _align(self) -> None:
        """A place alone stands at the left."""
        align = "left" if self._where and not self.keys_below else "right"
        if self.styles.border_subtitle_align != align:
            self.styles.border_subtitle_align = align
