"""The window under a pilot: how its tests open one, press keys, click, and read the screen."""

import asyncio
import tempfile
import time
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import RenderableType
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.events import Event as TextualEvent
from textual.events import Key
from textual.filter import LineFilter
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from maillab.config import Config, default
from maillab.config_file import LoadedConfig
from maillab.events import Entry, Event
from maillab.tui.app import Window
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.looks import sink
from maillab.tui.looks.theme import DARK, DEFAULTS
from maillab.tui.settings import Settings
from tests.house import HOUSE
from tests.tui.idle import rest

_parse: Callable[..., list[RuleSet]] = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}

# Textual's own tests start no task eagerly, and `run` does from 3.12 on: what works with one need not with the other.
FACTORIES = ("lazy", "eager") if hasattr(asyncio, "eager_task_factory") else ("lazy",)
PATIENCE = 15.0  # seconds that a condition may take to come true
SIZE = (120, 40)  # of a window, unless a test says otherwise

Story = Callable[["Seat"], Awaitable[None]]


def _parse_once(sheet: Stylesheet, *source: object, **kind: object) -> list[RuleSet]:
    """The rules of a style sheet, read once for all windows and not anew for each of hundreds."""
    key = (*source, *kind.items(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse(sheet, *source, **kind)
    return _parsed[key]


def _draw_nothing(compositor: Compositor, full: bool = False, **how: Any) -> RenderableType | None:
    """A frame for no terminal is not drawn: whoever looks at the screen (`strips`) draws it, and each story ends so.

    A picture is drawn.
    """
    if full:
        return _drawn(compositor, full=True, **how)
    compositor._dirty_regions.clear()
    return None


_drawn = Compositor.render_update


class Alone(App[None]):
    """One widget, in the colours and the style sheet of the window."""

    CSS_PATH = HOUSE / "tui" / "window.tcss"

    def __init__(self, widgets: Iterable[Widget], classes: str) -> None:
        super().__init__()
        self._widgets = list(widgets)
        self._layout = classes
        self.told: list[Any] = []  # messages that reached the top
        self.ran: list[str] = []  # actions of the table that keys have run
        self.register_theme(DARK)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), sink.Guard()]

    def compose(self) -> Iterable[Widget]:
        yield from self._widgets

    def on_mount(self) -> None:
        self.theme = DARK.name
        self.screen.add_class(*self._layout.split())
        self.animation_level = "none"

    def action_run(self, name: str) -> None:
        self.ran.append(name)

    async def _on_message(self, message: Any) -> None:
        if not isinstance(message, TextualEvent):
            self.told.append(message)
        await super()._on_message(message)


