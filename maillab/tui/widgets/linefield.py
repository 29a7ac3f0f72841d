"""One line that is typed, in every field of the window."""

from typing import Self

from textual.geometry import Region
from textual.widgets import Input


class LineField(Input):
    """A field as wide as its place is, whatever is typed: Textual would lay out the whole screen at each letter."""

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw it anew, where it is."""
        return super().refresh(*regions, repaint=repaint, recompose=recompose)
