"""What the window costs, on a real pty: beside the smallest window of Textual, and beside others that are found.

MAILLAB_PEERS names folders (as PATH does) in which toolong, posting, harlequin and mitmproxy are looked for.
"""

import json
import os
import random
import re
import select
import shutil
import signal
import smtplib
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

from maillab.events import Entry
from maillab.recording.session import Header, encode_entry, encode_header, read
from tests.bench.measure import Tell, alternate
from tests.bench.processes import others, resident, used
from tests.bench.windows import Order, source, story
from tests.tui.terminals import KEYS, Terminal

SIZE = (120, 40)
SETTLED = 0.1  # seconds without an octet, after which a burst is over
CALM = 0.3  # the same, before something is measured
FILTERED = 0.12  # the same, where lines are filtered a slice a frame
SLOW = 20_000  # octets a second
MANY, MORE = 100_000, 1_000_000
LETTER = "Ж".encode()  # stands nowhere on the screen before it is typed
ROW = re.compile(r"\d (?:\x1b\[[\d;]*m)*(?:▶|◀|═|·) (?:\x1b\[[\d;]*m)*[ !✗]".encode())  # only the transcript draws it
KEYSTROKES = ("leg:relay", "alice", "code:5xx")
GOALS = {
    "first usable paint, ms": "350; 2.2 x smallest",
    "doors open, ms": "600",
    "resident, empty, all servers, MiB": "60",
    "resident, for each 100,000 lines, MiB": "30",
    "100,000 lines given, visible, ms": "60",
    "1,000,000 lines given, visible, ms": "400",
    "2,000 lines/s: CPU, %": "22",
    "2,000 lines/s: key to paint p50, p95, ms": "15, 60",
    "2,000 lines/s: loop late p99, ms": "15",
    "20,000 lines/s: CPU, %": "35",
    "20,000 lines/s: missing from the record": "0",
    "20 kB/s terminal: loop late p99, ms": "20",
    "20 kB/s terminal: message later by, ms": "+-2",
    "filter key on 100,000 lines, ms": "40",
    "focus change, settled, ms": "60",
    "mode switch, settled, ms": "110",
    "palette, settled, ms": "80",
    "resize, settled, ms": "120",
    "idle: CPU, %": "0.2",
    "idle: octets/s": "0",
}
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[^\[\]()])")

Facts = dict[tuple[str, str], list[float]]  # what, of whom: numbers


