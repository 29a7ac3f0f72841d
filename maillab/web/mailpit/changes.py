"""What changed in the inboxes, worked out once for all who follow it on a websocket.

Blocking: in a thread.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from maillab.web.caught import CaughtMessage, NoSuchMessage
from maillab.web.context import HttpContext
from maillab.web.mailpit.told import all_tags, summary
from maillab.web.news import Ring
from maillab.web.tags import tags_of

AGAIN = 1.0  # seconds after which it is looked though no bell rang
KEPT = 1_000  # words that are kept ready; who is further behind asks for the list again
MANY = 200  # messages that are gone at once: the clients are told to ask for the list again
ANEW = b'{"Type":"prune","Data":null}'


class ChangeFeed:
    """Words of Mailpit's, numbered from 1."""

    def __init__(self, context: HttpContext, kept: int = KEPT) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._words: deque[bytes] = deque(maxlen=kept)
        self._last = 0
        self._rung: Ring | None = None
        self._looked = 0.0
        self._list: Sequence[CaughtMessage] | None = None  # nobody has asked yet
        self._messages: dict[str, CaughtMessage] = {}

    def now(self) -> int:
        """The number up to which everything is told to whoever has the list of this moment."""
        with self._lock:
            self._look()
            return self._last

    def since(self, told: int, bell: Ring) -> tuple[list[bytes], int]:
        """What comes after number `told`, and the number of the last; `bell` rings for what is not in it."""
        with self._lock:
            if bell is not self._rung or time.monotonic() - self._looked > AGAIN:
                self._rung, self._looked = bell, time.monotonic()
                self._look()
            missing = self._last - told
            words = [*self._words][-missing:] if missing else []
            return words if missing <= len(self._words) else [ANEW], self._last

    def _look(self) -> None:
        messages = self._context.mail.messages()
        if messages is self._list:
            return
        before, now = self._messages, {message.id: message for message in reversed(messages)}
        begun = self._list is not None
        self._list, self._messages = messages, now
        for word in _told_of(self._context, before, now) if begun else ():
            self._words.append(msgspec.json.encode(word))
            self._last += 1


def _told_of(
    context: HttpContext, before: dict[str, CaughtMessage], now: dict[str, CaughtMessage]
) -> Iterator[dict[str, Any]]:
    gone = before.keys() - now.keys()
    if len(gone) > MANY:
        yield {"Type": "prune", "Data": None}
    else:
        yield from ({"Type": "delete", "Data": {"ID": name}} for name in gone)
    same = not gone
    for name, message in now.items():
        known = before.get(name)
        if known is message:
            continue
        same = False
        if known is None:
            try:
                yield {"Type": "new", "Data": summary(context, message)}
            except NoSuchMessage:
                continue
        elif (known.is_read, known.keywords) != (message.is_read, message.keywords):
            told = {"ID": name, "Read": message.is_read, "Tags": tags_of(message.keywords)}
            yield {"Type": "update", "Data": told}
    if not same:
        unread = sum(not message.is_read for message in now.values())
        yield {"Type": "stats", "Data": {"Total": len(now), "Unread": unread, "Tags": all_tags(now.values())}}
