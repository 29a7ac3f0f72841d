"""Lines that come in while the window is looked at, on a terminal that takes everything and on one that takes little."""

import json
import random
import re
import smtplib
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from maillab.events import Entry
from maillab.recording.session import read
from tests.bench.measure import Tell
from tests.bench.watched import CALM, SIZE, Watched
from tests.bench.window_table import GOALS, row, share
from tests.bench.windows import Order

SLOW = 20_000  # octets a second
LETTER = "Ж".encode()  # stands nowhere on the screen before it is typed
ROW = re.compile(r"\d (?:\x1b\[[\d;]*m)*(?:▶|◀|═|·) (?:\x1b\[[\d;]*m)*[ !✗]".encode())  # only the transcript draws it
SUBJECT = ("tab",) * 5  # from the wire into that field
WIRE = ("escape", "shift+f6")  # and back


@dataclass
class Meal:
    """A fed window: what it said when it began, what was seen of it meanwhile."""

    terminal: Watched
    folder: Path
    begun: dict[str, Any]
    keys: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # milliseconds to paint
    messages: list[float] = field(default_factory=list)  # milliseconds until the MX had one

    @property
    def ended(self) -> bool:
        """Was all fed?"""
        return (self.folder / "report").exists()

    def over(self) -> dict[str, Any]:
        """Wait for its report."""
        self.terminal.until(lambda: self.ended, "the report", 120)
        report: dict[str, Any] = json.loads((self.folder / "report").read_text())
        return report


@contextmanager
def fed(order: Order, slowly: int = 0, folder: Path | None = None) -> Iterator[Meal]:
    """A window of ours that is about to be fed."""
    with ExitStack() as stack:
        here = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        command = [sys.executable, "-m", "tests.bench.windows", json.dumps(asdict(order))]
        terminal = stack.enter_context(Watched(command=command, size=SIZE, folder=here))
        terminal.until((here / "begun").exists, "the beginning", 60)
        terminal.pace(slowly)
        yield Meal(terminal, here, json.loads((here / "begun").read_text()))
        terminal.pace(0)
        terminal.leave()


def live(
    order: Order, slowly: int = 0, folder: Path | None = None, *, post: bool = False
) -> tuple[Meal, dict[str, Any]]:
    """Feed it, and press keys meanwhile: the first half of the time letters in a field, then `up` in the transcript."""
    with fed(order, slowly, folder) as meal, ExitStack() as stack:
        if post:
            stack.enter_context(posting(meal))
        go(meal, SUBJECT)
        half = time.perf_counter() + order.seconds / 2
        press(meal, "letter", LETTER.decode(), re.compile(re.escape(LETTER)), lambda: time.perf_counter() > half)
        if not slowly:
            go(meal, WIRE)
            press(meal, "up", "up", ROW, lambda: meal.ended)
        report = meal.over()
    return meal, report


def go(meal: Meal, keys: Sequence[str]) -> None:
    """To another place, without a measure."""
    for key in keys:
        meal.terminal.strike(key)
        meal.terminal.pass_time(CALM)


def press(meal: Meal, what: str, key: str, mark: "re.Pattern[bytes]", over: Callable[[], bool]) -> None:
    """A key again and again, at no steady beat; when it is seen."""
    dice = random.Random(7)
    while not over() and not meal.ended:
        place = len(meal.terminal.written)
        shown = meal.terminal.shows(mark, meal.terminal.strike(key), place)
        if shown is not None:
            meal.keys[what].append(1000 * shown)
        meal.terminal.pass_time(dice.uniform(0.05, 0.15))


@contextmanager
def posting(meal: Meal) -> Iterator[None]:
    """Hand messages to the recipient's MX meanwhile, one after the other."""
    over = threading.Event()

    def post() -> None:
        with smtplib.SMTP("127.0.0.1", meal.begun["port"], timeout=30) as wire:
            while not over.wait(0.05):
                began = time.perf_counter()
                wire.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: hello\r\n\r\nHello.\r\n")
                meal.messages.append(1000 * (time.perf_counter() - began))

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def steady(seconds: float) -> list[str]:
    """2,000 lines a second on a terminal that takes everything."""
    meal, told = live(Order(2_000, seconds))
    return eaten("2,000 lines/s", meal, told)


