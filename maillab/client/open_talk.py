"""A talk by IMAP that stays open between errands: whoever looks at a mailbox does not log in for every message.

Rules for this file: one errand after the other, in the order in which they come; whoever waits for one may go, and what
was begun is done all the same. A talk that the server has ended is begun anew before anything is said in it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, TypeVar

from maillab.client.imap import RemoteMail
from maillab.client.pop3 import FetchError

UNUSED = 20.0  # seconds after which nobody is waited for any more

T = TypeVar("T")
Errand = Callable[[RemoteMail], Awaitable[Any]]
Awaited = tuple[Errand, "asyncio.Future[Any]"]


class OpenTalk:
    """`connect` begins a talk, logged in; it is left when nothing was asked for `unused` seconds."""

    def __init__(
        self, connect: Callable[[], AbstractAsyncContextManager[RemoteMail]], *, unused: float = UNUSED
    ) -> None:
        self._connect = connect
        self._unused = unused
        self._waiting: asyncio.Queue[Awaited | None] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    async def do(self, errand: Callable[[RemoteMail], Awaitable[T]]) -> T:
        """What comes of it. Raises what connecting raises, and what the errand does."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait((errand, done))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._work())
        return await done

    async def leave(self) -> None:
        """Say goodbye, when what was asked for until now is done."""
        if self._worker is not None and not self._worker.done():
            self._waiting.put_nowait(None)
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        """Until nobody waits any more; between its last look at the queue and its end nothing else happens."""
        again: Awaited | None = None
        try:
            while again is not None or not self._waiting.empty():
                first = again if again is not None else self._waiting.get_nowait()
                again = await self._talk(first) if first is not None else None
        finally:
            while not self._waiting.empty():
                if (left := self._waiting.get_nowait()) is not None:
                    left[1].cancel()

    async def _talk(self, waiting: Awaited | None) -> Awaited | None:
        """One talk, until an errand fails or none comes; gives one that came when the server had ended it."""
        is_new = True
        try:
            async with self._connect() as mail:
                while waiting is not None:
                    if not is_new and not await mail.is_alive():
                        return waiting
                    is_new = False
                    if not await _done(mail, waiting):
                        return None
                    waiting = await self._next()
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to whoever waits, and to nobody else
            if waiting is not None:
                _fail(waiting, error)
        except BaseException:
            if waiting is not None:
                waiting[1].cancel()
            raise
        return None

    async def _next(self) -> Awaited | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._unused):
                return await self._waiting.get()
        return None


async def _done(mail: RemoteMail, waiting: Awaited) -> bool:
    """Do it, unless nobody waits for it any more; may the talk go on? What goes wrong belongs to whoever waits."""
    errand, done = waiting
    if done.done():
        return True
    try:
        found = await errand(mail)
    except (KeyError, ValueError) as error:  # it is gone; it has no such name
        _fail(waiting, error)
    except (FetchError, OSError) as error:
        _fail(waiting, error)
        return False
    else:
        if not done.done():
            done.set_result(found)
    return True


def _fail(waiting: Awaited, error: Exception) -> None:
    if not waiting[1].done():
        waiting[1].set_exception(error)
        waiting[1].exception()  # nobody may wait for it any more
