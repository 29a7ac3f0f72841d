"""Hours of ordinary trouble: `python -m tests.bench.soak --minutes 20`. The lab must keep its memory, and every message
(T319, in as many minutes as one has).

Programs that nobody here wrote (smtplib, poplib, imaplib) send at a steady rate through both servers, and fetch at the
other end, by POP3 (which deletes) and by IMAP (which waits). One in a hundred of everything goes wrong: temporary and
permanent refusals, connections that are cut, also after a message was stored and before its 250, and slow servers.
Printed are what the serving process holds, minute by minute, its slopes, and a ledger of what became of each message.
"""

import argparse
import contextlib
import imaplib
import os
import poplib
import random
import re
import smtplib
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.processes import resident, used
from tests.serving import Serving

RULES = (
    "at recipient.test smtp rcpt answer 451 chance 1%",
    "at recipient.test smtp rcpt answer 550 chance 1%",
    "at recipient.test smtp content drop chance 1%",
    "at recipient.test smtp answer to content drop chance 1%",
    "at recipient.test smtp mail delay 1s chance 1%",
    "at sender.test submission rcpt answer 451 chance 1%",
    "at sender.test submission content reset chance 1%",
    "at recipient.test pop3 retr drop chance 1%",
    "at recipient.test imap fetch drop chance 1%",
)
CONFIG = """\
retry = {gaps = [1, 2, 4]}
limits = {per_address = 1000, connections = 1000, per_user = 1000}
"""
TOKEN = re.compile(rb"soak-\d{8}-\d{2}")
REFUSED = (smtplib.SMTPException, poplib.error_proto, imaplib.IMAP4.error, OSError, EOFError)
"""How the libraries say that a server refused, or hung up."""


@dataclass
class Ledger:
    """What became of each message, by the token in its subject; threads share it."""

    promised: set[bytes] = field(default_factory=set)  # the submission server answered 250
    unanswered: set[bytes] = field(default_factory=set)  # sent, and the answer never came
    fetched: Counter[bytes] = field(default_factory=Counter)  # deleted by its reader, who had read it
    failed: Counter[str] = field(default_factory=Counter)  # talks that were refused or cut, by protocol and how
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, change: Callable[[], object]) -> None:
        """Write something down."""
        with self._lock:
            change()

    def settle(self, stored: Iterable[bytes], bounced: Iterable[bytes]) -> "Settled":
        """Compare with what lies at the recipient and came back to the sender, when all is quiet."""
        kept, back = self.fetched + Counter(stored), set(bounced)
        return Settled(
            promised=len(self.promised),
            delivered=len(kept.keys() & self.promised),
            bounced=len(back & self.promised),
            lost=len(self.promised - kept.keys() - back),
            twice=sum(count - 1 for count in kept.values()),
            unasked=len((kept.keys() | back) - self.promised - self.unanswered),
        )


@dataclass(frozen=True)
class Settled:
    """The ledger at the end: `lost` and `unasked` (delivered, and nobody had sent it) must be 0."""

    promised: int
    delivered: int
    bounced: int
    lost: int
    twice: int
    unasked: int

    def __str__(self) -> str:
        return ", ".join(f"{name} {getattr(self, name)}" for name in self.__dataclass_fields__)


@dataclass(frozen=True)
class Held:
    """What a process holds at a moment: seconds since the start, MiB, descriptors, threads, seconds on a processor.

    `tasks` of its loop are -1 where they are not counted.
    """

    at: float
    resident: float
    descriptors: int
    threads: int
    used: float
    tasks: int = -1


