"""An address of a test's own, and the messages that come to it: each is given once, in the order of arrival."""

import asyncio
from concurrent.futures import Future

from maillab.running import Running
from maillab.stored.mailboxes import StoredMailboxes
from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery, quoted
from maillab.testing.waiting import PATIENCE, Wanted, awaited, result, settled


class Inbox:
    """`address` is where the program under test sends to; as text, an inbox is its address.

    `query` is in the filter language, as far as it asks about messages: 'from:shop body:"your code"'. `subject` is what
    the subject must hold, in whatever case. Methods that end in `_async` are for tests that await: they do not hold up
    the loop.
    """

    def __init__(self, running: Running, mailboxes: StoredMailboxes, address: str) -> None:
        self.address = address
        self._running = running
        self._mailboxes = mailboxes
        self._given: tuple[StoredMessage, ...] = ()

    def __str__(self) -> str:
        return self.address

    def __repr__(self) -> str:
        return f"<Inbox {self.address}>"

    def messages(self, query: str = "") -> list[StoredMessage]:
        """Everything that has come so far, also what was given before; the oldest first. Raises `FilterError`."""
        return Wanted(self._mailboxes, MessageQuery.parse(query), self.address).found()

    def wait_for_message(self, query: str = "", *, subject: str = "", timeout: float = PATIENCE) -> StoredMessage:
        """The next such message that was not given before. Raises `TimeoutError`, which says what came instead."""
        __tracebackhide__ = True  # for pytest: a test that fails shows its own line
        return self.wait_for_messages(1, query, subject=subject, timeout=timeout)[0]

    def wait_for_messages(
        self, count: int, query: str = "", *, subject: str = "", timeout: float = PATIENCE
    ) -> list[StoredMessage]:
        """The next so many. Raises `TimeoutError`, `FilterError`."""
        __tracebackhide__ = True
        return self._given_now(result(self._arrive(count, query, subject, timeout)), count)

    def assert_no_message(self, query: str = "", *, subject: str = "", timeout: float = PATIENCE) -> None:
        """Nothing else has come, and nothing is on its way any more. Raises `AssertionError`, `TimeoutError`."""
        __tracebackhide__ = True
        result(self._running.ask(lambda lab: settled(lab, timeout)))
        self._assert_none(self._wanted(query, subject).found())

    # ── for tests that await ──

    async def wait_for_message_async(
        self, query: str = "", *, subject: str = "", timeout: float = PATIENCE
    ) -> StoredMessage:
        """As `wait_for_message`."""
        __tracebackhide__ = True
        return (await self.wait_for_messages_async(1, query, subject=subject, timeout=timeout))[0]

    async def wait_for_messages_async(
        self, count: int, query: str = "", *, subject: str = "", timeout: float = PATIENCE
    ) -> list[StoredMessage]:
        """As `wait_for_messages`."""
        __tracebackhide__ = True
        return self._given_now(await awaited(self._arrive(count, query, subject, timeout)), count)

    async def assert_no_message_async(self, query: str = "", *, subject: str = "", timeout: float = PATIENCE) -> None:
        """As `assert_no_message`."""
        __tracebackhide__ = True
        await awaited(self._running.ask(lambda lab: settled(lab, timeout)))
        self._assert_none(await asyncio.to_thread(self._wanted(query, subject).found))

    # ── within ──

    def _arrive(self, count: int, query: str, subject: str, timeout: float) -> "Future[list[StoredMessage]]":
        wanted = self._wanted(query, subject)
        return self._running.ask(lambda lab: wanted.arrived(lab.logbook, count, timeout))

    def _wanted(self, query: str, subject: str) -> Wanted:
        terms = [f"({query})" if query and subject else query, quoted("subject", subject) if subject else ""]
        return Wanted(self._mailboxes, MessageQuery.parse(" ".join(filter(None, terms))), self.address, self._given)

    def _given_now(self, found: list[StoredMessage], count: int) -> list[StoredMessage]:
        self._given += tuple(found[:count])
        return found[:count]

    def _assert_none(self, found: list[StoredMessage]) -> None:
        __tracebackhide__ = True
        if found:
            raise AssertionError(f"{len(found)} messages have come to {self.address}: {found}")
