"""The frame of every dialog: a box before the screen, its title in the upper border, its keys in the lower one.

What is pressed in it acts at once and in its order: a key that was typed right behind Enter or Esc is for whatever has
the focus then, and is never lost or taken for text. So the widget with the focus of a dialog is a `DialogField` or has
`KeysAtOnce`, and asks `pressed` first.
"""

from collections.abc import Sequence
from typing import ClassVar, TypeVar, cast

from rich.console import RenderableType
from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.widget import Widget

from maillab.tui.actions.spelled import key_of
from maillab.tui.dialogs.backdrop import Backdrop
from maillab.tui.looks import sink
from maillab.tui.terminal.sizes import is_another
from maillab.tui.texts import Texts
from maillab.tui.widgets.linefield import LineField
from maillab.tui.widgets.titled import Titled

T = TypeVar("T")

FRAME = 6  # columns of border and padding
HIGH = 30  # lines of a window from which on a dialog has air in it: window.tcss
SHARE = 0.96  # of the window that a dialog may take

Hint = tuple[str, str]  # a key as it is shown, and what it does


class Dialog(ModalScreen[T | None]):
    """Gives its result, or `None` when it was left. Escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    left = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """It is styled when it is mounted, and once more when a style sheet changes."""
        event.refresh_styles = False

    def _screen_resized(self, size: Size) -> None:
        if is_another(size, self):
            super()._screen_resized(size)

    def render(self) -> RenderableType:
        """The screen behind it, as Textual would show it."""
        given = super().render()
        if not isinstance(given, BackgroundScreen):
            return given
        return cast("RenderableType", Backdrop(given.screen, given.color))  # Textual draws a `Visual`, too

    def pressed(self, key: str, character: str | None) -> bool:
        """A key was pressed: is it one of the dialog's own, and done? Called before the widget itself looks at it."""
        if key == "escape":
            self.action_leave()
        return key == "escape"

    def get_focusable_widget_at(self, x: int, y: int) -> Widget | None:
        """What a click gives the focus to: words would take it, and the dialog's own keys would be dead."""
        widget = super().get_focusable_widget_at(x, y)
        return widget if isinstance(widget, DialogField | KeysAtOnce) else None

    def on_click(self, event: events.Click) -> None:
        """A key in the border is pressed where it is clicked. A click beside the box is Esc, but for the second of a
        double click: the first opened the dialog.
        """
        event.stop()
        sign = self.get_style_at(event.screen_x, event.screen_y).meta.get("hint", "")
        is_beside = self.get_widget_at(event.screen_x, event.screen_y)[0] is self
        if key := key_of(sign) or ("escape" if is_beside and event.chain == 1 else ""):
            self.app.post_message(events.Key(key, sign if len(sign) == 1 else None))

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave it, once: of keys that come fast, the second finds it still standing."""
        if self.left:
            return AwaitComplete()
        self.left = True
        return super().dismiss(result)

    def action_leave(self) -> None:
        self.dismiss(None)


class DialogBox(Vertical, Titled):
    """What stands before the screen."""


class BoxDialog(Dialog[T]):
    """One in a box, with words in its borders."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.texts = texts
        self._in_borders = 0  # columns of the longer of title and keys
        self._hinted: Sequence[Hint] = ()

    def framed(self, box: DialogBox, title: str, hints: Sequence[Hint]) -> DialogBox:
        """Put title and keys into the borders of the box."""
        below = self._fitting(hints)
        box.entitle(sink.content(title))
        box.write_below(below)
        self._hinted = hints
        self._in_borders = max(sink.content(title).cell_length, below.cell_length)
        return box

    def _fitting(self, hints: Sequence[Hint]) -> Content:
        """As many of them as have room, whole: the first ones, and the last, which leaves the dialog."""
        room = columns(self.app.size.width, self.app.size.width) - FRAME
        kept = list(hints)
        while len(kept) > 1 and sink.hints(kept).cell_length > room:
            del kept[-2]
        return sink.hints(kept)

    def hint(self, hints: Sequence[Hint]) -> None:
        """Other keys in the lower border."""
        if hints == self._hinted:
            return
        self._hinted = hints
        self.query_one(DialogBox).write_below(self._fitting(hints))

    def widen(self, want: int) -> None:
        """As wide as what it holds, as its borders, and not wider than the window."""
        wide = columns(max(want, self._in_borders), self.app.size.width)
        self.query_one(DialogBox).styles.width = wide

    @property
    def closing(self) -> Hint:
        """That Esc leaves the dialog."""
        return "Esc", self.texts("dialog.close")


def columns(want: int, window: int) -> int:
    """How wide a dialog is that wants so many columns of content.

    >>> columns(30, 120), columns(300, 80)
    (36, 76)
    """
    return max(1, min(want + FRAME, int(window * SHARE)))


def taken(widget: Widget, event: events.Key) -> None:
    """Before a widget looks at a key: is it the dialog's own, or for what has the focus now?"""
    dialog = widget.screen
    assert isinstance(dialog, Dialog)
    if dialog.left:  # typed behind the key that left it
        widget.app.post_message(events.Key(event.key, event.character))
    elif not dialog.pressed(event.key, event.character):
        return
    event.stop()
    event.prevent_default()


class KeysAtOnce(Widget):
    """The last base of the widget that has the focus in a dialog: Textual takes styles and focus from the first."""

    async def _on_key(self, event: events.Key) -> None:
        taken(self, event)


class DialogField(LineField):
    """A field. Moving and deleting act at once, too: as Textual does it they come after keys that were typed later."""

    def on_resize(self) -> None:
        """The cursor is seen from the first, at the end of what is longer than the field."""
        self.scroll_to_region(Region(self._cursor_offset, 0, width=1, height=1), force=True, animate=False)

    async def _on_key(self, event: events.Key) -> None:
        taken(self, event)
        bindings = self._bindings.key_to_bindings.get(event.key, ())
        if bindings and not event._no_default_action:
            event.stop()
            event.prevent_default()
            for binding in bindings:
                await self.run_action(binding.action)