def grown() -> list[str]:
    """What lines that come in take of the memory."""
    meal, told = live(Order(20_000, 5.0, fresh=True))
    each = (told["memory"] - meal.begun["memory"]) / (told["logged"] / 100_000)
    return [row("resident, for each 100,000 live lines, MiB", f"{each:.1f}")]


def faster(seconds: float, tell: Tell) -> list[str]:
    """Lines of other kinds, and more of them; none is missing from the record (T277)."""
    report = []
    for rate, kind in ((2_000, "plain"), (20_000, ""), (20_000, "plain"), (20_000, "recorded")):
        with tempfile.TemporaryDirectory() as folder:
            record = "record.maillab" if kind == "recorded" else ""
            meal, told = live(Order(rate, seconds, plain=kind == "plain", record=record), folder=Path(folder))
            title = f"{rate:,} lines/s{kind and ', ' + kind}"
            report += eaten(title, meal, told)
            if record:
                lost = f"{missing(Path(folder, record), told['logged'])} of {told['logged']}"
                report.append(row(f"{title[:14]}: missing from the record", lost))
        tell("\n".join(report[-4:]))
    return report


def missing(path: Path, logged: int) -> int:
    """How many of the entries up to this number are not in a record."""
    seen = {item.seq for item in read(path) if isinstance(item, Entry)}
    return len(set(range(1, logged + 1)) - seen)


def eaten(title: str, meal: Meal, report: dict[str, Any]) -> list[str]:
    """The lines about one run."""
    wall = report["wall"]
    process, window, lab = (100 * report[name] / wall for name in ("process", "window", "lab"))
    late = [1000 * one for one in report["late"]]
    keys = "; ".join(f"{name} {share(times, 50):.0f}, {share(times, 95):.0f}" for name, times in meal.keys.items())
    return [
        row(
            f"{title}: CPU, %", f"{process:.0f} (its thread {window:.0f}, the lab's {lab:.0f})", _goal(title, "CPU, %")
        ),
        row(f"{title}: key to paint p50, p95, ms", keys, _goal(title, "key to paint p50, p95, ms")),
        row(
            f"{title}: loop late p99, ms",
            f"{share(late, 99):.1f}, worst {max(late):.0f}",
            _goal(title, "loop late p99, ms"),
        ),
        row("    lines behind at the end", f"{report['behind']} of {report['logged']}"),
    ]


def _goal(title: str, what: str) -> str:
    """That of a run, whatever kind of lines it has."""
    return GOALS.get(f"{title.partition('/s')[0]}/s: {what}", "")


def slow(seconds: float, tell: Tell) -> list[str]:
    """2,000 lines a second, and messages, on a terminal that takes everything and on one that takes little."""
    report, base = [], 0.0
    for title, slowly, throttle in (
        ("fast terminal", 0, True),
        ("20 kB/s terminal", SLOW, True),
        ("20 kB/s, no throttle", SLOW, False),
    ):
        meal, told = live(Order(2_000, seconds, throttle=throttle), slowly, post=True)
        late, message = [1000 * one for one in told["late"]], statistics.median(meal.messages)
        base = base or message
        keys = meal.keys["letter"]
        report += [
            row(f"{title}: loop late p99, ms", f"{share(late, 99):.1f}, worst {max(late):.0f}"),
            row(
                f"{title}: message later by, ms",
                f"{message - base:+.1f} (p50 {message:.1f}, p95 {share(meal.messages, 95):.1f})",
            ),
            row(
                "    key to paint p50, p95, ms; frames skipped",
                f"{share(keys, 50):.0f}, {share(keys, 95):.0f}; {told['skipped']}",
            ),
        ]
        tell("\n".join(report[-3:]))
    return report
