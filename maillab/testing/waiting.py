"""What a test waits for, as coroutines of the lab's loop: events, messages, and that nothing is on its way any more.

Rules for this file: everything here runs in the lab's loop, so that a test that blocks and one that awaits its future
wait for the same thing.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from maillab.events import Delivered, Entry, Event
from maillab.lab import Lab
from maillab.logbook import Logbook
from maillab.stored.mailboxes import StoredMailboxes
from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery

T = TypeVar("T")

PATIENCE = 10.0  # seconds that a test waits for a message

_AGAIN = 0.005  # seconds until the queues are asked again
_NAMED = 5  # messages that an error names


def result(future: "Future[T]") -> T:
    """What comes of it, for a test that blocks; a test that fails shows its own line, not ours."""
    __tracebackhide__ = True  # for pytest
    try:
        return future.result()
    except TimeoutError as error:
        raise TimeoutError(*error.args) from None


async def awaited(future: "Future[T]") -> T:
    """The same for a test that awaits."""
    __tracebackhide__ = True
    try:
        return await asyncio.wrap_future(future)
    except TimeoutError as error:
        raise TimeoutError(*error.args) from None


async def until(logbook: Logbook, predicate: Callable[[Event], bool], count: int, timeout: float) -> None:
    """Until so many events, past or to come, satisfy `predicate`. Raises `TimeoutError`."""
    seen = asyncio.Semaphore(0)

    def read(entry: Entry) -> None:
        if predicate(entry.event):
            seen.release()

    leave = logbook.subscribe(read)
    try:
        async with asyncio.timeout(timeout):
            for _ in range(count):
                await seen.acquire()
    except TimeoutError:
        raise TimeoutError(f"it did not happen within {timeout} s") from None
    finally:
        leave()


async def settled(lab: Lab, timeout: float) -> None:
    """Until no message is on its way. Raises `TimeoutError`."""
    try:
        async with asyncio.timeout(timeout):
            while not lab.at_rest:  # noqa: ASYNC110 - a queue tells nobody when it is empty
                await asyncio.sleep(_AGAIN)
    except TimeoutError:
        raise TimeoutError(f"messages are still on their way after {timeout} s") from None


def is_for(message: StoredMessage, address: str) -> bool:
    """Does the envelope say so?"""
    return address.lower() in (who.lower() for who in message.envelope.recipients)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The messages that are waited for: those that a query means, for one address ("" for any), without `given`."""

    mailboxes: StoredMailboxes
    query: MessageQuery
    address: str = ""
    given: tuple[StoredMessage, ...] = ()

    def found(self) -> list[StoredMessage]:
        """Those that are there, the oldest first."""
        return [message for message in self._here() if message not in self.given and self.query.means(message)]

    def _here(self) -> list[StoredMessage]:
        return [message for message in self.mailboxes.messages() if not self.address or is_for(message, self.address)]

    async def arrived(self, logbook: Logbook, count: int, timeout: float) -> list[StoredMessage]:
        """All of them, as soon as there are so many. Raises `TimeoutError`, which says what is there instead."""
        news = asyncio.Event()
        leave = logbook.subscribe(
            lambda entry: news.set() if isinstance(entry.event, Delivered) else None,
            past=False,  # it is in the mailboxes, and a session's lab has a long one
        )
        try:
            async with asyncio.timeout(timeout):
                while len(found := await asyncio.to_thread(self.found)) < count:
                    await news.wait()
                    news.clear()
                return found
        except TimeoutError:
            found = await asyncio.to_thread(self.found)  # the last look may have been cut short
            if len(found) < count:
                raise TimeoutError(self._missing(len(found), count, timeout)) from None
            return found
        finally:
            leave()

    def _missing(self, found: int, count: int, timeout: float) -> str:
        number = "no message" if not found else f"{found} of {count} messages"
        asked = self.query.filter.text
        what = f" for {self.address}" * bool(self.address) + f" ({asked})" * bool(asked)
        here = self._here()
        named = "".join(f"\n  {message!r}" for message in here[-_NAMED:]) or " nothing"
        return f"{number}{what} within {timeout} s; there is:{named}"
