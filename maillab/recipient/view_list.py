"""What one session was told of a folder, and what it has not been told yet.

Quiet. A view notices a change because a row is another one than it has: what it did itself it has put into its list.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable

from maillab.recipient.folder_state import FolderState
from maillab.recipient.folders import NO_NEWS, MessageRow, News

_MANY = 100  # rows: whoever looks for more finds them faster by a list of places


class ViewList:
    """The rows of a folder as a session knows them."""

    def __init__(self, state: FolderState) -> None:
        self.rows = [message.row for message in state.messages.values()]
        self._state = state
        self._told = state.touches
        self._next = state.uid_next  # the first UID that it was not told of
        self._places: dict[int, int] = {}  # of the rows by UID, once many were asked for
        self._asked = 0  # how often somebody asked since they moved

    def row(self, uid: int) -> MessageRow | None:
        """One of `rows`."""
        at = self._at(uid)
        return self.rows[at] if at is not None else None

    @property
    def is_up_to_date(self) -> bool:
        """Was nothing touched since the last news?"""
        return self._told == self._state.touches

    @property
    def is_nearly_up_to_date(self) -> bool:
        """Are the next news a few?"""
        return self._state.touches - self._told <= _MANY

    def news(self) -> News:
        """What is not as this view knows it; it knows it then."""
        if self.is_up_to_date:
            return NO_NEWS
        state = self._state
        touched = state.touched_since(self._told)
        self._told = state.touches
        if touched is None:
            touched = {row.uid for row in self.rows} | {*state.messages}
        gone, changed, added = [], [], []
        find = self._finder(len(touched))
        for uid in sorted(touched):
            message = state.messages.get(uid)
            if uid >= self._next:
                if message is not None:
                    added.append(message.row)
            elif (at := find(uid)) is None:
                pass  # it went away before this view knew it, or by its own hand
            elif message is None:
                gone.append(uid)
            elif message.row is not self.rows[at]:
                self.rows[at] = message.row
                changed.append(message.row)
        self.remove(gone)
        if added:
            self._moved()
            self.rows += added
        self._next = state.uid_next
        return News(added, changed, gone) if added or changed or gone else NO_NEWS

    def know(self, rows: Collection[MessageRow]) -> None:
        """The session did this itself: these are the rows now."""
        find = self._finder(len(rows))
        for row in rows:
            if (at := find(row.uid)) is not None:
                self.rows[at] = row

    def remove(self, uids: Iterable[int]) -> None:
        """The session knows that these are gone."""
        gone = {*uids}
        if gone:
            self._moved()
        if len(gone) == 1:
            if (at := self._at(gone.pop())) is not None:
                del self.rows[at]
        elif gone:
            self.rows[:] = [row for row in self.rows if row.uid not in gone]

    def _finder(self, count: int) -> Callable[[int], int | None]:
        """How to find so many of the rows."""
        return self._at if count < _MANY else self._found().get

    def _at(self, uid: int) -> int | None:
        self._asked += 1
        if self._asked > _MANY:
            return self._found().get(uid)
        at = bisect_left(self.rows, uid, key=_uid)
        return at if at < len(self.rows) and self.rows[at].uid == uid else None

    def _found(self) -> dict[int, int]:
        if not self._places:
            self._places = {row.uid: at for at, row in enumerate(self.rows)}
        return self._places

    def _moved(self) -> None:
        self._places, self._asked = {}, 0


def _uid(row: MessageRow) -> int:
    return row.uid
