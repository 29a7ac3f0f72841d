"""What commands see of the window (`Ui`), done with Textual: words, questions, going about, the clipboard, the looks.

Rules for this file: it knows the app as any app, the screens as modes, and no command.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event, Key
from textual.screen import ModalScreen
from textual.widget import Widget

from maillab.tui.actions import offers
from maillab.tui.actions.action import Action, ActionPlace, Offer
from maillab.tui.actions.keymap import chosen, keymap, named_key
from maillab.tui.actions.spelled import shown
from maillab.tui.actions.table import BY_NAME, HOMES
from maillab.tui.context import WindowContext
from maillab.tui.looks.theme import choose, named
from maillab.tui.modes import Modes
from maillab.tui.questions import AskByKey, KeyAnswer, Question
from maillab.tui.screens.base import ModeScreen
from maillab.tui.terminal.typeahead import PATIENCE, Behind, TypedAhead
from maillab.tui.texts import Texts
from maillab.tui.widgets.transcript import TranscriptPane

T = TypeVar("T")

LULL = 0.7  # seconds without a key, after which nobody is typing any more


class WindowUi:
    """`wake` brings the screens up to date soon, `at` is what commands get."""

    def __init__(self, app: App[int], wake: Callable[[], None], stop: Callable[[], None]) -> None:
        self._app = app
        self._wake = wake
        self._stop = stop
        self.at: WindowContext  # as soon as there is one: each knows the other
        self.modes = Modes(app, lambda: self.at)
        self.typeahead = TypedAhead(time.monotonic)
        self._typed_at = 0.0  # when a key was pressed last
        self._colours = ""  # the name of the theme that is worn
        self._remarked: set[str] = set()  # what was said of a command, but that it is done
        self._to_begin: dict[str, Coroutine[Any, Any, object]] = {}  # by group: errands that have made no step yet

    # ── saying and asking ──

    def say(self, text: str, *, bad: bool = False, good: bool = False) -> None:
        """In the status line."""
        self._remarked |= set() if good else {text}
        self.tell(text, "bad" if bad else "good" if good else "plain")

    def hush(self) -> None:
        """Nothing is said any more."""
        self.at.said.hush()
        if (screen := self.screen) is not None:
            screen.tell_words()

    def tell(self, text: str, level: str) -> None:
        """In the status line, for as long as it takes to read it; a mode that is being made says it when it is made."""
        self.at.said.say(text, level, time.monotonic())
        if (screen := self.screen) is not None:
            screen.tell_words()

    async def ask(self, question: Question[T]) -> T | None:
        """What its dialog gives; called from a worker. Keys right behind the answer are for its next question."""
        from maillab.tui.dialogs.drawn import drawn  # the dialogs come with the first question

        if isinstance(question, AskByKey) and question.unasked:
            while (wait := self._typed_at + LULL - time.monotonic()) > 0:  # noqa: ASYNC110 - for nothing to happen
                await asyncio.sleep(wait)
        await self.modes.worded.wait()  # last: a dialog before a mode that is made anew would go with it
        answers: asyncio.Queue[T | None] = asyncio.Queue()

        def answered(answer: T | None) -> None:
            self.expect()
            answers.put_nowait(answer)

        self.expect()
        await self._app.push_screen(drawn(question, self.at.texts), answered)
        self.is_here()
        answer = await answers.get()
        if (errand := asyncio.current_task()) is not None:
            errand.add_done_callback(lambda _: self.is_here())
        return answer

    async def confirm(self, act: str, text: str) -> bool:
        """Is it to be done? Each answer says what it does, and the cursor stands on the one that does nothing."""
        texts = self.at.texts
        answers = [KeyAnswer("yes", "y", texts(f"yes.{act}")), KeyAnswer("no", "n", texts(f"no.{act}"))]
        return await self.ask(AskByKey(text, answers, title=texts(f"title.{act}"), chosen=1)) == "yes"

    def attempt(
        self, work: Coroutine[Any, Any, object], *, group: str = "errands", alone: bool = False, asks: bool = False
    ) -> None:
        """In a worker; an error in it comes to the app, which says it, and nothing ends by it.

        What the next of its group calls off before its first step is no fault.
        """
        if alone and (before := self._to_begin.pop(group, None)) is not None:
            before.close()  # nobody will await it: Python would complain
        if alone:
            self._to_begin[group] = work

        async def errand() -> None:
            if self._to_begin.get(group) is work:
                del self._to_begin[group]
            try:
                await work
            finally:
                if asks:
                    self.is_here()

        if asks:
            self.expect()
        self._app.run_worker(cast(Any, errand), group=group, exit_on_error=False, exclusive=alone)

    @property
    def is_asking(self) -> bool:
        """Does a dialog stand before everything?"""
        return isinstance(self._app.screen, ModalScreen)

    # ── what is typed ──

    def hears(self, event: Event) -> bool:
        """Something was typed; is it kept for a screen that is on its way, or for a field?"""
        if isinstance(event, Behind):
            self.is_here()
        if isinstance(event, Key) and not event.is_forwarded:
            self._typed_at = time.monotonic()
        return self.typeahead.keep(event)

    def expect(self) -> None:
        """Another screen was asked for: what is typed from now on is for it."""
        self.typeahead.expect()
        self._app.set_timer(PATIENCE + 0.1, self._give_up)

    def is_here(self) -> None:
        """What was expected has come, and has the focus."""
        self._app.call_later(self._type_on)

    async def _give_up(self) -> None:
        if self.typeahead.in_vain:
            await self._type_on()

    async def _type_on(self) -> None:
        for event in self.typeahead.arrived():
            await self._app.on_event(event)

    # ── going about ──

    @property
    def screen(self) -> ModeScreen | None:
        """The mode that is shown, below whatever dialog stands before it."""
        return next((screen for screen in reversed(self._app.screen_stack) if isinstance(screen, ModeScreen)), None)

    def go(self, mode: str, pane: str = "", about: object = None) -> None:
        """Not while a dialog stands before everything."""
        self._go(mode, lambda screen: screen.visit(pane, about))

    def _go(self, mode: str, then: Callable[[ModeScreen], object]) -> None:
        if self.is_asking:
            return
        if not self.modes.worded.is_set():
            self.attempt(self._go_later(mode, then), group="going")
        elif self._app.current_mode == mode:
            if (screen := self.screen) is not None and screen.is_mounted:
                then(screen)
            elif screen is not None:
                screen.call_later(then, screen)  # when it is made
        else:
            self.expect()
            self.attempt(self._arrive(mode, then), group="going")

    async def _go_later(self, mode: str, then: Callable[[ModeScreen], object]) -> None:
        await self.modes.worded.wait()
        self._go(mode, then)

    async def _arrive(self, mode: str, then: Callable[[ModeScreen], object]) -> None:
        if self.is_asking:  # since a moment: its dialog would stay behind, unseen
            return
        await self._app.switch_mode(mode)
        if (screen := self.screen) is not None:
            screen.arrived()
            then(screen)
        self._mode_is_here()

    def _mode_is_here(self) -> None:
        """Unless a question was asked meanwhile: what is typed is for that one, which tells itself when it is here."""
        if not self.is_asking:
            self.is_here()

    def refresh(self) -> None:
        """Any thread."""
        self._wake()

    def news(self) -> None:
        """Bring the mode that is shown up to date. A window that closes takes the widgets of its modes away first."""
        if self._app.is_running and (screen := self.screen) is not None and screen.is_mounted:
            screen.news()

    def copy(self, text: str) -> None:
        """The app makes it harmless, whoever copies."""
        self._app.copy_to_clipboard(text)

    def marked(self) -> str:
        """With the mouse, on the screen."""
        return self._app.screen.get_selected_text() or ""

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Nothing is drawn: the terminal is somebody else's."""
        with self._app.batch_update(), self._app.suspend():
            yield

    # ── where one is, and what can be done ──

    def where(self) -> tuple[str, str]:
        """The mode and the pane."""
        screen = self.screen
        return (screen.MODE, screen.here) if screen is not None else ("lab", "")

    def width(self) -> int:
        """For a text in a dialog."""
        from maillab.tui.dialogs.help import room

        return room(self._app.size.width)

    def places(self) -> Sequence[DOMNode]:
        """The places whose actions hold now, the nearest first; none on a screen of which a part is still missing."""
        if (screen := self.screen) is None or not screen.is_mounted:
            return ()
        return screen.focused.ancestors_with_self if screen.focused is not None else (screen, self._app)

    def offers(self) -> Sequence[Offer]:
        """Here, then elsewhere."""
        places = self.places()
        field = _field(places)
        found = {action.name: Offer(action, self._keys(action, field)) for action, _ in offers.here(places, self.at)}
        return [*found.values(), *offers.elsewhere(found, self.at.own_keys)]

    def pressable(self) -> Iterator[Offer]:
        """What keys do here, each key once: the nearest place wins."""
        return self.pressable_at(self.places())

    def pressable_at(self, places: Sequence[ActionPlace]) -> Iterator[Offer]:
        """What keys do in these places, the nearest first."""
        field = _field(places)
        taken: set[str] = set()
        for action, _ in offers.here(places, self.at):
            keys = tuple(key for key in self._keys(action, field) if not _is_typed(field, key))
            if keys and keys[0] not in taken:
                taken.add(keys[0])
                yield Offer(action, keys)

    def _keys(self, action: Action, field: Widget | None) -> tuple[str, ...]:
        """As the person has chosen them; those that can be pressed while typing come first."""
        keys = self.at.own_keys.get(action.name, action.keys)
        return tuple(sorted(keys, key=lambda key: _is_typed(field, key))) if field is not None else keys

    def do(self, name: str) -> None:
        """Where one is, if it can be done there; else in its own pane."""
        action = BY_NAME[name]
        if not self._do_here(name) and action.context in HOMES:
            mode, pane = HOMES[action.context]

            def there(screen: ModeScreen) -> None:
                screen.visit(pane, None)
                if not self._do_here(name) and action.does is not None:
                    self.perform(action)

            self._go(mode, there)

    def _do_here(self, name: str) -> bool:
        for action, place in offers.here(self.places(), self.at):
            if action.name == name:
                if action.does is not None:
                    self._app.call_later(self.perform, action)
                else:
                    self._app.call_later(self._app.run_action, action.call, cast("DOMNode", place))
                return True
        return False

    def perform(self, action: Action) -> None:
        """Do what a function does, with the nearest subject; a question comes only where none stands yet."""
        if not (action.asks and self.is_asking):
            if action.asks and action.needs:  # what was said of another command is no part of this question
                self.at.said.take_back(self._remarked)
                self._remarked.clear()
            offers.perform(action, self.places(), self.at)

    # ── looks ──

    def wear(self, theme: str) -> None:
        """At once, also what is seen behind a dialog."""
        self._app.theme = self.fitting(theme)
        for widget in self.screen.query(Widget) if self.screen is not None and self.is_asking else ():
            widget.notify_style_update()

    def explains(self) -> bool | None:
        """As the wire of the screen says."""
        wires = self.screen.query(TranscriptPane) if self.screen is not None else ()
        return next((wire.explains for wire in wires), None)

    def colours(self) -> str:
        """As it was asked for, or as it fits the terminal."""
        return self._colours

    def fitting(self, theme: str) -> str:
        """Textual's name of the theme that comes nearest to the one that is wanted, made known to it."""
        self._colours = choose(theme, self.at.settings.term, colours=not self._app.no_color)
        fits = named(self._colours)
        self._app.register_theme(fits)
        return fits.name

    def use_keys(self, own: Mapping[str, str]) -> None:
        """In every place, and in the key bar."""
        keys = keymap(own)
        self.at.own_keys = chosen(keys)
        self._app.set_keymap(keys)
        if self.screen is not None:
            self.screen.keys_changed()

    def named_key(self, action: str) -> str:
        """The key of an action in a sentence, as it is now."""
        return named_key(action, self.at.own_keys, self.at.texts.lang)

    def speak(self, texts: Texts) -> bool:
        """What was being written is kept."""
        if not self.modes.worded.is_set() or self.is_asking:
            return False
        self.at.texts = texts
        self.expect()
        self.attempt(self.modes.make_anew(self._arrived_anew))
        return True

    def _arrived_anew(self) -> None:
        if (screen := self.screen) is not None:
            screen.arrived()
            screen.call_after_refresh(screen.keys_changed)  # its panes have a size then, and borders
        self._mode_is_here()

    # ── the end ──

    def close(self, code: int) -> None:
        """The app ends with this code."""
        self._stop()
        self._app.exit(code)


def _field(places: Sequence[object]) -> Widget | None:
    """The field where somebody is, and may type; None elsewhere."""
    nearest = places[0] if places else None
    return nearest if isinstance(nearest, Widget) and nearest.check_consume_key("a", "a") else None


def _is_typed(field: Widget | None, key: str) -> bool:
    """Would this key be typed into it?"""
    if field is None:
        return False
    sign = " " if key == "space" else shown(key)
    character = sign if len(sign) == 1 and (sign.isascii() or sign == key) else None  # ↑ is no character
    return bool(field.check_consume_key(key, character))
