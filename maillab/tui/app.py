"""The window: its modes, and how the lab, the model and the screens are joined.

Rules for this file: it joins and does nothing itself. What can be done is in `commands`, what a lab is asked for in
`lab_actions`, who may be asked in `host`, when the screen is brought up to date in `refresher`, what a mode looks
like in `screens`.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from maillab.protocols.services import SUBMISSION
from maillab.tui import bindings, pasting, sink
from maillab.tui.commands.base import complaint
from maillab.tui.commands.by_hand import ByHandCommands
from maillab.tui.commands.general import screen_of
from maillab.tui.commands.leaving import Leaving
from maillab.tui.commands.machines import MachineCommands
from maillab.tui.commands.mail import MailCommands
from maillab.tui.commands.play import PlayCommands
from maillab.tui.drafts import DraftForm
from maillab.tui.host import Host
from maillab.tui.model import Model
from maillab.tui.refresher import Refresher
from maillab.tui.settings import Settings
from maillab.tui.texts import Texts
from maillab.tui.theme import DEFAULTS, THEMES, choose
from maillab.tui.typeahead import TypedAhead
from maillab.tui.widgets.titlebar import MODES
from maillab.tui.writer import frames_waiting

PULLED = 8_000  # entries that are taken into the model at once: 40,000 a second where frames are rarest
TURN = 0.0005  # seconds that one thread has while another waits: the lab answers between two widgets, not after a frame
TICK = 1.0  # seconds between two looks at what changes by itself: a record's length, a wait


class Window(MachineCommands, MailCommands, ByHandCommands, PlayCommands, Leaving):
    """maillab in a terminal."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("app", "replay")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings.bindings("replay"), *bindings.bindings("app")]
    CSS_PATH = "window.tcss"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {mode: screen_of(mode) for mode in MODES}
    HORIZONTAL_BREAKPOINTS = [(0, "-nano"), (40, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (10, "-short"), (30, "-tall"), (50, "-xtall")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    TITLE = "maillab"

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.texts = Texts(settings.lang)
        self.live, self.replayed, self.playback, self.opened = Model(), None, None, None
        self.refresher = Refresher(
            self._bring_up_to_date, lambda: frames_waiting(self._driver), self._worked, self._handle_exception
        )
        self.host = Host(self.refresher.wake)
        self.config, self.shelf, self.trouble = None, None, ""
        self.draft, self.service, self.stamp, self.hand = DraftForm(), SUBMISSION.name, None, None
        self.saving, self.typing = asyncio.Lock(), asyncio.Lock()
        self.typeahead = TypedAhead(time.monotonic)
        self.worded = asyncio.Event()
        self.worded.set()
        self.own_keys, self.mail_before = {}, {}
        self.auto_ports = settings.auto_ports
        self._guards: list[LineFilter] = [sink.Guard(), *([sink.AsciiOnly()] if settings.ascii else [])]
        self._paint: list[LineFilter] = [sink.NoColours()] if self.no_color else []
        self._wear(THEMES[choose(settings.theme, settings.term, colours=not self.no_color)])

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our style sheet needs of a theme that does not have it."""
        return DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Everything that is drawn passes the guard, whatever drew it."""
        return [*self._paint, *super().get_line_filters(), *self._guards]

    def _wear(self, theme: Theme) -> None:
        """The theme of the first picture, before anything is drawn: a change of theme draws everything anew."""
        for available in THEMES.values():
            self.register_theme(available)
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    # ── opening ──

    async def on_mount(self) -> None:
        """Paint first; the lab starts when the first picture stands."""
        self.animation_level = "none"
        self.set_class(self.settings.ascii, "-ascii")
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))  # after ^Z the terminal is empty
        await self.switch_mode("lab")
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self.refresher.start()
        self.listen_to_signals()
        _calm_collector()
        self.attempt(self._open())
        self.set_interval(TICK, self._tick)

    async def _open(self) -> None:
        """The living lab; or a session, or a story, and then no socket is opened before it is left."""
        settings = self.settings
        try:
            if settings.replay is not None:
                await self.open_session(settings.replay)
            elif settings.story:
                await self.tell_story(settings.story)
        except Exception as error:  # noqa: BLE001 - whatever it is, the living lab is left to look at
            self.say(complaint(error), bad=True)
        if self.playback is None and not self.host.begun and not self.host.starting:
            await self.live_on()

    async def live_on(self) -> None:
        """Start the lab, and offer a message to send."""
        await self.start_lab()
        await self.offer_draft()

    # ── bringing up to date ──

    def _bring_up_to_date(self) -> bool:
        """Take in what is new, and show it; is there more?"""
        news, oldest = self.host.pull(PULLED)
        self.live.take(news)
        self.live.forget(oldest)
        more = self.follow_playback(time.monotonic())
        self.news()
        if (wait := self.playback.wait if self.playback is not None else None) is not None:
            asyncio.get_running_loop().call_later(wait, self.refresher.wake)
        return more or self.host.behind

    def _worked(self) -> float:
        """CPU seconds of this thread; 0 while no lab runs, so that nothing waits for one."""
        return time.thread_time() if self.host.begun else 0.0

    def _tick(self) -> None:
        """A second has passed: what shows time is drawn, if there is any."""
        if self.host.failure is not None and not self.trouble:
            self.lab_ended()
        if self.host.record_trouble and self.host.recording:
            self.attempt(self.record_stopped())
        if self.playback is None and (self.host.recording or self.model.queues.waiting):
            self.news()

    def state_words(self) -> tuple[tuple[str, str], ...]:
        """What stands at the right edge of the title."""
        playback = self.playback
        if playback is not None:
            words = self.texts("state.playing" if playback.playing else "state.paused", speed=f"{playback.speed:g}")
            return (("warn", f"{self.texts('state.replay')} {words} "),)
        parts = []
        if self.trouble:
            parts.append(("bad", f"○ {self.texts('state.down')} "))
        elif self.host.alive:
            parts.append(("good", f"● {self.texts('state.live')} "))
        else:
            parts.append(("dim", f"{self.texts('state.starting')} "))
        if self.host.recording:
            parts.append(("bad", f"{self.texts('state.recording')} {self.recorded_for()} "))
        if self.config is not None and self.config.weaknesses:
            parts.insert(0, ("warn", f"{self.texts('state.weak')} "))
        return tuple(parts)

    def step_message(self, step: int) -> None:
        """Look at an older message, or at a newer one."""
        model = self.model
        trips = model.journeys.trips
        if trips:
            here = next((n for n, trip in enumerate(trips) if trip is model.trip), len(trips) - 1)
            place = max(0, min(len(trips) - 1, here + step))
            model.chosen = trips[place] if trips[place] is not model.journeys.newest else None

    # ── when something goes wrong ──

    def _handle_exception(self, error: Exception) -> None:
        """A fault of ours ends the window; what is left behind holds no secret and no octet of a stranger."""
        self.crashed(error)
        super()._handle_exception(RuntimeError(type(error).__name__) if hasattr(error, "__rich__") else error)

    def _fatal_error(self) -> None:
        """Textual would print every variable of every frame, passwords among them (T280)."""
        self.bell()
        self._close_messages_no_wait()


def _calm_collector() -> None:
    """Freeze what was made at start, so that the garbage collector skips it."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 50, 100)


def run(settings: Settings, *, mouse: bool = True) -> int:
    """Open the window; comes back when it has closed, with the exit code."""
    gc.disable()  # until the first picture stands
    sys.setswitchinterval(TURN)
    pasting.install()
    window = Window(settings)
    try:
        code = window.run(mouse=mouse)
    finally:
        gc.unfreeze()
        gc.enable()
        window.last_rites()
    if window.crash_report:
        sys.stderr.write(window.crash_report)
        return 1
    return code or 0
