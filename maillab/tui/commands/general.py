"""What holds everywhere: help, the palette, jumping, panes, modes, themes, leaving."""

import importlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from maillab.tui import bindings
from maillab.tui.bindings import Action
from maillab.tui.commands.base import Base
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.texts import Texts
from maillab.tui.theme import THEMES
from maillab.tui.widgets.bar import Bar
from maillab.tui.widgets.titlebar import MODES

if TYPE_CHECKING:
    from maillab.client.by_hand import ByHand

UNLISTED = {"app.palette", "app.step_back", "reading.mark"}  # of the palette; the last stands there as the window's own
OF_REPLAY = {action.method for action in bindings.of("replay")}


class General(Base):
    """A part of the window."""

    own_keys: dict[str, tuple[str, ...]]  # by action, where the person chose others
    hand: "ByHand | None"

    # ── what is possible ──

    def chain(self) -> Iterator[DOMNode]:
        """The places whose actions hold now, the nearest first."""
        if (screen := self.at) is None:
            return
        focused = screen.focused
        yield from (focused.ancestors_with_self if focused is not None else (screen, self))

    def offers(self) -> Iterator[tuple[Action, DOMNode]]:
        """Every action that can be done now, with who does it."""
        seen: set[str] = set()
        for node in self.chain():
            for context in getattr(node, "CONTEXTS", ()):
                for action in bindings.of(context):
                    if action.name not in seen and node.check_action(action.method, ()):
                        seen.add(action.name)
                        yield action, node

    def possible(self) -> Iterator[Action]:
        """Those among them that a key does, where the focus is."""
        focused = self.at.focused if self.at is not None else None
        taken: set[str] = set()
        for action, _ in self.offers():
            keys = [key for key in self.keys_of(action) if not _typed(focused, key)]
            if keys and keys[0] not in taken:
                taken.add(keys[0])
                yield action

    def keys_of(self, action: Action) -> Sequence[str]:
        """The keys of an action, as the person has chosen them; those that can be pressed while typing come first."""
        keys = self.own_keys.get(action.name, action.keys)
        focused = self.at.focused if self.at is not None else None
        return sorted(keys, key=lambda key: _typed(focused, key))

    def do(self, name: str) -> None:
        """Do an action by its name."""
        for action, node in self.offers():
            if action.name == name:
                self.call_later(self.run_action, action.call, node)
                return

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The keys of a session that plays mean nothing while none does."""
        return action not in OF_REPLAY or self.playback is not None

    # ── help ──

    def action_help(self) -> None:
        from maillab.tui.dialogs.help import Help, room
        from maillab.tui.manual import manual, page, topic_of

        if isinstance(self.screen, Dialog):
            return
        screen = self.at
        pane = screen.here if screen is not None else ""
        mode = screen.MODE if screen is not None else "lab"
        self.expect_screen()
        here = manual(self.texts, mode, pane, list(self.offers()), self.keys_of)
        below = list(page(self.texts, mode, pane, room(self.size.width)))
        hint = self.texts("help.hint", topic=topic_of(mode, pane))
        self.attempt(self.ask_for(Help([*here, ()], below, hint)))

    def action_palette(self) -> None:
        if not isinstance(self.screen, Dialog):
            self.expect_screen()
            self.attempt(self._palette())

    async def _palette(self) -> None:
        from maillab.tui.dialogs.picker import Choice

        listed = [action for action, _ in self.offers() if action.name not in UNLISTED]
        offers = {action.name: action for action in sorted(listed, key=lambda action: action.bar or bindings.LAST)}
        choices = [
            Choice(
                name,
                self.texts(f"act.{name}"),
                self.texts(f"tip.{name}"),
                bindings.shown(keys[0]) if (keys := self.keys_of(action)) else "",
            )
            for name, action in offers.items()
        ]
        picked = await self.pick(self.texts("palette.type"), choices)
        if picked is not None:
            self.do(picked)

    # ── going about ──

    def go(self, mode: str, then: Callable[[], object] = lambda: None) -> None:
        """To another mode; `then` is done there. Not while a dialog stands before everything."""
        if isinstance(self.screen, Dialog):
            return
        if not self.worded.is_set():
            self.attempt(self._go_later(mode, then), group="going")
        elif self.current_mode == mode:
            then()
        else:
            self.expect_screen()
            self.attempt(self._arrive(self.switch_mode(mode), then), group="going")

    async def _go_later(self, mode: str, then: Callable[[], object]) -> None:
        await self.worded.wait()
        self.go(mode, then)

    async def _arrive(self, switched: Awaitable[object], then: Callable[[], object] = lambda: None) -> None:
        await switched
        if (screen := self.at) is not None:
            screen.arrived()
            then()
        self.screen_is_here()

    def show_in_wire(self, seq: int) -> None:
        """Go to an entry in the Wire mode."""

        def show() -> None:
            from maillab.tui.screens.wire import WireScreen

            if isinstance(self.at, WireScreen):
                self.at.see_only(None)
                self.at.transcript.show_entry(seq)
                self.at.front("wire")

        self.go("wire", show)

    def action_go(self, mode: str) -> None:
        self.go(mode)

    def action_step_pane(self, by: int) -> None:
        if self.at is not None:
            self.at.step_pane(by)

    def action_jump(self) -> None:
        if not isinstance(self.screen, Dialog):
            self.expect_screen()
            self.attempt(self._jump())

    async def _jump(self) -> None:
        from maillab.tui.dialogs.jump import Jump

        screen = self.at
        if screen is None:
            return
        widgets = [widget for widget in screen.focus_chain if widget.region.area]
        parts = list(screen.parts())
        places = [widget.region.offset for widget in widgets] + [offset for _, _, offset in parts]
        number = await self.ask_for(Jump(places))
        if number is not None and number < len(widgets):
            screen.set_focus(widgets[number])
        elif number is not None:
            bar, says, _ = parts[number - len(widgets)]
            bar.post_message(Bar.Pressed(bar, says))

    def action_step_back(self) -> None:
        """One level back: a zoomed pane, a filter, a field."""
        screen = self.at
        if screen is None:
            return
        if screen.has_class("-zoomed"):
            screen.remove_class("-zoomed")
        elif not screen.back():
            screen.focus_pane(screen.fronted)
            screen.leave_field()

    def action_zoom(self) -> None:
        """The pane with the focus takes all the room, or gives it back."""
        if (screen := self.at) is not None:
            screen.front(screen.here, focus=False)
            screen.toggle_class("-zoomed")

    def action_resize_split(self, by: int) -> None:
        if self.at is not None:
            self.at.resize_split(by)

    def action_copy(self) -> None:
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.say(self.texts("say.copied"))
        else:
            self.say(self.texts("say.how_to_quit"))

    # ── looks ──

    def action_theme(self) -> None:
        self.attempt(self._choose_theme())

    async def _choose_theme(self) -> None:
        from maillab.tui.dialogs.picker import Choice

        choices = [Choice(name, self.texts(f"theme.{name}")) for name in THEMES]
        picked = await self.pick(self.texts("palette.type"), choices)
        if picked is not None:
            self.wear(picked)

    def action_language(self) -> None:
        if not self.worded.is_set() or isinstance(self.screen, Dialog):
            return
        self.worded.clear()
        self.expect_screen()
        self.texts = Texts("vi" if self.texts.lang == "en" else "en")
        if self.playback is not None:
            self.playback.lang = self.texts.lang
        if self.hand is not None:
            self.hand.console.lang = self.texts.lang
        self.attempt(self._in_other_words())

    async def _in_other_words(self) -> None:
        """Every mode is made anew; what was being written is kept. Nobody goes anywhere meanwhile."""
        here, blank = self.current_mode, "blank"
        if self.at is not None:
            self.at.put_away()
        self.add_mode(blank, Screen)
        try:
            await self.switch_mode(blank)
            for name in MODES:
                await self.remove_mode(name)
                self.add_mode(name, screen_of(name))
            await self._arrive(self.switch_mode(here))
        finally:
            self.worded.set()
            await self.remove_mode(blank)


def screen_of(mode: str) -> Callable[[], Screen[Any]]:
    """What makes the screen of a mode; its module is imported when it is first gone to."""

    def make() -> Screen[Any]:
        module = importlib.import_module(f"maillab.tui.screens.{mode}")
        return cast("Screen[Any]", getattr(module, f"{mode.capitalize()}Screen")())

    return make


def _typed(focused: Widget | None, key: str) -> bool:
    """Would this key be typed into the field that has the focus?"""
    if focused is None:
        return False
    character = bindings.shown(key) if len(bindings.shown(key)) == 1 else " " if key == "space" else None
    return bool(focused.check_consume_key(key, character))
