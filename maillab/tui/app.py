"""The window: it composes, mounts and dispatches, and does nothing itself.

What can be done is in `commands`, named in the table of `actions`; what is known is in `state`; how commands reach a
person is in `window_ui`; what a mode looks like is in `screens`. Nothing of all that knows this file.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.events import Event
from textual.filter import ANSIToTruecolor, LineFilter
from textual.worker import Worker, WorkerState

from maillab.tui.actions.bindings import bindings
from maillab.tui.actions.offers import holds
from maillab.tui.actions.table import BY_NAME
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import replay as replay_commands
from maillab.tui.commands.telling import tell_news
from maillab.tui.context import WindowContext
from maillab.tui.ending import WindowEnd
from maillab.tui.looks import sink
from maillab.tui.looks.borderkeys import BELOW
from maillab.tui.looks.theme import DEFAULTS
from maillab.tui.machines.host import Host
from maillab.tui.reading.copying import harmless
from maillab.tui.reading.model import Model
from maillab.tui.settings import Settings
from maillab.tui.state.shown import Live, Replay
from maillab.tui.terminal import collector, pasting
from maillab.tui.terminal.refresher import Refresher, a_slice
from maillab.tui.terminal.writer import frames_waiting, never_wait
from maillab.tui.texts import Texts
from maillab.tui.window_ui import WindowUi

PULLED = 8_000  # entries that are taken into the model at once: 40,000 a second where frames are rarest
LEARNING = 0.02  # seconds in a frame in which the model may look into those that it has taken
TURN = 0.0005  # seconds that one thread has while another waits: the lab answers between two widgets, not after a frame
TICK = 1.0  # seconds between two looks at what changes by itself: a record's length, a wait


class Window(App[int]):
    """maillab in a terminal. `context` is all that commands and screens get."""

    CONTEXTS: ClassVar[tuple[str, ...]] = BELOW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("replay"), *bindings("app")]
    CSS_PATH = "window.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-nano"), (40, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-short"), (30, "-tall"), (50, "-xtall")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    TITLE = "maillab"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.refresher = Refresher(
            self._bring_up_to_date, lambda: frames_waiting(self._driver), self._worked, self._handle_exception
        )
        self.ui = WindowUi(self, self.refresher.wake, self.refresher.stop)
        live, texts = Live(Model()), Texts(settings.lang, self.ui.named_key, ascii=settings.ascii)
        self.context = self.ui.at = WindowContext(
            settings, texts, Host(self.refresher.wake), self.ui, live, live, settings.auto_ports, settings.auto_http
        )
        self.ending = WindowEnd(self.context, lambda: never_wait(self._driver))
        self._guards: list[LineFilter] = [sink.Guard(), *([sink.AsciiOnly()] if settings.ascii else [])]
        self._paint: list[LineFilter] = [sink.NoColours()] if self.no_color else []
        self._wear(self.ui.fitting(settings.theme))

    # ── looks ──

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our style sheet needs of a theme that does not have it."""
        return DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Everything that is drawn passes the guard, whatever drew it."""
        own = self.current_theme.ansi  # the sixteen of the terminal stay what its owner made of them
        theirs = [one for one in super().get_line_filters() if not (own and isinstance(one, ANSIToTruecolor))]
        return [*self._paint, *theirs, *self._guards]

    def copy_to_clipboard(self, text: str) -> None:
        """Whoever copies, what a peer wrote is harmless wherever it is pasted."""
        super().copy_to_clipboard(harmless(text))

    def _wear(self, name: str) -> None:
        """The theme of the first picture, before anything is drawn: a change of theme draws everything anew."""
        self.set_reactive(App.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())

    # ── opening ──

    async def on_mount(self) -> None:
        """Paint first; the lab starts when the first picture stands."""
        self.animation_level = "none"
        self.set_class(self.context.settings.ascii, "-ascii")
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # after ^Z the terminal is empty
        await self.switch_mode("lab")
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self.refresher.start()
        self.ending.listen_to_signals()
        collector.calm()
        self.ui.attempt(self._open())
        self.set_interval(TICK, self._second_passed)

    async def _open(self) -> None:
        """The living lab; or a session, or a story, and then no socket is opened before it is left."""
        at = self.context
        try:
            if at.settings.replay is not None:
                await replay_commands.open_session(at, at.settings.replay)
            elif at.settings.story:
                await replay_commands.tell_story(at, at.settings.story)
        except Exception as error:  # noqa: BLE001 - whatever it is, the living lab is left to look at
            at.complain(error)
        if isinstance(at.shown, Live) and not at.host.begun:
            await lab_commands.live_on(at)

    def _second_passed(self) -> None:
        lab_commands.second_passed(self.context)
        tell_news(self.context, (), time.monotonic())

    # ── dispatching ──

    def action_run(self, name: str) -> None:
        """Do an action of the table, with the nearest subject that it needs."""
        self.ui.perform(BY_NAME[name])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that means nothing now is free for another action."""
        return action != "run" or holds(BY_NAME[str(parameters[0])], self.context)

    async def on_event(self, event: Event) -> None:
        """What is typed while another screen is on its way is for that one."""
        if not self.ui.hears(event):
            await super().on_event(event)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An errand that failed is said, and nothing ends by it."""
        if event.state is WorkerState.ERROR:
            self.context.complain(event.worker.error)

    # ── bringing up to date ──

    def _bring_up_to_date(self) -> bool:
        """Take in what is new, and show it; is there more?"""
        at = self.context
        news, oldest = at.host.pull(PULLED)
        at.live.model.take(news)
        at.live.model.forget(oldest)
        tell_news(at, news, time.monotonic())
        more, wait = False, None
        if isinstance(at.shown, Replay):
            more = at.shown.follow(time.monotonic())
            wait = at.shown.playback.wait
        more |= at.model.learn(a_slice(LEARNING))
        self.ui.news()
        if wait is not None:
            asyncio.get_running_loop().call_later(wait, self.refresher.wake)
        return more or at.host.behind

    def _worked(self) -> float:
        """CPU seconds of this thread; 0 while no lab runs, so that nothing waits for one."""
        return time.thread_time() if self.context.host.begun else 0.0

    # ── when something goes wrong ──

    def _handle_exception(self, error: Exception) -> None:
        """A fault of ours ends the window; what is left behind holds no secret and no octet of a stranger."""
        self.ending.crashed(error)
        super()._handle_exception(RuntimeError(type(error).__name__) if hasattr(error, "__rich__") else error)

    def _fatal_error(self) -> None:
        """Textual would print every variable of every frame, passwords among them (T280)."""
        self.bell()
        self._close_messages_no_wait()


def run(settings: Settings, *, mouse: bool = True) -> int:
    """Open the window; comes back when it has closed, with the exit code."""
    collector.rest()
    sys.setswitchinterval(TURN)
    pasting.install()
    window = Window(settings)
    try:
        code = window.run(mouse=mouse)
    finally:
        collector.enough()
        window.ending.last_rites()
    for path in window.context.records.rescued:
        sys.stdout.write(window.context.texts("say.saved", path=path) + "\n")
    if window.ending.crash_report:
        sys.stderr.write(window.ending.crash_report)
        return 1
    return code or 0