class Seat:
    """Somebody who sits before the screen."""

    def __init__(self, app: Any, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other; what they begin is under way when it comes back.

        As the pilot's own, which waits three times as long.
        """
        for one in keys:
            self.app.post_message(key(one))
            await self.pilot.pause()

    async def focus(self, widget: Widget) -> None:
        """Put the focus there."""
        widget.focus()
        await self.until(lambda: widget.has_focus, f"the focus of {widget}")

    async def write(self, text: str) -> None:
        """Press a key for each character, as fast as somebody who types fast."""
        for char in text:
            self.app.post_message(key(char))
        await self.pilot.pause()

    async def click(self, text: str, *, times: int = 1, button: int = 1) -> None:
        """Click on the first place of the screen where this stands, as soon as it does."""
        await self.see(text)
        x, y = self.place(text)
        await self.pilot.click(offset=(x, y), times=times, button=button)
        await self.pilot.pause()

    def place(self, text: str) -> tuple[int, int]:
        """Column and line at which this stands."""
        for y, line in enumerate(self.lines):
            if (at := line.find(text)) >= 0:
                return sink.width([("plain", line[:at])]), y
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    def look(self) -> None:
        """Have all of the screen drawn, if it still stands: what cannot be drawn is found by every story."""
        if self.app.is_running and self.app._screen_stack:
            self.strips  # noqa: B018

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        return [strip.text for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        """The same with its styles."""
        visible_screen_stack.set(self.app._background_screens)  # a dialog draws what stands behind it
        return list(self.app.screen._compositor.render_strips())

    @property
    def hops(self) -> str:
        """The line that shows the message's way."""
        return self.lines[self.app.screen.query_one("#hopstrip").region.y]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(line.rstrip() for line in self.lines)

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for something to come true; after `PATIENCE` seconds it fails with the screen as it is."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what or 'it'} did not come true; the screen:\n{self.text}")
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def see(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""

        def stand() -> bool:
            screen = self.text  # drawn anew each time that it is asked for
            return all(text in screen for text in texts)

        await self.until(stand, f"{texts}")

    async def done(self, *groups: str) -> None:
        """Wait until every errand of these groups has come to its end."""
        await self.until(
            lambda: not any(errand.is_running for errand in self.app.workers if errand.group in groups),
            f"the end of {groups}",
        )

    async def told(self, words: str) -> None:
        """Wait until somebody says these words."""
        await self.until(lambda: any(words in text for text in self.spoken), f"{words!r}")

    @property
    def spoken(self) -> list[str]:
        """What is said at this moment, in the status line."""
        return [word.text for word in self.app.context.said.words]

    async def answer(self, text: str) -> None:
        """Wait for a dialog, type this into it, and press Enter."""
        await self.until(lambda: isinstance(self.app.screen, Dialog), "a dialog")
        await self.write(text)
        await self.press("enter")

    async def decide(self, sign: str) -> None:
        """Wait for a question, press the key of an answer, and wait until it is gone: before and after, the key is
        another one's.
        """
        await self.until(lambda: isinstance(self.app.screen, Dialog), "a question")
        asked = self.app.screen
        await self.press(sign)
        await self.until(lambda: self.app.screen is not asked, "the end of the question")

    async def switch_off(self) -> None:
        """Switch the recipient's machine off, as a person does."""
        await self.focus(self.app.ui.screen.pane("recipient"))
        await self.press("o")
        await self.see("recipient.test ○ stopped")

    async def heard(self, kind: type[Event], **fields: object) -> Entry:
        """Wait until an event of this kind, with these fields, is in the model."""

        def fits(entry: Entry) -> bool:
            return isinstance(entry.event, kind) and all(getattr(entry.event, n) == v for n, v in fields.items())

        await self.until(lambda: any(map(fits, self.app.context.live.model.entries)), f"{kind.__name__} {fields}")
        return next(entry for entry in self.app.context.live.model.entries if fits(entry))

    async def ready(self) -> None:
        """Wait until every door is open and the first message is offered."""
        await self.until(
            lambda: (
                self.app.context.host.alive
                and self.app.context.home.shelf is not None
                and self.app.context.drafting.form.sender
            ),
            "a lab",
        )


def dialog(seat: Seat) -> Dialog[Any] | None:
    """The dialog that stands before everything, if one does."""
    return seat.app.screen if isinstance(seat.app.screen, Dialog) else None


_RENAMED = {
    "solidus": "slash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def key(text: str) -> Key:
    """A key as a terminal reports it: its name, and what it types. A character stands for its key."""
    if len(text) == 1 and not text.isalnum():
        name = "enter" if text == "\n" else unicodedata.name(text).lower().replace(" ", "_").replace("-", "_")
        return Key(_RENAMED.get(name, name), text)
    named = {ours: theirs for theirs, ours in _RENAMED.items()}.get(text, text)
    try:
        return Key(text, text if len(text) == 1 else unicodedata.lookup(named.replace("_", " ").upper()))
    except KeyError:
        return Key(text, None)


@dataclass
class Stage:
    """Opens windows for a test, in its folder, under one of the two task factories."""

    folder: Path
    factory: str
    codes: list[object] = field(default_factory=list)

    def __call__(
        self, scene: Story, /, *, size: tuple[int, int] = SIZE, config: Config | None = None, **given: Any
    ) -> Window:
        """Play a story before a window of its own; the window is left when it ends. Gives it back, closed."""
        window = Window(self.settings(config, **given))

        async def play() -> None:
            async with _seat(window, size) as seat:
                await scene(seat)
                seat.look()

        try:
            with patch.object(Compositor, "render_update", _draw_nothing):
                self.run(play())
        finally:
            window.ending.last_rites()
        return window

    def alone(self, *widgets: Widget, story: Story, size: tuple[int, int] = (80, 24), layout: str = "-tall") -> None:
        """Play a story before widgets without a window; `layout` are the classes of the screen."""
        app = Alone(widgets, layout)

        async def play() -> None:
            async with app.run_test(size=size) as pilot:
                await story(Seat(app, pilot))

        self.run(play())

    def settings(self, config: Config | None = None, **given: Any) -> Settings:
        """Those of a window on a lab in the test's folder, on free ports."""
        found = LoadedConfig(config or default(), "")
        values: dict[str, Any] = {"lab": self.folder / "lab", "find_config": lambda: found, "auto_ports": True}
        return Settings(**(values | given))

    def run(self, work: Any) -> None:
        """Run it to its end in a loop of its own."""
        with asyncio.Runner() as runner:
            self.run_in(runner, work)

    def run_in(self, runner: asyncio.Runner, work: Any, seconds: float = 60.0) -> None:
        """Run it to its end in this loop, which may go on with something else afterwards."""

        async def within() -> None:
            asyncio.get_running_loop().slow_callback_duration = PATIENCE  # a screen may take its time here
            if self.factory == "eager":
                asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            async with asyncio.timeout(seconds):
                await work

        with ExitStack() as stack:
            # A window is the last that its process opens; here it is one of hundreds, and forgotten when it has closed.
            stack.enter_context(patch("maillab.tui.terminal.collector.calm"))
            # Textual's own is the same number, by a call from Python for each of a million look-ups.
            stack.enter_context(patch.object(RuleSet, "__hash__", object.__hash__))
            stack.enter_context(patch.object(Stylesheet, "_parse_rules", _parse_once))
            stack.enter_context(patch("textual.pilot.wait_for_idle", rest))
            runner.run(within())


@asynccontextmanager
async def _seat(window: Window, size: tuple[int, int]) -> AsyncIterator[Seat]:
    """The window, open, and somebody before it; its lab is stopped when they leave."""
    async with window.run_test(size=size) as pilot:
        try:
            yield Seat(window, pilot)
        finally:
            window.refresher.stop()
            if window.is_running and window.context.host.begun:
                await window.context.host.stop()
            if window.context.home.shelf is not None:
                window.context.home.shelf.close()


class OpenWindow:
    """A window that several tests look at, one after the other: to open one takes longer than most of them.

    `opening` is played when it opens, `again` before each story but the first: it puts back what stories change.
    A story that fails takes the window with it, and the next one gets another.
    """

    def __init__(self, folder: Path, factory: str, opening: Story, again: Story, **given: Any) -> None:
        self.folder = folder
        self._factory, self._opening, self._again, self._given = factory, opening, again, given
        self._closing: ExitStack | None = None

    def __call__(self, scene: Story) -> None:
        """Play a story before it, in the folder of its lab, at its usual size."""
        try:
            if self._closing is None:
                self._open()
            else:
                self._play(self._put_back)
            self._play(scene)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave it, if it is open."""
        if (closing := self._closing) is not None:
            self._closing = None
            closing.close()

    def _open(self) -> None:
        self._stage = Stage(Path(tempfile.mkdtemp(dir=self.folder)), self._factory)
        window, seats = Window(self._stage.settings(**self._given)), AsyncExitStack()

        async def sit_down() -> None:
            self._seat = await seats.enter_async_context(_seat(window, SIZE))

        async def stand_up(_seat: Seat) -> None:
            await seats.aclose()

        with ExitStack() as closing:
            self._runner = closing.enter_context(asyncio.Runner())
            closing.callback(window.ending.last_rites)
            self._stage.run_in(self._runner, sit_down())
            closing.callback(self._play, stand_up)
            self._closing = closing.pop_all()
        self._play(self._opening)

    def _play(self, story: Story) -> None:
        async def play() -> None:
            await story(self._seat)
            self._seat.look()

        with chdir(self._stage.folder), patch.object(Compositor, "render_update", _draw_nothing):
            self._stage.run_in(self._runner, play())

    async def _put_back(self, seat: Seat) -> None:
        """At its usual size, without a dialog or a word before it."""
        if tuple(seat.app.size) != SIZE:
            await seat.pilot.resize_terminal(*SIZE)
        while isinstance(seat.app.screen, Dialog):
            await seat.press("escape")
        seat.app.ui.hush()
        await self._again(seat)
