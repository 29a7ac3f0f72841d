"""Messages handed over, at the lab and at Postfix: how many a second, and what each costs of a processor."""

import smtplib
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machines import Machines, a_lab
from tests.bench.measure import Side, Tell, alternate, table
from tests.bench.postfix import PostfixPair
from tests.bench.processes import Noise
from tests.bench.source import USUAL, Load, count, send, wait_for_count

WARM_UP = 100  # messages before the clock starts, on either side
MANY = 100  # recipients of one message


@dataclass(frozen=True)
class Work:
    """Messages to be measured: at which machine they are handed over, and how. `part` is their share of all that are
    asked for."""

    title: str
    journey: bool = False
    load: Load = USUAL
    part: float = 1.0
    recorded: bool = False

    def rate(self, machines: Machines, messages: int) -> float:
        """Messages a second: from the first word until the last is promised, at a journey's end stored."""
        before, began = count(machines.maildir), time.perf_counter()
        send(machines.submit if self.journey else machines.receive, messages, self.load)
        if self.journey:
            wait_for_count(machines.maildir, before + messages)
        return messages / (time.perf_counter() - began)


WORKS = {
    "accept": Work("1 KB, stored durably at the recipient's MX, ten connections that stay", load=Load(kept=True)),
    "accept-new": Work("1 KB, stored durably at the recipient's MX, a new connection for each"),
    "journey": Work("1 KB, from submission until stored at the recipient", journey=True),
    "journey-recorded": Work("the same, the lab with --record", journey=True, recorded=True),
    "big": Work("100 KB, from submission until stored", journey=True, load=Load(octets=100_000), part=0.1),
    "huge": Work("5 MB, from submission until stored", journey=True, load=Load(octets=5_000_000), part=0.01),
}


def beside_postfix(
    name: str, rounds: int, messages: int, postfix: PostfixPair | None, tell: Tell, options: tuple[str, ...]
) -> str:
    """Messages a second of one of WORKS, and what each cost of a processor; the ratios, and how busy others were."""
    work = WORKS[name]
    messages = max(10, round(messages * work.part))
    costs: dict[str, list[float]] = {}
    sides: dict[str, Side] = {"maillab": lambda: _in_a_lab(work, messages, costs.setdefault("maillab", []), options)}
    if postfix:
        sides["postfix"] = lambda: _at_postfix(work, messages, costs.setdefault("postfix", []), postfix)
    noise = Noise(lambda: postfix.used if postfix else 0.0)
    rates = table(f"{name}: messages/s; {work.title}", alternate(sides, rounds, tell))
    return "\n".join([rates, table("  each cost milliseconds of a processor", costs, 2), str(noise)])


def _in_a_lab(work: Work, messages: int, costs: list[float], options: tuple[str, ...]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        record = ["--record", str(Path(folder) / "s.maillab")] if work.recorded else []
        with a_lab(*options, *record) as lab:
            return _measured(work, lab, messages, costs)


def _at_postfix(work: Work, messages: int, costs: list[float], postfix: PostfixPair) -> float:
    postfix.empty()
    return _measured(work, postfix, messages, costs)


def _measured(work: Work, machines: Machines, messages: int, costs: list[float]) -> float:
    """After a few to warm up. What was promised must be there in the end."""
    warm_up = min(WARM_UP, messages)
    work.rate(machines, warm_up)
    wait_for_count(machines.maildir, warm_up)
    used = machines.used
    rate = work.rate(machines, messages)
    wait_for_count(machines.maildir, warm_up + messages)
    costs.append(1000 * (machines.used - used) / messages)
    return rate


# ── one message ──


def one(rounds: int, postfix: PostfixPair | None, tell: Tell, options: tuple[str, ...]) -> str:
    """Milliseconds of one message alone, from the first word of its submission until it is stored."""
    title = "one: milliseconds of one message alone, from submission until stored, p50"
    return _timed(title, 1, rounds, postfix, tell, options)


def many_recipients(rounds: int, postfix: PostfixPair | None, tell: Tell, options: tuple[str, ...]) -> str:
    """The same of a message to a hundred, until the last has it."""
    title = f"many-rcpt: milliseconds of one message to {MANY}, from submission until all have it, p50"
    return _timed(title, MANY, rounds, postfix, tell, options)


def _timed(
    title: str, recipients: int, rounds: int, postfix: PostfixPair | None, tell: Tell, options: tuple[str, ...]
) -> str:
    messages = 60 if recipients == 1 else 6

    def lab() -> float:
        with a_lab(*options) as machines:
            return _middle(machines, messages, recipients)

    def other(pair: PostfixPair) -> float:
        pair.empty()
        return _middle(pair, messages, recipients)

    sides: dict[str, Side] = {"maillab": lab}
    if postfix:
        sides["postfix"] = lambda: other(postfix)
    noise = Noise(lambda: postfix.used if postfix else 0.0)
    return "\n".join([table(title, alternate(sides, rounds, tell), 1), str(noise)])


def _middle(machines: Machines, messages: int, recipients: int) -> float:
    """The median of several, each sent when the one before has arrived."""
    return statistics.median([_span(machines, recipients) for _ in range(messages + 5)][5:])


def _span(machines: Machines, recipients: int) -> float:
    to = [f"bob+{number}@recipient.test" for number in range(recipients)]
    before, began = count(machines.maildir), time.perf_counter()
    with smtplib.SMTP("127.0.0.1", machines.submit, timeout=60) as wire:
        wire.sendmail("alice@sender.test", to, b"Subject: one\r\n\r\n" + b"A line of text.\r\n" * 60)
        while count(machines.maildir) < before + recipients:
            if time.perf_counter() - began > 60:
                raise TimeoutError("the message did not arrive")
            time.sleep(0.0002)
        return 1000 * (time.perf_counter() - began)
