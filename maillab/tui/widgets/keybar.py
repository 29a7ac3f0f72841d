"""The last line: the keys that are in force where the focus is, those of the place first, as many as fit."""

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len

from maillab.tui.bindings import LAST, Action, shown
from maillab.tui.texts import Texts
from maillab.tui.widgets.bar import Bar, BarPiece

EVERYWHERE = "app"  # the context of keys that hold in every place: they stand behind those of the place


class KeyBar(Bar):
    """`actions` gives what is possible now, `keys` the keys of an action."""

    def __init__(
        self, texts: Texts, actions: Callable[[], Iterable[Action]], keys: Callable[[Action], Sequence[str]]
    ) -> None:
        super().__init__(id="keybar")
        self._texts = texts
        self._actions = actions
        self._keys = keys

    def left(self, cells: int) -> Sequence[BarPiece]:
        """Those of the place, then those that hold everywhere; one that does not fit whole falls away.

        They stand closer together where that lets all of the place be seen.
        """
        actions = [action for action in self._possible() if action.bar < LAST]
        local = sum(action.context != EVERYWHERE for action in actions)
        wide = self._fitting(actions, cells, "  ")
        return wide if len(wide) >= 2 * local else self._fitting(actions, cells, " ")

    def _fitting(self, actions: Sequence[Action], cells: int, gap: str) -> list[BarPiece]:
        parts: list[BarPiece] = []
        used = 0
        for action in actions:
            pieces = self._part(action, gap)
            size = sum(cell_len(piece.text) for piece in pieces)
            if used + size <= cells:
                parts += pieces
                used += size
        return parts

    def right(self, cells: int) -> Sequence[BarPiece]:
        """The palette, which knows all of them."""
        return [part for action in self._possible() if action.bar >= LAST for part in self._part(action, "  ")]

    def _possible(self) -> list[Action]:
        actions = {action.name: action for action in self._actions() if action.bar and self._keys(action)}
        return sorted(actions.values(), key=lambda action: (action.context == EVERYWHERE, action.bar))

    def _part(self, action: Action, gap: str) -> list[BarPiece]:
        key = shown(self._keys(action)[0])
        return [
            BarPiece("key", f" {key} ", action.name),
            BarPiece("plain", f"{self._texts(f'act.{action.name}')}{gap[1:]}", action.name),
        ]