@dataclass(frozen=True)
class Move:
    """Keys whose painting is timed, one after the other; a size, as 100x30, is one. `before` and `after` are not timed."""

    what: str
    keys: tuple[str, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Subject:
    """A program whose window is measured: it can be used when all of the words are there; `doors` appears later."""

    name: str
    command: tuple[str, ...]
    words: tuple[str, ...]
    moves: tuple[Move, ...] = ()
    doors: str = ""
    variables: tuple[tuple[str, str], ...] = ()


LETTERS = Move("letter, settled, ms", ("x", "y", "x", "y"))
FOCUS = Move("focus change, settled, ms", ("f6", "f6", "f6"))
MODES = Move("mode switch, settled, ms", ("3", "1", "2", "1", "3", "1"), before="escape")
PALETTE = Move("palette, settled, ms", ("ctrl+p",), after="escape")
RESIZE = Move("resize, settled, ms", ("100x30", "120x40", "110x36", "120x40"))
WINDOW = Subject(
    "maillab",
    (sys.executable, "-m", "maillab", "--ephemeral"),
    ("New message", "Subject", "Wire", "F1"),
    (replace(LETTERS, before="f6"), FOCUS, MODES, PALETTE, PALETTE, RESIZE),  # from the bars into the first field
    doors="● LIVE",
)
SMALLEST = Subject(
    "smallest",
    (sys.executable, "-m", "tests.bench.smallest"),
    ("smallest", "Write here", "palette"),
    (LETTERS, PALETTE, PALETTE, RESIZE),
)
_TAB = Move(FOCUS.what, ("tab", "tab", "tab"))
PEERS = {  # executable: as whom, with what, what is seen, what can be done
    "tl": ("toolong", ("some.log",), ("line 4999", "TAIL"), (RESIZE,)),
    "posting": ("posting", (), ("Collection", "Response", "Commands"), (_TAB, PALETTE, PALETTE, RESIZE)),
    "harlequin": ("harlequin", (), ("Query Editor", "Query Results", "Commands"), (PALETTE, PALETTE, RESIZE)),
    "mitmproxy": ("mitmproxy", ("--no-server",), ("Flows", "Quit"), (RESIZE,)),
}


class Watched(Terminal):
    """A terminal that draws nothing, so that nothing holds the clock up; `heard` is when the last octets came."""

    began = heard = 0.0

    def __enter__(self) -> Self:
        self.began = time.perf_counter()
        return super().__enter__()

    def read(self, seconds: float = 0.05) -> bool:
        """Take what comes within so many seconds; was there anything?"""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            octets = os.read(self._master, max(1, self._slowly // 20) if self._slowly else 65_536)
        except OSError:  # the other end has closed
            return False
        self.heard = time.perf_counter()
        self.written += octets
        if self._slowly:
            time.sleep(len(octets) / self._slowly)
        return True

    @property
    def text(self) -> str:
        """The last that it wrote."""
        return plain(bytes(self.written[-4000:])).decode("utf-8", "replace")

    def pace(self, slowly: int) -> None:
        """From now on, read so many octets a second; 0 for as fast as they come."""
        self._slowly = slowly

    def appear(self, *words: str, patience: float = 60.0) -> float:
        """The moment at which the last of these came."""
        missing, place, deadline = {word.encode() for word in words}, 0, time.monotonic() + patience
        while True:
            text = plain(bytes(self.written[place:]))
            missing = {word for word in missing if word not in text}
            if not missing:
                return self.heard
            place = max(0, len(self.written) - 400)
            while not self.read():
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{missing} did not come; at the end: {text[-400:]!r}")

    def strike(self, key: str) -> float:
        """Press a key, or take another size, and come back at once; the moment."""
        now = time.perf_counter()
        if size := re.fullmatch(r"(\d+)x(\d+)", key):
            self.resize(int(size[1]), int(size[2]))
        elif key:
            os.write(self._master, KEYS.get(key, key.encode()))
        return now

    def rest(self, quiet: float = CALM, most: float = 1.5) -> None:
        """Read until nothing has come for so long; a window that never rests is given up on."""
        deadline = time.monotonic() + most
        while self.read(quiet) and time.monotonic() < deadline:
            pass

    def pass_time(self, seconds: float) -> None:
        """Read for so long."""
        deadline = time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)

    def painted(self, since: float, quiet: float = SETTLED, patience: float = 2.0) -> tuple[float, float] | None:
        """Seconds from that moment to the first octets and to the last of the burst; None where none came."""
        if not self.read(patience):
            return None
        first, deadline = self.heard, time.monotonic() + 5 * patience
        while self.read(quiet) and time.monotonic() < deadline:
            pass
        return first - since, self.heard - since

    def shows(self, mark: "re.Pattern[bytes]", since: float, place: int, patience: float = 5.0) -> float | None:
        """Seconds from that moment until this is drawn behind that place; None where it never is."""
        while not mark.search(self.written, place):
            if time.perf_counter() - since > patience:
                return None
            self.read(0.02)
        return self.heard - since

    def leave(self, keys: Sequence[str] = ()) -> None:
        """End it as a person would, so that it leaves nothing behind; whoever does not go is killed later."""
        for key in keys:
            self.strike(key)
        self.signal(signal.SIGTERM)
        try:
            self.wait(15)
        except AssertionError:
            pass  # it is killed when the terminal closes


def plain(octets: bytes) -> bytes:
    """Without what only moves and colours.

    >>> plain(b"\\x1b[1;2H\\x1b[38;5;1mred\\x1b[0m")
    b'red'
    """
    return _ESCAPE.sub(b"", octets)


# ── numbers ──


def share(values: Sequence[float], percent: float) -> float:
    """The value that so many percent of them do not exceed; nan for none.

    >>> share([1.0, 2.0, 3.0, 4.0], 50), share([5.0], 99)
    (2.0, 5.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)] if ordered else float("nan")


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, and the range where there are several.

    >>> spread([3.0, 1.0, 2.0]), spread([1.25], 1), spread([])
    ('2 (1 to 3)', '1.2', 'none')
    """
    if not values:
        return "none"
    middle = f"{statistics.median(values):.{digits}f}"
    return f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})" if len(values) > 1 else middle


