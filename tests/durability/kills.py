"""Kills the lab at a chosen call, or at any moment, and keeps a ledger of what it had promised."""

import asyncio
import contextlib
import imaplib
import poplib
import random
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from maillab.folder import holder
from tests.durability import calls
from tests.durability.after import BOB, PATIENCE, look
from tests.durability.calls import Call
from tests.durability.day import ALICE, CAROL, OLD_SESSION, SESSION, Day, brief, closed, configuration, prepare
from tests.durability.power import LONELY_KEY, UNCLAIMED
from tests.durability.promises import judge
from tests.serving import Serving
from tests.support import wait_until

CHANGES = (
    "write", "pwrite64", "ftruncate", "fsync", "fdatasync",
    "rename", "link", "unlink", "unlinkat", "mkdir", "rmdir",
)  # fmt: skip
MOST = 80  # promises in one round
HUNG_UP = (OSError, EOFError, smtplib.SMTPException, poplib.error_proto, imaplib.IMAP4.error, RuntimeError)


# ── at a chosen call ──


@dataclass(frozen=True, slots=True)
class Killed:
    """How a lab ended, and what came of it."""

    died: bool  # at the call, and not because it was asked to stop
    asked: int  # so many operations were begun before
    wrong: list[str]  # after the next start


def play_until(root: Path, log: Path, kill: str) -> Killed:
    """A brief day in a lab that dies at a call (`calls.command`), and a look at its folder after the next start."""
    prepare(root)
    day, session = Day(root), root / "sessions" / SESSION
    lab = day.lab("--record", str(session), "--force", under=calls.command(log, kill=kill))
    with contextlib.suppress(*HUNG_UP), lab:
        day.mark(lab)
        brief(day, lab)
        lab.stop()
    with mock.patch("os.fsync"):  # while we look nobody cuts the power
        found = asyncio.run(look(root, configuration(), day.originals))
    verdict = judge(day.promises(), found, 0)
    written = found.sessions.get(SESSION, b"")
    if written != OLD_SESSION and not written.endswith(b"\n"):
        verdict.torn.append(f"a session of {len(written)} octets")
    wrong = [wrong for wrong in verdict.wrong if LONELY_KEY not in wrong and UNCLAIMED not in wrong]
    return Killed(lab.was_killed, len(day.asked), wrong)


def places(done: list[Call]) -> list[str]:
    """Where a lab can be killed: "fsync:3" is the third in whichever thread comes to it first."""
    counts: Counter[tuple[int, str]] = Counter()
    for call in done:
        if call.name in CHANGES:
            counts[call.thread, call.name] += 1
    most = {name: max(n for (_, other), n in counts.items() if other == name) for _, name in counts}
    return [f"{name}:{number}" for name in CHANGES if name in most for number in range(1, most[name] + 1)]


# ── at any moment ──


@dataclass
class Ledger:
    """What became of each message; threads share it."""

    sent: dict[str, bytes] = field(default_factory=dict)  # every one that was begun, by its name
    accepted: set[str] = field(default_factory=set)  # 250 at the door of the recipient's machine
    queued: set[str] = field(default_factory=set)  # 250 at the door of the sender's machine
    read: set[str] = field(default_factory=set)  # read, deleted, and +OK after QUIT
    perhaps: set[str] = field(default_factory=set)  # deleted, and nobody knows what became of QUIT
    born: dict[str, int] = field(default_factory=dict)  # the round in which it was begun
    round: int = 0
    torn: list[str] = field(default_factory=list)
    copies: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, rest: int) -> str:
        """One more message."""
        with self.lock:
            name = f"m{len(self.sent):06}"
            self.born[name] = self.round
            self.sent[name] = b"Subject: %s\r\n\r\n" % name.encode() + b"%s\r\n" % name.encode() * rest
            return name

    def name(self, octets: bytes) -> str:
        """Which message that is; it must be whole."""
        name = next(line for line in octets.split(b"\r\n") if line.startswith(b"Subject: "))[9:].decode()
        if not octets.endswith(self.sent[name]):
            self.torn.append(name)
        return name

    @property
    def promised(self) -> int:
        """How many were answered 250."""
        return len(self.accepted) + len(self.queued)

    @property
    def lost(self) -> set[str]:
        """Promised, and nowhere."""
        return {name for name in self.accepted | self.queued if not self.copies[name]} - self.read - self.perhaps

    @property
    def back(self) -> set[str]:
        """Deleted, and there again."""
        return {name for name in self.read & self.accepted if self.copies[name]}

    @property
    def twice(self) -> dict[str, int]:
        """Of which there are several copies; those that were read count, too."""
        read = Counter(self.read)
        return {name: n for name, n in (self.copies + read).items() if n > 1}

    @property
    def too_often(self) -> dict[str, int]:
        """Of which there are more than may be: a kill adds one copy to a message that was between two machines, and
        none to one that was handed over at the door of its recipient.
        """
        kills = {name: 0 if name in self.accepted else self.round + 1 - self.born[name] for name in self.sent}
        return {name: n for name, n in self.twice.items() if n > 1 + kills[name]}


