"""A lab for a test: it runs in a thread of its own, on free ports, and answers a test that blocks or one that awaits.

def test_sign_up(maillab):
    door = maillab.endpoint("sender.test", "smtp")
    my_program.sign_up("bob@recipient.test", host=door.host, port=door.port)
    [message] = maillab.wait_for_messages("to:bob subject:welcome")
    assert message.links() == ["https://shop.test/confirm"]
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from functools import cache
from pathlib import Path
from weakref import WeakSet

from maillab.config import Config, default
from maillab.endpoints import Endpoint
from maillab.events import Delivered, Entry, Event
from maillab.lab.person import fetch_mail
from maillab.running import Running
from maillab.stored.mailboxes import StoredMailboxes
from maillab.stored.message import StoredMessage
from maillab.stored.query import MessageQuery
from maillab.testing.inbox import Inbox
from maillab.testing.rules import RuleBook
from maillab.testing.waiting import PATIENCE, Wanted, awaited, is_for, result, settled, until
from maillab.views.filter import parse, select
from maillab.views.transcript import Transcript
from maillab.wire.tls import Issuer

CAUGHT_DOMAIN = "example.com"  # every address there is a valid one, and never a real person's (RFC 2606 §3)


STARTED: "WeakSet[RunningLab]" = WeakSet()  # in this process; the plugin reports what was said in them

_numbers = itertools.count(1)
_issuer = cache(Issuer.new)  # made when the first lab starts


class RunningLab(Running):
    """A context manager, also for `async with`; safe from any thread. Without a folder the lab's is a temporary one.

    Unless it is `durable` it never waits for the disk: a crash of this process may lose its mail. All labs of a process
    have one certificate authority. Every method that waits has a twin that ends in `_async`, for tests that await: it
    does not hold up their loop.
    """

    def __init__(self, config: Config | None = None, folder: Path | None = None, *, durable: bool = False) -> None:
        super().__init__(config or default(), folder, auto_ports=True, durable=durable, issuer=_issuer())
        self.number = next(_numbers)  # of the labs of this process
        self._addresses = itertools.count(1)

    def __enter__(self) -> "RunningLab":
        self.start()
        self._mailboxes = StoredMailboxes(self.lab.folder)
        STARTED.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> "RunningLab":
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens. Raises `LookupError`."""
        return self.lab.endpoint(site, service)

    def password(self, address: str) -> str:
        """The password of an account. Raises `LookupError`."""
        return self.lab.password(address)

    @property
    def rules(self) -> RuleBook:
        """What is disturbed in this lab: `lab.rules.add("at rcpt answer 451 times 1")`."""
        return RuleBook(self)

    # ── what happens ──

    def wait(self, predicate: Callable[[Event], bool], *, count: int = 1, timeout: float = PATIENCE) -> None:
        """Until so many events, past or to come, satisfy `predicate`. Raises `TimeoutError`."""
        __tracebackhide__ = True  # for pytest: a test that fails shows its own line
        result(self.ask(lambda lab: until(lab.logbook, predicate, count, timeout)))

    async def wait_async(
        self, predicate: Callable[[Event], bool], *, count: int = 1, timeout: float = PATIENCE
    ) -> None:
        """As `wait`."""
        __tracebackhide__ = True
        await awaited(self.ask(lambda lab: until(lab.logbook, predicate, count, timeout)))

    def settle(self, timeout: float = PATIENCE) -> None:
        """Until no message is on its way: each has arrived, has failed, or waits for its next attempt.

        Raises `TimeoutError`.
        """
        __tracebackhide__ = True
        result(self.ask(lambda lab: settled(lab, timeout)))

    async def settle_async(self, timeout: float = PATIENCE) -> None:
        """As `settle`."""
        __tracebackhide__ = True
        await awaited(self.ask(lambda lab: settled(lab, timeout)))

    def entries(self, filter: str = "") -> list[Entry]:
        """What has happened so far, as far as it matches a filter: "leg:relay code:5xx". Raises `FilterError`."""
        return list(select(parse(filter), self.lab.logbook.since(0)))

    @property
    def entries_so_far(self) -> int:
        """The number of the last entry of the logbook."""
        last = self.lab.logbook.since(self.lab.logbook.forgotten)[-1:]
        return last[0].seq if last else 0

    def said(self, lines: int = 60, since: int = 0) -> str:
        """The last lines of the transcript, of entries after number `since`; without secrets."""
        view = Transcript()
        rows = (row for entry in self.lab.logbook.since(since) for row in view.rows(entry))
        return "\n".join(deque((view.line(row) for row in rows), lines))

    # ── messages ──

    def messages(self, query: str = "") -> list[StoredMessage]:
        """The messages in all mailboxes that a query means: "to:bob subject:hi"; the oldest first.

        Read from the Maildirs, so that nothing of it stands in the transcript. Raises `FilterError`.
        """
        return Wanted(self._mailboxes, MessageQuery.parse(query)).found()

    def wait_for_messages(self, query: str = "", count: int = 1, *, timeout: float = PATIENCE) -> list[StoredMessage]:
        """All messages that a query means, as soon as there are so many. Raises `TimeoutError`, `FilterError`."""
        __tracebackhide__ = True
        wanted = Wanted(self._mailboxes, MessageQuery.parse(query))
        return result(self.ask(lambda lab: wanted.arrived(lab.logbook, count, timeout)))

    async def wait_for_messages_async(
        self, query: str = "", count: int = 1, *, timeout: float = PATIENCE
    ) -> list[StoredMessage]:
        """As `wait_for_messages`."""
        __tracebackhide__ = True
        wanted = Wanted(self._mailboxes, MessageQuery.parse(query))
        return await awaited(self.ask(lambda lab: wanted.arrived(lab.logbook, count, timeout)))

    def inbox(self, name: str = "test") -> Inbox:
        """An address that nobody else has, with this name in it, and what comes to it.

        One that the lab catches, or where it catches none, one of somebody in the lab, with a plus sign.
        """
        config, name = self.lab.config, f"{name}-{next(self._addresses)}"
        site = config.sites[-1]
        caught = any(config.catches(index, CAUGHT_DOMAIN) for index in range(len(config.sites)))
        address = f"{name}@{CAUGHT_DOMAIN}" if caught else f"{site.people[0].name}+{name}@{site.domain}"
        return Inbox(self, self._mailboxes, address)

    def fetch(self, address: str, *, at_least: int = 0, timeout: float = PATIENCE) -> list[bytes]:
        """Every message in a mailbox, or for an address that was caught, fetched by POP3; waits for so many.

        Raises `LookupError` for an address at which nobody in the lab takes mail, `TimeoutError`.
        """
        __tracebackhide__ = True
        mailbox = self.lab.mailbox(address)
        if at_least and mailbox == address:
            self.wait(
                lambda event: isinstance(event, Delivered) and event.mailbox == address, count=at_least, timeout=timeout
            )
        elif at_least:
            wanted = Wanted(self._mailboxes, MessageQuery.parse(""), address)
            result(self.ask(lambda lab: wanted.arrived(lab.logbook, at_least, timeout)))
        fetched = result(self.ask(lambda lab: asyncio.wait_for(fetch_mail(lab, mailbox), timeout)))
        messages = (octets for _, octets in fetched.messages)
        return [octets for octets in messages if mailbox == address or is_for(StoredMessage(octets), address)]
