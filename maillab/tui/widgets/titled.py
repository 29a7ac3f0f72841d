"""A pane whose title stands in its upper border with a blank on either side, whether that has corners or not."""

from textual.content import Content
from textual.widget import Widget


class Titled(Widget):
    """The last base of a pane: Textual takes styles and focus from the first, and has blanks beside corners only."""

    _as_given: Content | None = None

    @property
    def _border_title(self) -> Content | None:
        title = self._as_given
        return title.pad(1, 1) if title is not None and not self.styles.border_left[0] else title

    @_border_title.setter
    def _border_title(self, title: Content | None) -> None:
        self._as_given = title
