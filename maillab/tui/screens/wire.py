"""The Wire mode: the whole conversation, the tree of its talks, and an explanation of every line."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget

from maillab.tui.looks.card import Card
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.machines.start_card import wire_card
from maillab.tui.screens.reading import BytesOf, ReadingScreen
from maillab.tui.screens.split import PaneSplit, Splits
from maillab.tui.widgets.explain import ExplainPane
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.talks import TalkTree
from maillab.tui.widgets.transcript import TranscriptPane
from maillab.views.journey import Hop


class WireScreen(ReadingScreen):
    """TranscriptPane, talks, explanation."""

    MODE: ClassVar[str] = "wire"
    PANES: ClassVar[tuple[str, ...]] = ("wire", "talks", "explain")
    SPLITS: ClassVar[Splits] = {
        "-normal": PaneSplit("explain", "panes", "grid_rows", "1fr #"),
        "-wide": PaneSplit("explain", "panes", "grid_columns", "3fr 12fr #"),
    }

    def panes(self) -> Iterable[Widget]:
        """Talks beside the lines, what they mean below, or at the right where there is room."""
        yield TalkTree(self.texts)
        yield TranscriptPane(self.at.model, self.texts, id="wire", classes="pane")
        yield ExplainPane()

    def news(self) -> None:
        """Talks have begun, gone on, ended; where a story is told what explains needs more room."""
        self.set_class(self.at.playback is not None and bool(self.at.playback.captions), "-told")
        super().news()
        is_empty = self.at.playback is None and not self.at.model.entries
        words = (machines_now(self.at), self.texts, self.key)
        self.show_card(Card(wire_card, words) if is_empty else None)
        talks = self.query_one(TalkTree)
        talks.show_model(self.at.model)
        if self.sight.hop is None and self.sight.talks is not None and (chosen := talks.chosen) is not None:
            self.see_only(chosen)  # the message that is chosen may have got another talk

    def visit(self, pane: str, about: object) -> None:
        """To an entry, by its number: all talks are seen then. To a station, wherever it was chosen."""
        if isinstance(about, BytesOf):
            self.query_one(ExplainPane).hexed = True
            about = about.seq
        if isinstance(about, int):
            self.see_only(None)
            self.transcript.show_entry(about)
        super().visit(pane, about)
        if isinstance(about, Hop):
            strip = self.query_one(HopStrip)
            strip.hop = about
            if not pane:
                self.set_focus(strip)

    @on(TalkTree.Seen)
    def _seen(self, message: TalkTree.Seen) -> None:
        message.stop()
        if message.talks is not None:
            self.query_one(HopStrip).hop = None
            self.sight = replace(self.sight, hop=None)
        self.see_only(message.talks)
        self.tell_seen()

    @on(Rows.Chosen)
    def _talk_chosen(self, message: Rows.Chosen) -> None:
        if isinstance(message.rows, TalkTree):
            message.stop()
            self.front("wire")

    def another_model(self) -> None:
        """Other talks: none of them is chosen."""
        self.query_one(TalkTree).choose_all()
        super().another_model()

    def hop_chosen(self, hop: Hop | None) -> None:
        """Only the talks of this station of the message are seen, whatever was chosen in the tree."""
        if hop is not None:
            self.query_one(TalkTree).choose_all()
        if hop is not None or self.sight.hop is not None:
            super().hop_chosen(hop)

    def see_all(self) -> bool:
        """Out of a station, or out of what is chosen in the tree."""
        tree = self.query_one(TalkTree)
        chosen = tree.chosen is not None
        if chosen:
            tree.cursor = 0
        return super().see_all() or chosen

    @property
    def seen_else(self) -> str:
        """The message or the talk that is chosen in the tree, "" for all."""
        return self.query_one(TalkTree).named
