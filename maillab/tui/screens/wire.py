"""The Wire mode: the whole conversation, the tree of its talks, and an explanation of every line."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.widget import Widget

from maillab.tui import sink
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.screens.split import Split, Splits
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.inspector import Inspector
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.talks import TalkTree
from maillab.tui.widgets.transcript import Transcript
from maillab.views.journey import Hop


class WireScreen(ReadingScreen):
    """Transcript, talks, inspector."""

    MODE: ClassVar[str] = "wire"
    PANES: ClassVar[tuple[str, ...]] = ("wire", "talks", "inspector")
    SPLITS: ClassVar[Splits] = {
        "-normal": Split("inspector", "panes", "grid_rows", "1fr #"),
        "-wide": Split("inspector", "panes", "grid_columns", "2fr 5fr #"),
    }

    def panes(self) -> Iterable[Widget]:
        """Talks at the left, what they mean at the right."""
        yield TalkTree(self.texts)
        yield Transcript(self.window.model, self.texts.lang, id="wire", classes="pane")
        yield Inspector()

    def below(self) -> Iterable[Widget]:
        """The status, or the field of a filter."""
        yield StatusBar()
        yield FilterBar()

    def on_mount(self) -> None:
        """Name the panes."""
        for name in self.PANES:
            self.pane(name).border_title = sink.content(self.texts(f"pane.{name}"))
        super().on_mount()

    def news(self) -> None:
        """Talks have begun, gone on, ended."""
        super().news()
        talks = self.query_one(TalkTree)
        talks.show_model(self.window.model)
        if self._talks is not None and (chosen := talks.chosen) is not None and self._talks < chosen:
            self.see_only(chosen)  # the letter that is chosen has got another talk

    @on(TalkTree.Seen)
    def _seen(self, message: TalkTree.Seen) -> None:
        message.stop()
        self.see_only(message.talks)

    @on(Rows.Chosen)
    def _talk_chosen(self, message: Rows.Chosen) -> None:
        if isinstance(message.rows, TalkTree):
            message.stop()
            self.front("wire")

    def hop_chosen(self, hop: Hop | None) -> None:
        """Only the talks of this station of the letter are seen."""
        trip = self.window.model.trip
        self.see_only(trip.talks[hop] if hop is not None and trip is not None else None)
