"""Showing a saved session: its items one after another with their pauses, and the keys of whoever watches.

No socket is opened here, and nothing is written.
"""

import argparse
import itertools
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from maillab.cli import printed
from maillab.cli.options import language
from maillab.cli.printer import Printer
from maillab.events import Entry
from maillab.recording.library import SessionFile
from maillab.recording.pacing import Item, paced
from maillab.recording.session import Comment, Mark, Told
from maillab.system import HERE
from maillab.views.filter import Context, Filter
from maillab.views.shown import Shows

RECENT = 2_000  # entries before the first one shown that are looked at, to explain it
SHORTEST = 0.004  # seconds; shorter pauses are saved up
LONGEST = 0.2  # seconds asleep at a time: Ctrl-C that comes just before the call wakes nobody, and is seen after it

QUIT, OTHER = "q", "\x1b"


@dataclass(frozen=True, slots=True)
class SessionPart:
    """The places of a session from `start` up to `stop`, to its end where that is None."""

    start: int = 0
    stop: int | None = None


def parts(seconds: float | None) -> Iterator[float]:
    """A wait of so long, for ever if None, in parts of which none is long.

    >>> [round(part, 1) for part in parts(0.5)]
    [0.2, 0.2, 0.1]
    """
    if seconds is None:
        yield from itertools.repeat(LONGEST)
        return
    while seconds > 0:
        yield min(seconds, LONGEST)
        seconds -= LONGEST


class Hands(Protocol):
    """Who watches."""

    def wait(self, seconds: float | None) -> str:
        """Wait for so long, for ever if None; gives the key that was pressed meanwhile, or ""."""
        ...


class NoHands:
    """Nobody: a pipe, or `--print`."""

    def __init__(self, sleep: Callable[[float], object] = time.sleep) -> None:
        self._sleep = sleep

    def wait(self, seconds: float | None) -> str:
        """Wait."""
        for part in parts(seconds or 0.0):
            self._sleep(part)
        return ""


class Keys:
    """A person at a terminal, whose keys are heard one by one. A context manager: it gives the terminal back."""

    def __init__(self) -> None:
        self._handle = sys.stdin.fileno()
        self._before: list[Any] | None = None
        self._pressed = ""  # and not asked for yet

    def __enter__(self) -> "Keys":
        self._before = HERE.terminal(self._handle)
        HERE.hear_keys(self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        HERE.give_back(self._handle, self._before)

    def wait(self, seconds: float | None) -> str:
        """Wait; a key ends it."""
        if not self._pressed:
            if not any(select.select([self._handle], [], [], part)[0] for part in parts(seconds)):
                return ""
            octets = os.read(self._handle, 64)
            if not octets:
                return QUIT  # the terminal is gone
            if octets.startswith(b"\x1b"):  # an arrow, or an answer of the terminal
                return OTHER
            self._pressed = octets.decode("ascii", "replace")
        key, self._pressed = self._pressed[0], self._pressed[1:]
        return key


class ItemPlayer:
    """Shows items with their pauses, as the keys ask for."""

    def __init__(self, hands: Hands, tell: Callable[[Item], None]) -> None:
        self._hands = hands
        self._tell = tell
        self._held = False  # paused
        self._hurrying = False  # on to the next mark
        self._owed = 0.0  # seconds too short to be waited for one by one

    def run(self, frames: Iterator[tuple[float, Item]]) -> bool:
        """To the end; False when the watcher has seen enough."""
        for pause, item in frames:
            if not self._wait(pause):
                return False
            self._tell(item)
            if isinstance(item, Mark):
                self._hurrying = False
        return True

    def _wait(self, pause: float) -> bool:
        """Until the next item is due; False to quit. A key that means nothing makes it due, unless all is held."""
        self._owed += 0.0 if self._hurrying else pause
        if not self._held and self._owed < SHORTEST:
            return True
        seconds, self._owed = self._owed, 0.0
        while True:
            match self._hands.wait(None if self._held else seconds):
                case "q" | "Q":
                    return False
                case " ":
                    self._held = not self._held
                case ".":
                    self._held = True
                    return True
                case "]":
                    self._held, self._hurrying = False, True
            if not self._held:
                return True


def play(args: argparse.Namespace, file: SessionFile, part: SessionPart, chosen: Filter | None) -> None:
    """Show a part of a session as the options ask for."""
    person = sys.stdin.isatty() and sys.stdout.isatty() and not args.json and HERE.hears_keys
    if person and not args.print:
        with Keys() as keys:
            _rounds(args, file, part, chosen, keys, with_marks=True)
    else:
        _rounds(args, file, part, chosen, NoHands(), with_marks=False)


def _rounds(
    args: argparse.Namespace,
    file: SessionFile,
    part: SessionPart,
    chosen: Filter | None,
    hands: Hands,
    *,
    with_marks: bool,
) -> None:
    while True:
        printer = _printer(args, file)
        lang = language(args)

        def tell(item: Item, printer: Printer = printer, lang: str = lang) -> None:
            match item:
                case Entry():
                    printer.entry(item)
                case Told():
                    printer.told(item.said(lang))
                case Mark(name):
                    if with_marks:
                        printer.told(f"▸ {name}")

        items = _chosen(file, part, chosen, printer, printed.shown(args))
        frames = paced(items, speed=printed.speed(args), idle_limit=args.idle_limit)
        if not ItemPlayer(hands, tell).run(frames) or not args.loop:
            return


def _printer(args: argparse.Namespace, file: SessionFile) -> Printer:
    if args.gloss is None:  # a story is told with its explanations, as `maillab demo` does
        return printed.printer(args, glosses=isinstance(next(file.items(), None), Told))
    return printed.printer(args)


def _chosen(
    file: SessionFile, part: SessionPart, chosen: Filter | None, printer: Printer, says: Shows
) -> Iterator[Item | Comment]:
    """The items of the part that match; the printer hears of what is passed over, to explain what follows."""
    if chosen is None:
        place = max(0, part.start - RECENT)
        known: Context | None = None
    else:
        place = 0  # a filter may ask for what was said long ago
        known = _context(file, chosen, says)
    for item in file.items(place):
        if not isinstance(item, Entry):
            if known is None and place >= part.start:
                yield item
            continue
        if part.stop is not None and place >= part.stop:
            return
        place += 1
        matches = known is None or chosen is None or chosen.matches(item, known)
        if matches and place > part.start:
            yield item
        else:
            printer.entry(item, shown=False)


def _context(file: SessionFile, chosen: Filter, says: Shows) -> Context:
    """What the filter knows before it begins: the marks and, where it asks for jobs, which talks belong to them."""
    jobs = None
    if chosen.looks_ahead:
        first = Context()
        for item in file.items():
            if isinstance(item, Entry):
                first.hear(item)
        jobs = first.jobs.of
    return Context(marks=[mark for _, mark in file.marks], known=jobs, says=says)
