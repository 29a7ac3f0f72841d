"""What every answer is made of: the lab, its mail, and what is remembered of it."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from maillab.lab import Lab
from maillab.web.caught import CaughtMail, CaughtMessage
from maillab.web.digests import Digests, MessageDigest
from maillab.web.news import InboxNews
from maillab.web.ours.feed import EntryFeeds
from maillab.web.workers import in_thread

T = TypeVar("T")


@dataclass(slots=True)
class HttpContext:
    """`started` is the lab's time when the door was opened, in seconds since 1970; `removed` counts messages."""

    lab: Lab
    mail: CaughtMail
    digests: Digests
    news: InboxNews
    feeds: EntryFeeds
    started: float
    removed: int = 0
    ending: bool = False  # the lab ends: whoever would go on telling, or waiting, stops
    chaos: dict[str, tuple[int, ...]] = field(default_factory=dict)  # numbers of the rules that stand for a trigger

    def digest(self, message: CaughtMessage) -> MessageDigest:
        """What is shown of a message in a list. Raises `NoSuchMessage`, `OSError`."""
        return self.digests.of(message.id, lambda: self.mail.octets(message))

    def remove(self, messages: Sequence[CaughtMessage]) -> None:
        """Take messages out of every inbox. Raises `OSError`, `NotRemoved`."""
        self.mail.remove(messages)
        self.removed += len(messages)

    def chosen(self, ids: Iterable[str]) -> list[CaughtMessage]:
        """The messages with these ids that are there, each once, the newest first. Raises `OSError`."""
        wanted = {*ids}
        return [message for message in self.mail.messages() if message.id in wanted]

    def meant(self, test: Callable[[CaughtMessage], bool]) -> list[CaughtMessage]:
        """The messages of which something is so, the newest first. Raises `OSError`."""
        return [message for message in self.mail.messages() if test(message)]

    async def once(
        self, look: Callable[[], T | None], longest: float, again: float, is_gone: Callable[[], Awaitable[bool]]
    ) -> T | None:
        """What `look` finds, in a thread, as soon as it finds anything; `None` after `longest` seconds.

        It looks when something changes, and every `again` seconds, until whoever waits `is_gone`. Raises what it
        raises.
        """
        end = time.monotonic() + longest
        while not (self.ending or await is_gone()):
            changed = self.news.next()
            if (found := await in_thread(look)) is not None or (left := end - time.monotonic()) <= 0:
                return found
            await changed.wait(min(again, left))
        return None
