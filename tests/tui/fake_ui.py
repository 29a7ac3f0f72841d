"""A person who is not there: commands are tested with it, without a terminal.

It notes what is said, asked and gone to, and answers questions with what a test has prepared.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from maillab.config import Config, default
from maillab.config_file import LoadedConfig
from maillab.tui.actions.action import Offer
from maillab.tui.actions.keymap import chosen, keymap
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands.leaving import leave
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.machines.host import Host
from maillab.tui.questions import Question
from maillab.tui.reading.model import Model
from maillab.tui.settings import Settings
from maillab.tui.state.shown import Live
from maillab.tui.texts import Texts
from tests.tui.words import words

PATIENCE = 15.0  # seconds that something in a lab may take
EVERYTHING = 10**9  # entries of a logbook

Answer = Any  # a value, or a function of the question


@dataclass
class FakeUi:
    """`answers` are given one after the other; where there is none left, a question is left without one."""

    answers: list[Answer] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    complained: list[str] = field(default_factory=list)
    toasts: list[tuple[str, str]] = field(default_factory=list)
    asked: list[Question[Any]] = field(default_factory=list)
    gone: list[tuple[str, str, object]] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    worn: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    offered: Sequence[Offer] = ()
    closed: int | None = None
    brought: int = 0  # how often it was brought up to date
    selected: str = ""
    place: tuple[str, str] = ("lab", "wire")
    at: WindowContext | None = None
    _tasks: dict[asyncio.Task[Any], str] = field(default_factory=dict)

    def say(self, text: str, *, bad: bool = False, good: bool = False) -> None:
        """Noted; "" only takes away what was said."""
        if text:
            (self.complained if bad else self.said).append(text)

    def hush(self) -> None:
        """Nothing is complained about any more."""
        self.complained.clear()

    def tell(self, text: str, level: str) -> None:
        """Noted."""
        self.toasts.append((level, text))

    async def ask(self, question: Question[Any]) -> Any:
        """What the test has prepared; other errands go on meanwhile."""
        self.asked.append(question)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else None
        return answer(question) if callable(answer) else answer

    async def confirm(self, act: str, text: str) -> bool:
        """The next answer."""
        self.asked.append(text)  # type: ignore[arg-type]
        return bool(self.answers.pop(0)) if self.answers else False

    def expect(self) -> None:
        """Nobody types."""

    def attempt(
        self, work: Coroutine[Any, Any, object], *, group: str = "errands", alone: bool = False, asks: bool = False
    ) -> None:
        """In a task; what goes wrong is said."""
        for task, of in self._tasks.items():
            if alone and of == group:
                task.cancel()
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(self._ended)
        self._tasks[task] = group

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.say(complaint(error), bad=True)

    async def settled(self, *but: str) -> None:
        """Everything that was begun has come to its end, but for these groups."""
        while waiting := [task for task, group in self._tasks.items() if not task.done() and group not in but]:
            await asyncio.wait(waiting)

    def go(self, mode: str, pane: str = "", about: object = None) -> None:
        """Noted."""
        self.gone.append((mode, pane, about))

    def refresh(self) -> None:
        """Nothing is shown."""

    def news(self) -> None:
        """Counted."""
        self.brought += 1

    def copy(self, text: str) -> None:
        """Noted."""
        self.copied.append(text)

    def marked(self) -> str:
        """What the test says."""
        return self.selected

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """There is no terminal to give away."""
        yield

    def where(self) -> tuple[str, str]:
        """Where the test says."""
        return self.place

    def width(self) -> int:
        """That of a small terminal."""
        return 71

    def offers(self) -> Sequence[Offer]:
        """What the test says."""
        return self.offered

    def pressable(self) -> Iterable[Offer]:
        """The same."""
        return self.offered

    def pressable_at(self, places: Sequence[object]) -> Iterable[Offer]:
        """No keys."""
        return ()

    def do(self, name: str) -> None:
        """Noted."""
        self.done.append(name)

    def wear(self, theme: str) -> None:
        """Noted."""
        self.worn.append(theme)

    def explains(self) -> bool | None:
        """There is a wire, and it is explained."""
        return True

    def colours(self) -> str:
        """The last one, at first the dark one."""
        return self.worn[-1] if self.worn else "dark"

    def use_keys(self, own: Mapping[str, str]) -> None:
        """As the window does, but for the screens."""
        keys = keymap(own)
        assert self.at is not None
        self.at.own_keys = chosen(keys)

    def speak(self, texts: Texts) -> bool:
        """There is no screen to make anew."""
        assert self.at is not None
        self.at.texts = texts
        self.spoken.append(texts.lang)
        return True

    def close(self, code: int) -> None:
        """Noted."""
        self.closed = code


BY_POP3 = msgspec.structs.replace(default(), fetch="pop3")  # mail is brought home


def context(folder: Path, *answers: Answer, config: Config | None = None, **given: Any) -> WindowContext:
    """A window without a window, on a lab in this folder that has not begun."""
    found = LoadedConfig(config or default(), "")
    values: dict[str, Any] = {"lab": folder / "lab", "find_config": lambda: found, "auto_ports": True}
    settings = Settings(**(values | given))
    ui, live = FakeUi(list(answers)), Live(Model())
    at = WindowContext(
        settings, words(settings.lang), Host(lambda: None), ui, live, live, settings.auto_ports, settings.auto_http
    )
    ui.at = at
    return at


def ui_of(at: WindowContext) -> FakeUi:
    """Its person, as what it is."""
    assert isinstance(at.ui, FakeUi)
    return at.ui


def heard(at: WindowContext) -> Model:
    """The model of the living lab, with all that has happened."""
    news, _ = at.host.pull(EVERYTHING)
    at.live.model.take(news)
    return at.live.model


async def until(at: WindowContext, condition: Callable[[], object]) -> None:
    """Wait until it is true of what has happened in the lab."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            heard(at)
            await asyncio.sleep(0.005)


async def happened(at: WindowContext, kind: type, **fields: object) -> Any:
    """Wait for an event of this kind with these fields, and give it."""

    def found() -> list[Any]:
        events = (entry.event for entry in at.live.model.entries)
        return [
            event
            for event in events
            if isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())
        ]

    await until(at, found)
    return found()[0]


def living(at: WindowContext, story: Callable[[WindowContext], Coroutine[Any, Any, object]]) -> WindowContext:
    """Play a story on a lab that runs; it is left in order when the story ends."""

    async def play() -> None:
        await lab_commands.live_on(at)
        try:
            await story(at)
        finally:
            await leave(at, 0)
            await ui_of(at).settled("draft", "looking")

    asyncio.run(play())
    return at