def held(process: int, at: float) -> Held:
    """Look, by proc(5)."""
    return Held(
        at,
        resident(process),
        len(os.listdir(f"/proc/{process}/fd")),
        len(os.listdir(f"/proc/{process}/task")),
        used(process),
    )


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Growth an hour of points (seconds, number), by least squares.

    >>> slope([(0.0, 10.0), (1800.0, 11.0), (3600.0, 12.0)])
    2.0
    """
    return 3600 * statistics.linear_regression(*zip(*points, strict=True)).slope


class Soak:
    """A lab, those who use it, and the ledger."""

    def __init__(self, lab: Serving, counted: Path, seconds: float, rate: float, senders: int) -> None:
        self.lab = lab
        self._counted = counted  # how many tasks there are, see tests.bench.counted
        self.ledger = Ledger()
        self._rate = rate
        self._senders = senders
        self._over = threading.Event()
        self._end = time.monotonic() + seconds

    def workers(self) -> Iterator[Callable[[], None]]:
        """What goes on at the same time."""
        for number in range(self._senders):
            yield partial(self._repeat, "smtp", self._sender(number))
        yield partial(self._repeat, "pop3", self._empty_by_pop3)
        yield partial(self._repeat, "imap", self._read_by_imap)

    def _repeat(self, name: str, once: Callable[[], None]) -> None:
        while time.monotonic() < self._end and not self._over.is_set():
            try:
                once()
            except REFUSED as error:
                self.ledger.note(partial(self.ledger.failed.update, [f"{name} {type(error).__name__}"]))
                self._over.wait(0.1)

    def _sender(self, number: int) -> Callable[[], None]:
        """Sends messages of many sizes, several over a connection, so many a second."""
        dice, numbers = random.Random(number), iter(range(10**8))

        def once() -> None:
            with smtplib.SMTP(
                "127.0.0.1", self.lab.port("submission", "sender.test"), "client.test", timeout=60
            ) as wire:
                wire.starttls()
                wire.login("alice", "alice")
                for _ in range(dice.randrange(1, 20)):
                    token = f"soak-{next(numbers):08}-{number:02}".encode()
                    self._send(wire, token, size=int(dice.paretovariate(0.8) * 500) % 200_000)
                    self._over.wait(self._senders / self._rate * dice.random() * 2)

        return once

    def _send(self, wire: smtplib.SMTP, token: bytes, size: int) -> None:
        content = b"From: alice@sender.test\r\nTo: bob@recipient.test\r\nSubject: %b\r\n\r\n" % token
        content += b"One of many lines.\r\n" * (size // 20)
        wire.mail("alice@sender.test")
        if wire.rcpt("bob@recipient.test")[0] != 250:
            self.ledger.note(partial(self.ledger.failed.update, ["smtp RCPT refused"]))
            wire.rset()
            return
        try:
            code, _ = wire.data(content)
        except REFUSED:
            self.ledger.note(partial(self.ledger.unanswered.add, token))
            raise
        if code == 250:
            self.ledger.note(partial(self.ledger.promised.add, token))

    def _empty_by_pop3(self) -> None:
        """Fetches and deletes what is there; what QUIT confirmed is gone, and was read."""
        self._over.wait(5)
        wire = poplib.POP3("127.0.0.1", self.lab.port("pop3"), timeout=60)
        with contextlib.closing(wire):
            wire.user("bob")
            wire.pass_("bob")
            read: list[bytes] = []
            for number in range(1, min(wire.stat()[0], 500) + 1):
                _, lines, _ = wire.retr(number)
                read += [found[0] for found in map(TOKEN.search, lines) if found][:1]
                wire.dele(number)
            wire.quit()  # RFC 1939 §6: deleted only now
            self.ledger.note(partial(self.ledger.fetched.update, read))

    def _read_by_imap(self) -> None:
        """Looks at what is new, as a mail program does."""
        self._over.wait(2)
        wire = imaplib.IMAP4("127.0.0.1", self.lab.port("imap"), timeout=60)
        try:
            wire.starttls()
            wire.login("bob", "bob")
            wire.select("INBOX")
            _, found = wire.search(None, "UNSEEN")
            for number in found[0].split()[:20]:
                wire.fetch(number.decode(), "(FLAGS BODY[])")
            wire.logout()
        finally:
            wire.sock.close()  # imaplib leaves it open when the server hangs up

    def run(self, tell: Callable[[str], None]) -> list[Held]:
        """Until the time is over; gives what the lab held every ten seconds."""
        began, moments = time.monotonic(), list[Held]()
        with ThreadPoolExecutor(self._senders + 2) as threads:
            futures = [threads.submit(work) for work in self.workers()]
            try:
                while time.monotonic() < self._end:
                    tasks = int(self._counted.read_text() or -1) if self._counted.exists() else -1
                    moments.append(replace(held(self.lab.pid, time.monotonic() - began), tasks=tasks))
                    if len(moments) % 6 == 1:
                        tell(row(moments[-1], len(self.ledger.promised)))
                    self._over.wait(min(10, max(0, self._end - time.monotonic())))
            finally:
                self._over.set()
            for future in futures:
                future.result(120)
        return moments

    def settle(self, patience: float = 60.0) -> Settled:
        """The ledger, as soon as every promise is kept, or nothing has come for a minute (a retry comes every 4 s)."""
        box, bounces = self.lab.maildir("bob").parent, self.lab.maildir("alice", "sender.test")
        settled, since = None, time.monotonic()
        while time.monotonic() - since < patience:
            now = self.ledger.settle(tokens(box / "new", box / "cur"), tokens(bounces))
            if not now.lost:
                return now
            if now != settled:
                settled, since = now, time.monotonic()
            time.sleep(0.2)
        return now


def tokens(*folders: Path) -> Iterator[bytes]:
    """The token of each message in some folders; of a bounce, that of the message it tells of."""
    for folder in folders:
        for file in folder.iterdir() if folder.is_dir() else ():
            if found := TOKEN.findall(file.read_bytes()):
                yield found[-1]


def row(moment: Held, promised: int) -> str:
    """A line of the table."""
    return (
        f"  {moment.at / 60:5.1f} min  {moment.resident:6.1f} MiB  {moment.descriptors:4} descriptors  "
        f"{moment.threads:3} threads  {moment.tasks:4} tasks  {moment.used:7.1f} s of CPU  {promised:7} messages"
    )


def slopes(moments: Sequence[Held]) -> str:
    """Growth an hour, of the second half: the first is what a lab takes to become warm."""
    late = moments[len(moments) // 2 :]
    if len(late) < 2:
        return "slopes: too short"
    grown = [
        f"{name} {slope([(moment.at, float(getattr(moment, name))) for moment in late]):+.1f}"
        for name in ("resident", "descriptors", "threads", "tasks")
    ]
    return f"slopes an hour, of the second half: {', '.join(grown)} (MiB, numbers)"


def main(arguments: Sequence[str]) -> int:
    """Run it; 1 when a message was lost, or came from nowhere."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=20, help="how long (20)")
    parser.add_argument("--rate", type=float, default=20, help="messages a second, all senders together (20)")
    parser.add_argument("--senders", type=int, default=10, help="how many send at once (10)")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="maillab-soak-") as folder:
        config = Path(folder, "soak.toml")
        config.write_text(CONFIG)
        rules = [word for rule in RULES for word in ("--rule", rule)]
        counted = Path(os.environ.setdefault("COUNTED", str(Path(folder, "tasks"))))
        with Serving("--quiet", "--config", str(config), *rules, keep=False, program="tests.bench.counted") as lab:
            soak = Soak(lab, counted, 60 * chosen.minutes, chosen.rate, chosen.senders)
            moments = soak.run(lambda line: print(line, flush=True))
            settled = soak.settle()
            print(slopes(moments))
            print(f"ledger: {settled}")
            print(
                f"without an answer: {len(soak.ledger.unanswered)}; refused: {dict(sorted(soak.ledger.failed.items()))}"
            )
    return 1 if settled.lost or settled.unasked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
