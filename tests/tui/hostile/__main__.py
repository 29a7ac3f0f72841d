"""Feeds hostile strings to one widget after the other on a real terminal: `python -m tests.tui.hostile NAMES SEED COUNT LAYER`.

NAMES are those of `SPECIMENS` with commas between them, LAYER is one of `LAYERS`; COUNT also as `batches` says.
"""

import asyncio
import sys
from collections.abc import Sequence
from inspect import isawaitable
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from maillab.views import safe as safety
from tests.tui.hostile.specimens import Show, Specimen, batches
from tests.tui.windows import Alone


class Feeder(Alone):
    """Shows one batch of strings after the other in one specimen after the other, and ends."""

    CSS = """
    .one { height: 1; } .three { height: 3; } .eight { height: 8; } .half { height: 20; } .boxed { height: 3; }
    .boxed { border: round red; } #filterbar, #panetabs { display: block; } Toast { width: 100; max-width: 100; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "end", priority=True)]

    def __init__(self, batches: Sequence[tuple[Specimen, list[str]]], layer: str, *, stays: bool = False) -> None:
        super().__init__([], "-short")
        self._batches, self._layer, self._stays = batches, layer, stays

    def get_line_filters(self) -> list[LineFilter]:
        return list(App.get_line_filters(self)) if self._layer == "safe" else super().get_line_filters()

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._feed())

    async def _feed(self) -> None:
        for one, given in self._batches:
            await self._put(one.show(given))
        if not self._stays:
            self.exit()

    async def _put(self, show: Show) -> None:
        """Show it, and wait until it has been drawn."""
        if show.screen is not None:
            await self.push_screen(show.screen)
        else:
            await self.screen.remove_children()
            await self.screen.mount_all(show.widgets)
        await self.drawn()
        if isawaitable(done := show.then()):
            await done
        for _ in range(4):  # a change of size is drawn after it was measured
            await self.drawn()
        if show.screen is not None and not self._stays:
            await self.pop_screen()

    async def drawn(self) -> None:
        """Wait for the next picture."""
        seen = asyncio.Event()
        self.call_after_refresh(seen.set)
        await seen.wait()

    def action_end(self) -> None:
        """The end, when somebody wants it."""
        self.exit(return_code=7)


def without_the_first_layer() -> None:
    """From now on nothing is made safe by anybody but the guard."""
    first = safety.safe

    def as_it_is(data: bytes | str, *, ends: bool = False) -> str:
        return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")

    for module in list(sys.modules.values()):
        if getattr(module, "safe", None) is first:
            module.safe = as_it_is


def main(names: str, seed: str, count: str, layer: str = "both", *options: str) -> int:
    """Feed these; the exit code is 0 when the end was reached, 7 when somebody pressed F12."""
    if layer == "guard":
        without_the_first_layer()
    app = Feeder(list(batches(names.split(","), int(seed), count)), layer, stays="stays" in options)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
