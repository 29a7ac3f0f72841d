"""A window of ours that is fed lines and says how it fared: `python -m tests.bench.windows ORDER`, on a terminal.

It is the real window on a real lab. What it is fed goes into the lab's logbook, in the lab's thread, as mail does. In
its folder it writes `begun` when it begins and `report` when all was fed; ORDER and both files are JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

from msgspec import structs

from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.events import Carried, Entry, Event, Said, Side
from maillab.lab import Lab
from maillab.mail.content import Content
from maillab.recording.session import load
from maillab.tui.app import Window
from maillab.tui.machines.host import Host
from maillab.tui.settings import Settings
from maillab.tui.terminal.refresher import Refresher
from tests.house import HOUSE, ROOT

STORY = ROOT / "examples" / "sessions" / "seven-steps.maillab"
PACE = 0.005  # seconds between two helpings
BEAT = 0.01  # seconds between two looks at how late the loop is
CALM = 1.0  # seconds between the open doors and the first helping
NOOP = Said("submit-1", Side.CLIENT, b"NOOP\r\n")
DONE = Said("submit-1", Side.SERVER, b"250 2.0.0 Ok\r\n")
NUMBERED = ("talk", "message", "job")


@dataclass(frozen=True)
class Order:
    """What is fed: `rate` lines a second for so many seconds, or `given` lines at once.

    Without `throttle` frames are made however far behind the terminal is. `fresh` lines are made while they are fed,
    so that memory grows by all of them; else they stand ready, and cost nothing then. `plain` lines move no message:
    a program asks a server the same thing again and again.
    """

    rate: int = 0
    seconds: float = 0.0
    given: int = 0
    throttle: bool = True
    fresh: bool = False
    plain: bool = False
    record: str = ""

    @property
    def lines(self) -> int:
        """How many there are in all."""
        return self.given or int(self.rate * self.seconds)


@dataclass(frozen=True)
class Report:
    """How it went; times in seconds. `late`: of the window's loop at each beat. `behind`: lines that were not shown yet."""

    late: Sequence[float]
    wall: float
    process: float
    window: float
    lab: float
    logged: int
    behind: int
    skipped: int
    began: float = 0.0
    taken: float = 0.0


def source(story: Sequence[Event]) -> Iterator[Event]:
    """The story without end; talks, messages and octets are new ones each time."""
    for number in count():
        for event in story:
            yield renewed(event, number)


def renewed(event: Event, number: int) -> Event:
    """The same thing in the story's repetition of this number.

    >>> from maillab.events import Closed
    >>> renewed(Closed("submit-2", "quit"), 3)
    Closed(talk='submit-302', why='quit')
    """
    changes: dict[str, Any] = {
        name: _renumbered(value, number) for name in NUMBERED if (value := getattr(event, name, ""))
    }
    if isinstance(event, Said):
        changes["line"] = bytes(bytearray(event.line))
    if isinstance(event, Carried):
        changes["content"] = Content(bytes(bytearray(event.content.whole())))
    return structs.replace(event, **changes)


@lru_cache(1_000)  # a talk has one name in the lab, too, however many events have it
def _renumbered(name: str, number: int) -> str:
    if not number:
        return name
    kind, dash, place = name.rpartition("-")
    return f"{kind}-{int(place) + 100 * number}" if dash and place.isdigit() else f"{name}.{number}"


def story() -> list[Event]:
    """What happens in the seven steps of a message."""
    return [entry.event for entry in load(STORY).entries]


class Fed(Window):
    """The window that is fed."""

    CSS_PATH = str(HOUSE / "tui" / "window.tcss")

    def __init__(self, settings: Settings, order: Order, events: Iterator[Event]) -> None:
        super().__init__(settings)
        self._order, self._events = order, events
        if not order.throttle:
            self.refresher = Refresher(self._bring_up_to_date, lambda: 0)
            self.context.host = Host(self.refresher.wake)

    async def _open(self) -> None:
        """When the doors are open, the meal begins."""
        await super()._open()
        self.ui.attempt(self._eat_at_once() if self._order.given else self._eat())

    async def _eat(self) -> None:
        await asyncio.sleep(CALM)
        lab = self.context.host.lab
        assert lab is not None
        ports = {point.service: point.port for point in lab.endpoints if point.site != "sender.test"}
        _write("begun", {"port": ports["smtp"], "memory": _memory()})
        late: list[float] = []
        began, process, window = time.perf_counter(), time.process_time(), time.thread_time()
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(_beat(late))
            in_lab = await self.context.host.ask(self._feed)
            beating.cancel()
        logged = lab.logbook.since(0)[-1].seq
        report = Report(
            late,
            time.perf_counter() - began,
            time.process_time() - process,
            time.thread_time() - window,
            in_lab,
            logged,
            logged - (self.context.live.model.entries[-1].seq if self.context.live.model.entries else 0),
            self.refresher.skipped,
        )
        await asyncio.sleep(CALM)
        _write("report", asdict(report) | {"memory": _memory()})

    async def _feed(self, lab: Lab) -> float:
        """In the lab's thread; the seconds of its time that went by."""
        began, used, done = time.perf_counter(), time.thread_time(), 0
        while done < self._order.lines:
            due = min(self._order.lines, int((time.perf_counter() - began) * self._order.rate) + 1)
            for event in islice(self._events, due - done):
                lab.logbook.append(event)
            done = due
            await asyncio.sleep(PACE)
        return time.thread_time() - used

    async def _eat_at_once(self) -> None:
        await asyncio.sleep(CALM)
        first = self.context.live.model.entries[-1].seq + 1 if self.context.live.model.entries else 1
        entries = [Entry(first + n, n / 1000, event) for n, event in enumerate(islice(self._events, self._order.given))]
        _write("begun", {"lines": len(self.context.live.model.entries) + len(entries), "memory": _memory()})
        await asyncio.sleep(CALM)
        began = time.perf_counter()
        self.context.live.model.take(entries)
        taken = time.perf_counter()
        self.ui.news()
        _write("report", asdict(Report((), 0, 0, 0, 0, len(entries), 0, 0, began, taken)))


async def _beat(late: list[float]) -> None:
    """Look at the clock again and again."""
    while True:
        due = time.perf_counter() + BEAT
        await asyncio.sleep(BEAT)
        late.append(time.perf_counter() - due)


def _memory() -> float:
    """MiB of this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_048_576


def _write(name: str, value: dict[str, Any]) -> None:
    part = Path(name + ".part")
    part.write_text(json.dumps(value))
    part.rename(name)


def main(text: str) -> int:
    """Open the window in this folder."""
    order = Order(**json.loads(text))
    settings = Settings(
        None,
        lambda: LoadedConfig(default(), ""),
        "en",
        term="xterm-256color",
        auto_ports=True,
        record=Path(order.record) if order.record else None,
    )
    events: Iterator[Event] = cycle((NOOP, DONE)) if order.plain else source(story())
    if order.rate and not order.fresh:
        events = iter(list(islice(events, order.lines)))
    window = Fed(settings, order, events)
    try:
        return window.run() or 0
    finally:
        window.ending.last_rites()
        sys.stderr.write(window.ending.crash_report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
