"""Many lines: given to the window at once, read out of a session, filtered."""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from maillab.events import Entry
from maillab.recording.session import Header, encode_entry, encode_header
from tests.bench.live_lines import ROW, fed
from tests.bench.measure import Tell
from tests.bench.moving import Subject, on_terminal
from tests.bench.processes import resident
from tests.bench.watched import Watched
from tests.bench.window_table import row, share, spread
from tests.bench.windows import Order, source, story

MANY, MORE = 100_000, 1_000_000
FILTERED = 0.12  # seconds without an octet after which all is found: lines are filtered a slice a frame
STAYING = 0.5  # seconds after which the rows stay as they are
KEYSTROKES = ("leg:relay", "alice", "code:5xx")


def given_at_once(count: int, rounds: int) -> list[str]:
    """Lines that are given to the window at once."""
    times = [given(count) for _ in range(rounds)]
    visible, model = [one[0] for one in times], [one[1] for one in times]
    drawn = [whole - taken for whole, taken in times]
    value = f"{spread(visible)}: model {spread(model)}, then {spread(drawn)}"
    return [row(f"{count:,} lines given, visible, ms", value)]


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


@contextmanager
def replayed(count: int) -> Iterator[tuple[Watched, str]]:
    """The window with a session of so many lines, at its last one; a row of how long that took."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder, "many.maillab"), count)
        with on_terminal(Subject("replay", (sys.executable, "-m", "maillab", "replay", str(path)), ())) as terminal:
            first = terminal.appear("REPLAY", "line 1 of ") - terminal.began
            terminal.rest()
            terminal.strike("ctrl+end")  # it opens at its first line
            whole = terminal.appear(f"line {count} of {count}", patience=60) - terminal.began
            terminal.rest(1.0)
            yield (
                terminal,
                row(f"{count:,} lines, maillab replay, ms", f"window {1000 * first:.0f}, all {1000 * whole:.0f}"),
            )


def sessions() -> list[str]:
    """Sessions that are opened, and what a line of them takes of the memory."""
    report, memory = [], []
    for count in (MANY, MORE):
        with replayed(count) as (terminal, opening):
            report.append(opening)
            memory.append(resident(terminal.pid))
    each = (memory[1] - memory[0]) / ((MORE - MANY) / 100_000)
    value = f"{each:.1f} (replay; with 100,000: {memory[0]:.0f})"
    return [*report, row("resident, for each 100,000 lines, MiB", value)]


def filtering(tell: Tell) -> list[str]:
    """Type filters letter by letter: when the first rows that match are drawn, and when all of them are known."""
    found: dict[str, list[tuple[float, float]]] = {}
    with replayed(MANY) as (terminal, opening):
        for text in KEYSTROKES:
            tell(f"  filter {text}")
            terminal.strike("f")
            terminal.rest()
            found[text] = [times for letter in text if (times := filtered(terminal, letter)) is not None]
            terminal.strike("escape")
            terminal.rest()
    letters = [times for each in found.values() for times in each]
    return [
        opening,
        row("filter on 100,000 lines: first rows, ms", _told(letters)),
        *(row(f"    {text}", _told(each)) for text, each in found.items()),
    ]


def filtered(terminal: Watched, letter: str) -> tuple[float, float] | None:
    """Milliseconds from a letter to the first rows, and to all; None where the rows stay as they are."""
    place, struck = len(terminal.written), terminal.strike(letter)
    first = terminal.shows(ROW, struck, place, STAYING)
    terminal.rest(FILTERED, 10.0)
    last = terminal.heard - struck
    terminal.rest()
    return None if first is None else (1000 * first, 1000 * last)


def _told(times: Sequence[tuple[float, float]]) -> str:
    """Of several letters."""
    firsts, lasts = [first for first, _ in times], [last for _, last in times]
    return f"p50 {share(firsts, 50):.0f}, worst {share(firsts, 100):.0f}; all rows p50 {share(lasts, 50):.0f}"