def row(what: str, value: str, goal: str | None = None) -> str:
    """A line of the table: what, how much, and what it should be at most."""
    goal = GOALS.get(what, "") if goal is None else goal
    return f"  {what:<46} {value:<44} {goal and '  goal ' + goal}".rstrip()


def rows(what: str, facts: Facts, digits: int = 0) -> list[str]:
    """Ours, with the ratio to the smallest window; below, everybody else's."""
    ours, others = facts[what, WINDOW.name], [name for fact, name in facts if fact == what and name != WINDOW.name]
    ratio = ""
    if base := facts.get((what, SMALLEST.name)):
        ratio = f", {statistics.median(ours) / statistics.median(base):.1f} x smallest"
    return [
        row(what, spread(ours, digits) + ratio),
        *(row(f"    {name}", spread(facts[what, name], digits)) for name in others),
    ]


# ── the row ──


def window(rounds: int, seconds: float, idle: float, tell: Tell) -> str:
    """All of it; the text of the table."""
    with compiled(), tempfile.TemporaryDirectory() as folder:
        sides = [WINDOW, SMALLEST, *peers(os.environ.get("MAILLAB_PEERS", ""), tell)]
        began, busy = time.perf_counter(), others()
        report = [
            f"window: on a pty of {SIZE[0]}x{SIZE[1]}; median (range)",
            *opened(sides, rounds, tell),
            *at_rest(sides, idle, tell),
            *many(Path(folder), tell),
            *fast(Path(folder), seconds, tell),
            *slow(seconds, tell),
        ]
        taken = 100 * (others() - busy) / (time.perf_counter() - began)
        report.append(row("processors, and what others took of one, %", f"{os.cpu_count()}, {taken:.0f}"))
    return "\n".join(report)


def peers(folders: str, tell: Tell) -> list[Subject]:
    """Windows of others that are there; those that are missing are named."""
    found = []
    for program, (name, arguments, words, moves) in PEERS.items():
        if (path := shutil.which(program, path=folders)) is None:
            tell(f"without {name}: no {program} in MAILLAB_PEERS={folders}")
        else:
            found.append(Subject(name, (path, *arguments), words, moves, variables=(("PYTHONPATH", ""),)))
    return found


@contextmanager
def compiled() -> Iterator[None]:
    """Everything that is started meanwhile finds its modules compiled, once somebody has started it before."""
    names = ("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE")
    before = {name: value for name in names if (value := os.environ.pop(name, None)) is not None}
    with tempfile.TemporaryDirectory() as folder:
        os.environ[names[0]] = folder
        try:
            yield
        finally:
            del os.environ[names[0]]
            os.environ.update(before)


