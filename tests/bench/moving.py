"""Windows that are opened and moved about in: their first paint, and what each key costs until all has settled."""

import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import Tell, alternate
from tests.bench.processes import resident, used
from tests.bench.watched import SIZE, Watched
from tests.bench.window_table import OURS, SMALLEST, Facts, rows

BEFORE = "before"


@dataclass(frozen=True)
class Move:
    """Keys whose painting is timed, one after the other; a size, as 100x30, is one.

    `enter` is pressed before the first of them, `before` and `after` about each one, and `leave` at the end, all untimed.
    """

    what: str
    keys: tuple[str, ...]
    before: str = ""
    after: str = ""
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """A program whose window is measured: it can be used when all of the words are there; `doors` appears later."""

    name: str
    command: tuple[str, ...]
    words: tuple[str, ...]
    moves: tuple[Move, ...] = ()
    doors: str = ""
    variables: tuple[tuple[str, str], ...] = ()


NEXT = Move("next pane (F6)", ("f6", "f6", "f6"), leave=("escape",))
WIRE = Move("Wire, first", ("3",))
LAB = Move("back to Lab", ("1", "1"), before="3")
BACK = Move("back to Wire", ("3", "3"), before="1", leave=("1",))
PALETTE = Move("palette, first", ("ctrl+p",), leave=("escape",))
AGAIN = Move("palette, again", ("ctrl+p", "ctrl+p"), after="escape")
QUERY = Move("letter in the palette", ("s", "e", "n", "d"), enter=("ctrl+p",), leave=("escape",))
RESIZE = Move("resize", ("100x30", "120x40", "110x36", "120x40"))
LETTERS = Move("letter in a field", ("x", "y", "x", "y"))
MOVES = (NEXT, WIRE, LAB, BACK, PALETTE, AGAIN, QUERY, RESIZE, LETTERS)
WINDOW = Subject(
    OURS,
    (sys.executable, "-m", "maillab", "--ephemeral"),
    ("Subject", "Wire", "F1"),
    (NEXT, WIRE, LAB, BACK, PALETTE, AGAIN, QUERY, RESIZE),
    doors="● LIVE",
)
LITTLE = Subject(
    SMALLEST,
    (sys.executable, "-m", "tests.bench.smallest"),
    ("smallest", "Write here", "palette"),
    (PALETTE, AGAIN, QUERY, RESIZE, LETTERS),
)
_TAB = Move(NEXT.what, ("tab", "tab", "tab"))
PEERS = {  # executable: as whom, with what, what is seen, what can be done
    "tl": ("toolong", ("some.log",), ("line 4999", "TAIL"), (RESIZE,)),
    "posting": ("posting", (), ("Collection", "Response", "Commands"), (_TAB, PALETTE, AGAIN, RESIZE)),
    "harlequin": ("harlequin", (), ("Query Editor", "Query Results", "Commands"), (PALETTE, AGAIN, RESIZE)),
    "mitmproxy": ("mitmproxy", ("--no-server",), ("Flows", "Quit"), (RESIZE,)),
}


def peers(folders: str, tell: Tell) -> list[Subject]:
    """Windows of others that are there; those that are missing are named."""
    found = []
    for program, (name, arguments, words, moves) in PEERS.items():
        if (path := shutil.which(program, path=folders)) is None:
            tell(f"without {name}: no {program} in MAILLAB_PEERS={folders}")
        else:
            found.append(Subject(name, (path, *arguments), words, moves, variables=(("PYTHONPATH", ""),)))
    return found


def earlier(folder: str) -> Subject:
    """The window of another maillab, whose sources lie in this folder."""
    start = f"import sys; sys.path.insert(0, {folder!r}); from maillab.__main__ import main; sys.exit(main())"
    return Subject(BEFORE, (sys.executable, "-c", start, "--ephemeral"), WINDOW.words, WINDOW.moves, WINDOW.doors)


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
        variables = {"HOME": folder} | dict(subject.variables)
        terminal = Watched(command=list(subject.command), size=SIZE, folder=Path(folder), **variables)  # type: ignore[arg-type]
        with terminal:
            yield terminal
            terminal.leave(("escape", "ctrl+q"))


def opened(sides: Sequence[Subject], rounds: int, tell: Tell) -> list[str]:
    """First paint, doors, memory, and how long things take to settle."""
    facts: Facts = defaultdict(list)
    for one in sides:
        tell(f"  {one.name}: compiled")
        with on_terminal(one) as terminal:  # from now on everything is compiled
            terminal.appear(*one.words, one.doors)
    alternate({one.name: lambda one=one: visit(one, facts, tell) for one in sides}, rounds, tell)
    keys = [f"{move.what}, {unit}" for move in MOVES for unit in ("ms of CPU", "settled, ms")]
    begin = ["first paint, ms of CPU", "first paint, ms", "doors open, ms", "resident, MiB"]
    return [line for what in [*begin, *keys] for line in rows(what, facts)]


def visit(subject: Subject, facts: Facts, tell: Tell) -> float:
    """Open it, do what can be done, leave; the milliseconds until it could be used."""
    with on_terminal(subject) as terminal:
        paint = 1000 * (terminal.appear(*subject.words) - terminal.began)
        facts["first paint, ms", subject.name].append(paint)
        facts["first paint, ms of CPU", subject.name].append(1000 * used(terminal.pid))
        if subject.doors:
            facts["doors open, ms", subject.name].append(1000 * (terminal.appear(subject.doors) - terminal.began))
        terminal.rest(1.0)
        facts["resident, MiB", subject.name].append(resident(terminal.pid))
        for move in subject.moves:
            tell(f"  {subject.name}: {move.what}")
            for settled, busy in moved(terminal, move):
                facts[f"{move.what}, settled, ms", subject.name].append(settled)
                facts[f"{move.what}, ms of CPU", subject.name].append(busy)
    return paint


def moved(terminal: Watched, move: Move) -> Iterator[tuple[float, float]]:
    """Milliseconds until each key of a move has settled, and those that a processor worked for it."""
    press(terminal, *move.enter)
    for key in move.keys:
        press(terminal, move.before)
        busy = used(terminal.pid)
        painted = terminal.painted(terminal.strike(key))
        if painted is not None:
            yield 1000 * painted[1], 1000 * (used(terminal.pid) - busy)
        press(terminal, move.after)
    press(terminal, *move.leave)


def press(terminal: Watched, *keys: str) -> None:
    """Keys that are not timed, each with its rest."""
    for key in keys or ("",):
        terminal.strike(key)
        terminal.rest()


def at_rest(sides: Sequence[Subject], seconds: float, tell: Tell) -> list[str]:
    """What they do while nobody does anything."""
    facts: Facts = defaultdict(list)
    for subject in sides:
        with on_terminal(subject) as terminal:
            terminal.appear(*subject.words, subject.doors)
            terminal.rest(1.0)
            before, octets = used(terminal.pid), len(terminal.written)
            terminal.pass_time(seconds)
            facts["idle: CPU, %", subject.name].append(100 * (used(terminal.pid) - before) / seconds)
            facts["idle: octets/s", subject.name].append((len(terminal.written) - octets) / seconds)
        tell(f"  idle {subject.name}: {facts['idle: CPU, %', subject.name][-1]:.2f} %")
    return [*rows("idle: CPU, %", facts, 2), *rows("idle: octets/s", facts)]
