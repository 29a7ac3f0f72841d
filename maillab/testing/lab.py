"""A lab for a test that blocks: it runs in a thread of its own, on free ports.

def test_sign_up(maillab):
    door = maillab.endpoint("sender.test", "smtp")
    my_program.sign_up("bob@recipient.test", host=door.host, port=door.port)
    assert b"Welcome" in maillab.letters("bob@recipient.test", at_least=1)[0]
"""

import poplib
import threading
from collections.abc import Callable
from pathlib import Path

from maillab.config import Config, default
from maillab.endpoints import Endpoint
from maillab.events import Delivered, Entry, Event
from maillab.lab import Lab
from maillab.running import Running
from maillab.views.filter import parse, select

PATIENCE = 10.0  # seconds that a test waits for a letter


class RunningLab(Running):
    """A context manager; safe from any thread. Without a folder the lab's is a temporary one."""

    def __init__(self, config: Config | None = None, folder: Path | None = None) -> None:
        super().__init__(config or default(), folder, auto_ports=True)

    def __enter__(self) -> "RunningLab":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def endpoint(self, site: str, service: str) -> Endpoint:
        """Where a service of a site listens. Raises `LookupError`."""
        return self.lab.endpoint(site, service)

    def password(self, address: str) -> str:
        """The password of an account. Raises `LookupError`."""
        for account in self.lab.accounts:
            if account.address == address:
                return account.password
        raise LookupError(f"no account {address}")

    def wait(self, predicate: Callable[[Event], bool], *, count: int = 1, timeout: float = PATIENCE) -> None:
        """Until so many events, past or to come, satisfy `predicate`. Raises `TimeoutError`."""
        seen = threading.Semaphore(0)

        def read(entry: Entry) -> None:
            if predicate(entry.event):
                seen.release()

        async def subscribe(lab: Lab) -> Callable[[], None]:
            return lab.logbook.subscribe(read)

        leave = self.ask(subscribe).result()

        async def unsubscribe(_: Lab) -> None:
            leave()

        try:
            for _ in range(count):
                if not seen.acquire(timeout=timeout):
                    raise TimeoutError(f"it did not happen within {timeout} s")
        finally:
            self.ask(unsubscribe).result()

    def entries(self, filter: str = "") -> list[Entry]:
        """What has happened so far, as far as it matches a filter: "leg:relay code:5xx". Raises `FilterError`."""
        return list(select(parse(filter), self.lab.logbook.since(0)))

    def letters(self, address: str, *, at_least: int = 0, timeout: float = PATIENCE) -> list[bytes]:
        """Every letter in a mailbox, fetched by POP3; waits until `at_least` letters were delivered there."""
        if at_least:
            self.wait(
                lambda event: isinstance(event, Delivered) and event.mailbox == address, count=at_least, timeout=timeout
            )
        door = self.endpoint(address.rpartition("@")[2], "pop3")
        pop = poplib.POP3(door.host, door.port, timeout=timeout)
        try:
            pop.user(address)
            pop.pass_(self.password(address))
            count = len(pop.list()[1])
            return [b"\r\n".join(pop.retr(number)[1]) + b"\r\n" for number in range(1, count + 1)]
        finally:
            pop.quit()