@contextmanager
def on_terminal(subject: Subject) -> Iterator[Watched]:
    """The program on a terminal, in a folder that is its home, too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "some.log").write_text("".join(f"line {number} of a log\n" for number in range(5000)))
        variables: dict[str, Any] = {"HOME": folder} | dict(subject.variables)
        terminal = Watched(command=list(subject.command), size=SIZE, folder=Path(folder), **variables)
        with terminal:
            yield terminal
            terminal.leave(("escape", "ctrl+q"))


# ── opening, moving about ──


def opened(sides: Sequence[Subject], rounds: int, tell: Tell) -> list[str]:
    """First paint, doors, memory, and how long things take to settle."""
    facts: Facts = defaultdict(list)
    paint = "first usable paint, ms"
    for one in sides:
        visit(one, defaultdict(list), moves=False)  # from now on everything is compiled
    for name, times in alternate({one.name: lambda one=one: visit(one, facts) for one in sides}, rounds, tell).items():
        facts[paint, name] = times
    moves = (FOCUS, MODES, PALETTE, RESIZE, LETTERS)
    return [
        *rows(paint, facts),
        *rows("doors open, ms", facts),
        *rows("resident, empty, all servers, MiB", facts),
        *(line for move in moves for line in rows(move.what, facts)),
    ]


def visit(subject: Subject, facts: Facts, *, moves: bool = True) -> float:
    """Open it, do what can be done, leave; the milliseconds until it could be used."""
    with on_terminal(subject) as terminal:
        paint = terminal.appear(*subject.words) - terminal.began
        if subject.doors:
            facts["doors open, ms", subject.name].append(1000 * (terminal.appear(subject.doors) - terminal.began))
        terminal.rest(1.0)
        facts["resident, empty, all servers, MiB", subject.name].append(resident(terminal.pid))
        for move in subject.moves if moves else ():
            facts[move.what, subject.name] += moved(terminal, move)
    return 1000 * paint


def moved(terminal: Watched, move: Move) -> list[float]:
    """Milliseconds until each key of a move has settled."""
    times = []
    for key in move.keys:
        if move.before:
            terminal.strike(move.before)
        terminal.rest()
        if (painted := terminal.painted(terminal.strike(key))) is not None:
            times.append(1000 * painted[1])
        if move.after:
            terminal.rest()
            terminal.strike(move.after)
    terminal.rest()
    return times


def at_rest(sides: Sequence[Subject], seconds: float, tell: Tell) -> list[str]:
    """What they do while nobody does anything."""
    facts: Facts = defaultdict(list)
    for subject in sides:
        with on_terminal(subject) as terminal:
            terminal.appear(*subject.words, *([subject.doors] if subject.doors else []))
            terminal.rest(1.0)
            before, octets = used(terminal.pid), len(terminal.written)
            terminal.pass_time(seconds)
            facts["idle: CPU, %", subject.name].append(100 * (used(terminal.pid) - before) / seconds)
            facts["idle: octets/s", subject.name].append((len(terminal.written) - octets) / seconds)
        tell(f"  idle {subject.name}: {facts['idle: CPU, %', subject.name][-1]:.2f} %")
    return [*rows("idle: CPU, %", facts, 2), *rows("idle: octets/s", facts)]


# ── many lines ──


def many(folder: Path, tell: Tell) -> list[str]:
    """Lines that are given to the window at once; sessions that are opened; a filter over them."""
    report: list[str] = []
    filtering: list[str] = []
    for count in (MANY, MORE):
        times = [given(count) for _ in range(3)]
        shown, taken = [one[0] for one in times], [one[1] for one in times]
        drawn = [all_of_it - model for all_of_it, model in times]
        value = f"{spread(shown)}: model {spread(taken)}, then {spread(drawn)}"
        report.append(row(f"{count:,} lines given, visible, ms", value))
        tell(report[-1])
    sizes: dict[int, float] = {}
    for count in (MANY, MORE):
        path = write(folder / f"{count}.maillab", count)
        with replayed(path) as terminal:
            first = terminal.appear("REPLAY", "line 1 of ") - terminal.began
            terminal.rest()
            terminal.strike("ctrl+end")  # it opens at its first line
            whole = terminal.appear(f"line {count} of {count}", patience=300) - terminal.began
            terminal.rest(1.0)
            sizes[count] = resident(terminal.pid)
            report.append(
                row(f"{count:,} lines, maillab replay, ms", f"window {1000 * first:.0f}, all {1000 * whole:.0f}")
            )
            tell(report[-1])
            if count == MANY:
                filtering = filtered(terminal)
    growth = (sizes[MORE] - sizes[MANY]) / ((MORE - MANY) / 100_000)
    report.append(
        row("resident, for each 100,000 lines, MiB", f"{growth:.1f} (replay; with 100,000: {sizes[MANY]:.0f})")
    )
    return [*report, *filtering]


def given(count: int) -> tuple[float, float]:
    """Milliseconds until they are visible, and those of them that the model took."""
    with fed(Order(given=count)) as meal:
        meal.terminal.appear(f"of {meal.begun['lines']}", patience=60)
        seen = meal.terminal.heard
        report = meal.over()
    return 1000 * (seen - report["began"]), 1000 * (report["taken"] - report["began"])


def write(path: Path, count: int) -> Path:
    """A session of so many lines, each a millisecond after the one before."""
    with path.open("wb") as file:
        file.write(encode_header(Header(f"{count} lines")))
        for number, event in enumerate(islice(source(story()), count), 1):
            file.write(encode_entry(Entry(number, 1.79e9 + number / 1000, event)))
    return path


def replayed(path: Path) -> AbstractContextManager[Watched]:
    """A session in the window."""
    return on_terminal(Subject("replay", (sys.executable, "-m", "maillab", "replay", str(path)), ()))


def filtered(terminal: Watched) -> list[str]:
    """Type filters letter by letter: when the first rows that match are drawn, and when all of them are known."""
    report, shown, everything = [], list[float](), list[float]()
    for text in KEYSTROKES:
        terminal.strike("f")
        terminal.rest(CALM)
        firsts, lasts = [], []
        for letter in text:
            place, struck = len(terminal.written), terminal.strike(letter)
            if (
                first := terminal.shows(ROW, struck, place, patience=1.0)
            ) is not None:  # else the rows stay as they are
                firsts.append(1000 * first)
                terminal.rest(FILTERED, 10.0)
                lasts.append(1000 * (terminal.heard - struck))
            terminal.rest(CALM)
        shown += firsts
        everything += lasts
        worst = (
            f"first rows p50 {share(firsts, 50):.0f}, worst {share(firsts, 100):.0f}; all p50 {share(lasts, 50):.0f}"
        )
        report.append(row(f"    {text}", worst))
        terminal.strike("escape")
        terminal.rest(CALM)
    value = f"first rows p50 {share(shown, 50):.0f}, p95 {share(shown, 95):.0f}; all p50 {share(everything, 50):.0f}"
    return [row("filter key on 100,000 lines, ms", value), *report]


# ── lines that come in ──


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
    """Feed it, and press keys meanwhile: the first half of the time letters in Compose, then `up` in the transcript."""
    with fed(order, slowly, folder) as meal, ExitStack() as stack:
        if post:
            stack.enter_context(posting(meal))
        meal.terminal.strike("f6")
        meal.terminal.pass_time(CALM)
        half = time.perf_counter() + order.seconds / 2
        press(meal, "letter", LETTER.decode(), re.compile(re.escape(LETTER)), lambda: time.perf_counter() > half)
        if not slowly:
            for _ in range(3):
                meal.terminal.strike("f6")
                meal.terminal.pass_time(CALM)
            press(meal, "up", "up", ROW, lambda: meal.ended)
        report = meal.over()
    return meal, report


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


def fast(folder: Path, seconds: float, tell: Tell) -> list[str]:
    """Lines as they come in, on a terminal that takes everything; none is missing from the record (T277)."""
    report = []
    for rate, kind in ((2_000, ""), (2_000, "plain"), (20_000, ""), (20_000, "plain"), (20_000, "recorded")):
        here = folder / f"{rate}{kind}"
        here.mkdir()
        record = "record.maillab" if kind == "recorded" else ""
        meal, told = live(Order(rate, seconds, plain=kind == "plain", record=record), folder=here)
        title = f"{rate:,} lines/s{kind and ', ' + kind}"
        report += eaten(title, meal, told)
        if record:
            report.append(
                row(
                    f"{title[:14]}: missing from the record",
                    f"{missing(here / record, told['logged'])} of {told['logged']}",
                )
            )
        tell("\n".join(report[-4:]))
    meal, told = live(Order(20_000, 5.0, fresh=True))
    grown = (told["memory"] - meal.begun["memory"]) / (told["logged"] / 100_000)
    return [
        *report,
        row(
            "    resident, for each 100,000 live lines, MiB",
            f"{grown:.1f}",
            GOALS["resident, for each 100,000 lines, MiB"],
        ),
    ]


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


def missing(path: Path, logged: int) -> int:
    """How many of the entries up to this number are not in a record."""
    seen = {item.seq for item in read(path) if isinstance(item, Entry)}
    return len(set(range(1, logged + 1)) - seen)


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
