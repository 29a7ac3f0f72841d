"""Everybody at once: `python -m tests.bench.crowd`. A thousand SMTP clients, 300 of IMAP and 200 of POP3 are served
(T315, T318).

All connect before any of them says a word; then each does its whole work while the others stay connected. After that
many connect, hear the greeting and leave, again and again (`--connects 100000`). Printed are what each protocol took,
who was refused, and what the serving process held before, meanwhile and at the end.
"""

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.soak import held
from tests.serving import Serving

CONFIG = "limits = {per_address = 2000, connections = 2000, per_user = 2000}\n"
TOGETHER = 50  # of those who only look in
MESSAGE = b"Subject: one of many\r\n\r\nHere.\r\n.\r\n"


@dataclass(frozen=True)
class Part:
    """What a client of a service says, and how the answer to each begins; the first is the greeting."""

    service: str
    greeting: bytes
    said: tuple[tuple[bytes, bytes], ...]


SMTP = Part(
    "smtp",
    b"220 ",
    (
        (b"EHLO client.test\r\n", b"250 "),
        (b"MAIL FROM:<alice@sender.test>\r\n", b"250 "),
        (b"RCPT TO:<bob@recipient.test>\r\n", b"250 "),
        (b"DATA\r\n", b"354 "),
        (MESSAGE, b"250 "),
        (b"QUIT\r\n", b"221 "),
    ),
)
IMAP = Part(
    "imap",
    b"* OK",
    (
        (b"a LOGIN bob bob\r\n", b"a OK"),
        (b"b SELECT INBOX\r\n", b"b OK"),
        (b"c FETCH 1:5 (FLAGS ENVELOPE)\r\n", b"c OK"),
        (b"d LOGOUT\r\n", b"d OK"),
    ),
)
POP3 = Part(
    "pop3",
    b"+OK",
    (
        (b"CAPA\r\n", b"."),
        (b"USER bob\r\n", b"+OK"),  # no further: a mailbox is one reader's at a time (RFC 1939 §4)
        (b"QUIT\r\n", b"+OK"),
    ),
)
CROWD = {SMTP: 1000, IMAP: 300, POP3: 200}


class Client:
    """One connection."""

    def __init__(self, part: Part) -> None:
        self._part = part

    async def connect(self, port: int) -> bool:
        """Connect and hear the greeting; False when refused."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        return (await self._reader.readline()).startswith(self._part.greeting)

    async def talk(self) -> bool:
        """The whole talk; False when an answer is not as it must be."""
        try:
            for words, expected in self._part.said:
                self._writer.write(words)
                while not (line := await self._reader.readline()).startswith(expected):
                    if not line:
                        return False
            return True
        finally:
            self.leave()

    def leave(self) -> None:
        """Hang up."""
        self._writer.close()


async def crowd(clients: Sequence[Client]) -> tuple[int, float]:
    """All talk, `TOGETHER` at a time; gives how many came to their end, and the seconds it took."""
    began, turn = time.perf_counter(), asyncio.Semaphore(TOGETHER)

    async def talk(client: Client) -> bool:
        async with turn:
            return await client.talk()

    done = await asyncio.gather(*map(talk, clients))
    return sum(done), time.perf_counter() - began


async def look_in(lab: Serving, connects: int) -> int:
    """Connect, hear the greeting and leave, at one service after the other; gives how many were greeted."""
    ports, left, greeted = [(part, lab.port(part.service)) for part in CROWD], iter(range(connects)), 0

    async def visit() -> None:
        nonlocal greeted
        for number in left:
            part, port = ports[number % len(ports)]
            client = Client(part)
            heard = await client.connect(port)
            greeted += heard
            client.leave()

    await asyncio.gather(*(visit() for _ in range(TOGETHER)))
    return greeted


async def measure(lab: Serving, share: float, connects: int) -> bool:
    """Print it all; False when anybody was refused."""
    began = time.perf_counter()
    well = True

    def tell(what: str) -> None:
        now = held(lab.pid, time.perf_counter() - began)
        print(
            f"  {what:<44}{now.resident:7.1f} MiB {now.descriptors:5} descriptors {now.used:6.1f} s of CPU", flush=True
        )

    tell("nobody is there")
    parts = {part: [Client(part) for _ in range(max(1, int(count * share)))] for part, count in CROWD.items()}
    for part, clients in parts.items():
        greeted = [await client.connect(lab.port(part.service)) for client in clients]
        well &= all(greeted)
        tell(f"{sum(greeted)} of {len(clients)} greeted at {part.service}")
    for part, clients in parts.items():
        done, seconds = await crowd(clients)
        well &= done == len(clients)
        tell(f"{done} of {len(clients)} served at {part.service} in {seconds:.1f} s")
    greeted_in_all = await look_in(lab, connects)
    well &= greeted_in_all == connects
    tell(f"{greeted_in_all} of {connects} looked in")
    return well


def main(arguments: Sequence[str]) -> int:
    """Run it; 1 when anybody was turned away."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.crowd", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connects", type=int, default=100_000, help="how many only look in (100000)")
    parser.add_argument("--share", type=float, default=1.0, help="of the crowd (1.0: 1,000, 300 and 200)")
    chosen = parser.parse_args(arguments)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with TemporaryDirectory(prefix="maillab-crowd-") as folder:
        config = Path(folder, "crowd.toml")
        config.write_text(CONFIG)
        with Serving("--quiet", "--config", str(config), keep=False, afresh=True) as lab:
            return 0 if asyncio.run(measure(lab, chosen.share, chosen.connects)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
