"""What the modes with a transcript have in common: following, finding, filtering."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

from maillab.events import Side
from maillab.tui import sink
from maillab.tui.actions import bindings
from maillab.tui.context import WindowContext
from maillab.tui.filtered_view import FilteredView
from maillab.tui.narration import narration
from maillab.tui.refresher import a_slice
from maillab.tui.screens.base import ModeScreen
from maillab.tui.search import Search
from maillab.tui.sink import Line
from maillab.tui.subjects import SeenLines, SelectedLine, Subject
from maillab.tui.widgets.explain import ExplainPane
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.transcript import TranscriptPane
from maillab.views.filter import Filter
from maillab.views.journey import Hop

SLICE = 0.012  # seconds that filtering may take in a frame
AT_ONCE = 0.02  # seconds that it may take when somebody asks for another view, and waits for it
NOTHING: tuple[object, ...] = ()  # is explained
SIDES = (None, Side.CLIENT, Side.SERVER)


@dataclass(frozen=True, slots=True)
class BytesOf:
    """Where there is no Explain pane, its bytes are looked at in the wire: the number of the entry."""

    seq: int


class ReadingScreen(ModeScreen):
    """A mode with a transcript, and an Explain pane for the entry under its cursor."""

    CONTEXTS: ClassVar[tuple[str, ...]] = ("reading",)
    BINDINGS: ClassVar[list[BindingType]] = bindings.bindings("reading")

    def __init__(self, at: WindowContext) -> None:
        super().__init__(at)
        self._filter: Filter | None = None
        self._talks: frozenset[str] | None = None  # that are seen, of those that were chosen elsewhere
        self._side: Side | None = None
        self._hop: Hop | None = None  # the station of the message whose talks are seen
        self._explained = NOTHING
        self._chips: list[tuple[str, str]] = []  # in the border of the transcript
        self._origin = -1  # the place of the entry from which one looks for something
        self._finding = False  # is somebody looking?
        self._sought_from = (-1, 1, False)  # where from, which way, and also elsewhere?
        self._followed = False  # were the newest lines followed then?
        self._moves = 0  # of the session that plays, as far as they were shown

    def below(self) -> Iterable[Widget]:
        """The status, or the field of a filter."""
        yield StatusBar()
        yield FilterBar()

    @property
    def transcript(self) -> TranscriptPane:
        """The transcript of the mode."""
        return self.query_one(TranscriptPane)

    def subject(self) -> Subject:
        """The line under the cursor; without one, all that is seen."""
        view, entry = self.transcript.view, self.transcript.entry
        seen = SeenLines(lambda: tuple(view.entry(row) for row in range(len(view))))
        return SelectedLine(entry, seen) if entry is not None else seen

    # ── what is new ──

    def news(self) -> None:
        """New lines; another model, where a session was opened or left."""
        super().news()
        transcript, model = self.transcript, self.at.model
        if transcript.model is not model:
            self.another_model()
        playback = self.at.playback
        transcript.replaying = playback is not None
        if playback is not None and playback.moves != self._moves:
            transcript.stepped()
        self._moves = playback.moves if playback is not None else 0
        transcript.news(a_slice(SLICE))
        if self._hop is not None and (trip := model.trip) is not None:
            self.see_only(trip.talks[self._hop])  # new ones may have come
        if transcript.search is not None:
            transcript.search.advance(a_slice(SLICE))
        if not transcript.done:
            self.at.ui.refresh()
        self.tell_seen()
        self.tell_status()
        self.tell_entry()

    def another_model(self) -> None:
        """A session was opened, or left: what was chosen and explained was of other talks."""
        self._talks = self._hop = None
        self._explained = NOTHING
        self.query_one(HopStrip).hop = None
        self.look()
        self.tell_seen()

    # ── what is seen ──

    def look(self) -> None:
        """Look at the model through what is chosen and filtered."""
        view = FilteredView(self.at.model, self._filter, self._talks, self._side)
        self.transcript.look_through(view, a_slice(AT_ONCE))
        if not self.transcript.done:
            self.at.ui.attempt(self._look_on(view), group="look", alone=True)

    async def _look_on(self, view: FilteredView) -> None:
        """The rest of it, a slice after the other: whoever types goes first."""
        transcript = self.transcript
        while not transcript.done and transcript.view is view and transcript.is_attached:
            transcript.news(a_slice(SLICE))
            await asyncio.sleep(0)
        self.at.ui.refresh()

    def see_only(self, talks: Collection[str] | None) -> None:
        """Only these talks are seen; None: all."""
        chosen = frozenset(talks) if talks is not None else None
        if chosen != self._talks:
            self._talks = chosen
            self.look()
            self.tell_seen()
            self.tell_status()
            self.at.ui.refresh()

    def hop_chosen(self, hop: Hop | None) -> None:
        """Only the talks of this station of the message are seen."""
        self._hop = hop
        trip = self.at.model.trip
        self.see_only(trip.talks[hop] if hop is not None and trip is not None else None)
        self.tell_seen()

    def see_all(self) -> bool:
        """Out of a station; was one chosen?"""
        if self._hop is None:
            return False
        self.query_one(HopStrip).hop = None
        return True

    def tell_seen(self) -> None:
        """What is seen stands above the transcript, and what was chosen can be undone there."""
        transcript, texts = self.transcript, self.texts
        seen = texts(f"hop.{self._hop}") if self._hop is not None else self.seen_else
        chips = [(texts("pane.wire"), ""), (seen, "seen" if self._is_chosen else "")]
        if self._filter is not None:
            chips.append((self._filter.text, "filter"))
        if self._side is not None:
            chips.append((texts(f"wire.side.{self._side}"), "side"))
        if transcript.search is not None:
            chips.append((f"/{transcript.search.words} {self._found_words()}", "find"))
        if not transcript.view.shows_all:
            chips.append((texts("wire.of", seen=len(transcript.view), count=len(self.at.model.entries)), ""))
        chips = [chip for chip in chips if chip[0]]
        if chips != self._chips:  # a pane that gets a title is drawn anew
            self._chips = chips
            transcript.border_title = sink.chips(chips)

    @property
    def _is_chosen(self) -> bool:
        """Are only some talks seen?"""
        return self._hop is not None or self._talks is not None

    @property
    def seen_else(self) -> str:
        """What is seen where no station is chosen."""
        return self.texts("wire.all_legs")

    def tell_status(self) -> None:
        """How many lines are seen, and how."""
        bar, transcript, texts = self.query_one(StatusBar), self.transcript, self.texts
        seen, count = len(transcript.view), len(self.at.model.entries)
        facts = [texts("wire.lines", count=seen) if seen == count else texts("wire.of", seen=seen, count=count)]
        if self.has_class("-short"):  # there is no border in which it could stand
            facts += [self._filter.text] if self._filter is not None else []
            facts += [texts(f"wire.side.{self._side}")] if self._side is not None else []
            facts += [f"/{transcript.search.words} {self._found_words()}"] if transcript.search is not None else []
        bar.facts = " · ".join(facts)
        following = texts("wire.follow") if transcript.follow else ""
        bar.news = texts("wire.unseen", count=transcript.unseen) if transcript.unseen else following
        self.transcript.nothing = texts("wire.no_match", count=count) if count else self._why_empty()

    def _why_empty(self) -> str:
        playback = self.at.playback
        if playback is None:
            return self.texts("wire.empty")
        return self.texts("wire.before" if playback.recording.whole else "wire.reading")

    @property
    def explains(self) -> bool:
        """Does the Explain pane stand beside the transcript?"""
        return bool(self.layout_now and self.query_one(ExplainPane).display)

    def tell_entry(self) -> None:
        """What the entry under the cursor means; all of it, and the narrator, where the Explain pane can be seen."""
        entry, model, playback = self.transcript.entry, self.at.model, self.at.playback
        pane = self.query_one(ExplainPane)
        seen = self.explains or (not self.layout_now and self.fronted == "explain")
        told = (playback.words, playback.all_words) if playback is not None and self.explains else ("", ())
        is_learned = entry is not None and model.place(entry.seq) < model.learned
        now = (model.generation, entry.seq if entry is not None else 0, is_learned, pane.hexed, seen, told)
        if now == self._explained:
            return
        if self.transcript.follow and playback is None and self.at.host.behind:
            return  # lines are still coming in: the last of them will be explained
        self._explained = now
        if entry is None and not seen:
            self.query_one(StatusBar).meaning = ""
            return
        from maillab.tui.explanation import explain, explained, heading  # with all that explains: not for an empty wire

        self.query_one(StatusBar).meaning = explained(model, entry, self.texts) if entry is not None else ""
        if seen:
            texts, hexed, headed = self.texts, pane.hexed, not pane.styles.border_top[0]
            title = texts("pane.explain")

            def made(cells: int) -> list[Line]:
                lines = [*narration(*told, cells), ()] if told[1] else []
                if entry is not None:
                    lines += explain(model, entry, texts, cells, hexed=hexed, headed=headed)
                return lines

            pane.explain(f"{title} · {heading(entry, texts)}" if entry is not None else title, made)
            self.make_room()

    def make_room(self) -> None:
        """The Explain pane has another text: it may need more lines, or fewer."""

    def front(self, name: str, *, focus: bool = True) -> None:
        """A pane comes to the front; it explains what it did not while it was hidden."""
        super().front(name, focus=focus)
        if name == "explain":
            self._explained = NOTHING
            self.call_after_refresh(self.tell_entry)

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        if message.rows is self.transcript:
            message.stop()
            self.tell_entry()

    @on(TranscriptPane.FollowChanged)
    def _follow_changed(self) -> None:
        self.tell_status()

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        if message.rows is self.transcript:
            message.stop()
            if self.is_there("explain"):
                self.front("explain", focus=False)
            elif (seq := self.transcript.seq) is not None:
                self.at.ui.go("wire", "wire", seq)

    # ── finding and filtering ──

    def action_filter(self) -> None:
        text = self._filter.text if self._filter is not None else ""
        hint = self.texts("filter.hint")
        self.query_one(FilterBar).ask("filter", text, hint, self._back_to_transcript, self.texts.trouble)

    def action_find(self) -> None:
        self._origin, self._followed = self.transcript.cursor_place, self.transcript.follow
        self.query_one(FilterBar).ask("find", "", self.texts("find.hint"), self._back_to_transcript)

    def _back_to_transcript(self) -> None:
        self.set_focus(self.transcript)  # at once: the next key is for it

    @on(FilterBar.Filtered)
    def _filtered(self, message: FilterBar.Filtered) -> None:
        message.stop()
        self._filter = message.filter
        self.look()
        self.tell_seen()
        self.tell_status()
        self.at.ui.refresh()

    @on(FilterBar.Sought)
    def _sought(self, message: FilterBar.Sought) -> None:
        message.stop()
        transcript = self.transcript
        search = Search(transcript.model, message.text if self.is_active else "", transcript.words_of)
        if not search.words:
            self._find_nothing(back=message.final)
            return
        transcript.seek(search)
        self._go_to_found(self._origin, 1, go=message.final)

    def _find_nothing(self, *, back: bool = False) -> None:
        """Nothing is looked for any more; `back`: one looks again at what one looked at before."""
        self.transcript.seek(None)
        if back and self._followed:
            self.transcript.follow = True
        elif back and self._origin >= 0:
            self.transcript.show_place(self._origin)
        self.tell_seen()
        self.tell_status()

    def _go_to_found(self, place: int, step: int, *, go: bool) -> None:
        """To the next one from this place; `go`: out of the talks that are seen. One looks at a time, for the last."""
        self._sought_from = (place, step, go)
        if (search := self.transcript.search) is not None and search.done:
            self._show_found(search, place, step, go)
        elif not self._finding:
            self._finding = True
            self.at.ui.attempt(self._find())

    async def _find(self) -> None:
        """A slice of time after the other."""
        shown: Search | None = None  # of which the first one that was found is seen already
        try:
            while (search := self.transcript.search) is not None and not search.done:
                if search.advance(a_slice(SLICE)) and shown is not search:
                    shown = search if self._show_next(search) else shown
                await asyncio.sleep(0)
        finally:
            self._finding = False
        if search is not None:
            self._show_found(search, *self._sought_from)

    def _show_next(self, search: Search) -> bool:
        """Show the next one if it is there already, before everything has been looked at."""
        place, step, _ = self._sought_from
        found = search.next(place, step, self.transcript.view)
        if found is None or step < 0 or found <= place:
            return False
        self.transcript.show_found(found)
        return True

    def _show_found(self, search: Search, place: int, step: int, go: bool) -> None:
        transcript = self.transcript
        found = search.next(place, step, transcript.view)
        if found is None and go and (found := search.next(place, step)) is not None:
            self.see_everything()
        if found is not None:
            transcript.show_found(found)
        self.query_one(FilterBar).report(self._found_words())
        self.tell_seen()
        self.tell_status()

    def _found_words(self) -> str:
        """Which of how many it is, and how many are elsewhere."""
        search, transcript = self.transcript.search, self.transcript
        if search is None:
            return ""
        here, elsewhere = search.count(transcript.view)
        if not here and not elsewhere:
            return self.texts("find.none")
        words = []
        if here:
            words.append(
                self.texts("find.number", number=search.number(transcript.cursor_place, transcript.view), of=here)
            )
        if elsewhere:
            words.append(self.texts("find.more" if here else "find.elsewhere", count=elsewhere))
        return " · ".join(words)

    def action_find_again(self, step: int) -> None:
        search = self.transcript.search
        if search is None:
            self.action_find()
            return
        self._go_to_found(self.transcript.cursor_place, step, go=True)

    def see_everything(self) -> None:
        """Every line, whatever was chosen."""
        self.see_all()
        self._side = self._filter = None
        self.see_only(None)
        self.look()

    def action_side(self) -> None:
        self._side = SIDES[(SIDES.index(self._side) + 1) % len(SIDES)]
        self.look()
        self.tell_seen()
        self.tell_status()

    def back(self) -> bool:
        """From the Explain pane to the lines; out of what was looked for, out of a station, out of a filter."""
        if self.fronted == "explain" and not self.layout_now:
            self.front("wire")
        elif self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).hide()
            self.clear("filter")
        elif self.transcript.search is not None:
            self.clear("find")
        elif self.see_all():
            self.look()
        elif self._side is not None:
            self.clear("side")
        elif self._filter is not None:
            self.clear("filter")
        else:
            return False
        return True

    def clear(self, what: str) -> None:
        """Undo what holds: a filter, what is looked for, one side, a station."""
        match what:
            case "filter":
                self._filter = None
            case "find":
                self.transcript.seek(None)
            case "side":
                self._side = None
            case _:
                self.see_all()
        if what != "find":
            self.look()
        self.tell_seen()
        self.tell_status()

    @on(TranscriptPane.Cleared)
    def _cleared(self, message: TranscriptPane.Cleared) -> None:
        message.stop()
        self.clear(message.what)

    def on_screen_suspend(self) -> None:
        """Whoever goes to another mode and comes back later looks for something else; a dialog is no other mode."""
        if isinstance(self.app.screen, ModalScreen):
            return
        self.query_one(FilterBar).hide()
        self.transcript.seek(None)

    def action_hex(self) -> None:
        pane = self.query_one(ExplainPane)
        pane.hexed = not pane.hexed
        if not self.is_there("explain") and (seq := self.transcript.seq) is not None:
            pane.hexed = False
            self.at.ui.go("wire", "wire", BytesOf(seq))
        elif not pane.size.area:
            self.front("explain", focus=False)
        self._explained = NOTHING
        self.tell_entry()
