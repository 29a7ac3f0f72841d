"""The frame of every dialog: a box before the screen, left by Esc."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """Gives its result, or `None` when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]
    _left = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave it, once: of keys that come fast, the second finds it still standing."""
        if self._left:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    def action_leave(self) -> None:
        self.dismiss(None)
