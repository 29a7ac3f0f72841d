"""The screens of the modes: made when they are first gone to, and made anew in another language."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from textual.app import App
from textual.screen import Screen

from maillab.tui.context import WindowContext
from maillab.tui.screens.base import ModeScreen
from maillab.tui.widgets.titlebar import MODES

BLANK = "blank"  # a mode without anything, while the others are made anew


class Modes:
    """`at` gives the context of the screens. `worded` is set while no mode is being made anew."""

    def __init__(self, app: App[int], at: Callable[[], WindowContext]) -> None:
        self._app = app
        self._at = at
        app._disable_tooltips = app._disable_notifications = True  # each screen would have widgets for them, unused
        self.worded = asyncio.Event()
        self.worded.set()
        for mode in MODES:
            app.add_mode(mode, self._maker(mode))

    def _maker(self, mode: str) -> Callable[[], Screen[Any]]:
        """What makes the screen of a mode."""

        def make() -> Screen[Any]:
            screen = screen_class(mode)(self._at())
            # All that is in it is styled when it is mounted; Textual would read every style sheet anew, three times.
            screen._css_update_count = self._app._css_update_count
            return screen

        return make

    def make_anew(self, arrived: Callable[[], None]) -> Coroutine[Any, Any, None]:
        """Every mode, beginning at once. Nobody goes anywhere meanwhile."""
        self.worded.clear()
        return self._make_anew(arrived)

    async def _make_anew(self, arrived: Callable[[], None]) -> None:
        app, here = self._app, self._app.current_mode
        for screen in reversed(app.screen_stack):
            if isinstance(screen, ModeScreen):
                screen.put_away()
                break
        app.add_mode(BLANK, Screen)
        try:
            await app.switch_mode(BLANK)
            for mode in MODES:
                await app.remove_mode(mode)
                app.add_mode(mode, self._maker(mode))
            await app.switch_mode(here)
            arrived()
        finally:
            self.worded.set()
            await app.remove_mode(BLANK)


def screen_class(mode: str) -> type[ModeScreen]:
    """The screen of a mode; its module is imported when it is first gone to."""
    match mode:
        case "lab":
            from maillab.tui.screens.lab import LabScreen

            return LabScreen
        case "mail":
            from maillab.tui.screens.mail import MailScreen

            return MailScreen
        case "wire":
            from maillab.tui.screens.wire import WireScreen

            return WireScreen
        case "sessions":
            from maillab.tui.screens.sessions import SessionsScreen

            return SessionsScreen
    raise LookupError(mode)