def rounds(root: Path, count: int, seed: int, *options: str) -> Ledger:
    """So many labs in one folder, each killed while mail comes, goes and is read; the last one finishes its work.
    `options` are those of `serve`.
    """
    prepare(root)
    ledger, dice = Ledger(), random.Random(seed)
    for number in range(count):
        ledger.round = number
        wait_until(lambda: holder(root / "lab") is None)  # the processes of sites end when they see that theirs is gone
        if dice.random() < 0.2:  # in the middle of its start
            soon = ["timeout", "-s", "KILL", f"{dice.uniform(0.1, 0.8):.3f}"]
            with contextlib.suppress(RuntimeError), Day(root).lab(*options, under=soon) as lab:
                lab.kill()
            continue
        lab = Day(root).lab(*options)
        with lab, _busy(lab, ledger, seed + number):
            enough, deadline = ledger.promised + dice.randrange(MOST), time.monotonic() + 10
            while ledger.promised < enough and time.monotonic() < deadline:
                time.sleep(dice.uniform(0.0, 0.01))
            lab.kill()
    wait_until(lambda: holder(root / "lab") is None)
    with mock.patch("os.fsync"):
        found = asyncio.run(look(root, configuration(), ledger.sent, patience=600))
    ledger.torn += found.torn
    ledger.copies.update({name: 0 for name in ledger.sent})
    for (_, name), copies in found.copies.items():
        ledger.copies[name] += copies
    return ledger


@contextlib.contextmanager
def _busy(lab: Serving, ledger: Ledger, seed: int) -> Iterator[None]:
    """Ten who send and one who reads, until the lab hangs up on them."""
    threads = [threading.Thread(target=_send, args=(lab, ledger, random.Random(seed * 100 + n))) for n in range(10)]
    threads.append(threading.Thread(target=_read, args=(lab, ledger)))
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive(), "a client waits for a lab that is dead"


def _send(lab: Serving, ledger: Ledger, dice: random.Random) -> None:
    site, promised = dice.choice([("recipient.test", ledger.accepted), ("sender.test", ledger.queued)])
    with (
        contextlib.suppress(*HUNG_UP),
        smtplib.SMTP("127.0.0.1", lab.port("smtp", site), "client.test", timeout=PATIENCE) as smtp,
    ):
        while True:
            name = ledger.new(dice.choice([10, 100, 30_000]))
            smtp.sendmail(ALICE, [dice.choice([BOB, CAROL])], ledger.sent[name])
            with ledger.lock:
                promised.add(name)


def _read(lab: Serving, ledger: Ledger) -> None:
    with contextlib.suppress(*HUNG_UP):
        while True:
            with closed(poplib.POP3("127.0.0.1", lab.port("pop3"), timeout=PATIENCE)) as pop3:
                _read_once(pop3, ledger)


def _read_once(pop3: poplib.POP3, ledger: Ledger) -> None:
    pop3.user(CAROL)
    pop3.pass_("carol")
    names: set[str] = set()
    for number in range(1, min(pop3.stat()[0], 3) + 1):
        names.add(ledger.name(b"\r\n".join(pop3.retr(number)[1]) + b"\r\n"))
        pop3.dele(number)
    with ledger.lock:
        ledger.perhaps |= names
    pop3.quit()
    with ledger.lock:
        ledger.perhaps -= names
        ledger.read |= names
