"""One message, as far as FETCH asks for it: its octets, its parts, what was worked out of it; each is had once."""

from functools import cached_property

from maillab.mail.content import Content
from maillab.recipient.folders import FolderView, MessageRow
from maillab.recipient.structure.parts import Entity
from maillab.recipient.structure.summary import Outline, outline_of


class FetchedMessage:
    """`blob` is its summary, None where nobody asked the index."""

    def __init__(self, view: FolderView, row: MessageRow, blob: bytes | None) -> None:
        self.row = row
        self._view = view
        self._blob = blob
        self._content: Content | None = None

    @property
    def content(self) -> Content:
        """Its octets. Raises `FileNotFoundError`."""
        if self._content is None:
            self._content = self._view.content(self.row.uid)
        return self._content

    @cached_property
    def outline(self) -> Outline:
        """What was worked out when it was stored; worked out now where that is not there."""
        return outline_of(self._blob or b"", lambda: self.content)

    @property
    def tree(self) -> Entity:
        """Its parts."""
        return self.outline.tree
