"""What the modes with a transcript have in common: following, finding, filtering."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

from maillab.tui.actions import bindings
from maillab.tui.commands import everywhere
from maillab.tui.context import WindowContext
from maillab.tui.looks import sink
from maillab.tui.looks.card import Card
from maillab.tui.looks.sink import Line
from maillab.tui.playing.narration import narration
from maillab.tui.reading.cause import cause_of
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.sight import Sight, SightPart
from maillab.tui.reading.station import station_name, talks_at
from maillab.tui.screens.base import ModeScreen
from maillab.tui.screens.finding import SLICE, LineFinder
from maillab.tui.subjects import SeenLines, SelectedLine, Subject
from maillab.tui.terminal.refresher import a_slice
from maillab.tui.terminal.typeahead import Behind
from maillab.tui.widgets.explain import ExplainPane
from maillab.tui.widgets.filterbar import FilterBar, Purpose
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.transcript import TranscriptPane
from maillab.views.filter import parse
from maillab.views.journey import Hop

AT_ONCE = 0.02  # seconds that filtering may take when somebody asks for another view, and waits for it
FOLLOW = "transcript.follow"
NOTHING: tuple[object, ...] = ()  # is explained


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
        self.sight = Sight()
        self.finder = LineFinder(at, lambda: self.transcript, self._tell_found, self.see_everything)
        self._explained = NOTHING
        self._chips: list[tuple[str, str]] = []  # in the border of the transcript
        self._moves = 0  # of the session that plays, as far as they were shown
        self._failed = 0  # the message whose failure was shown last

    def below(self) -> Iterable[Widget]:
        """The status, or the field of a filter."""
        yield StatusBar()
        yield FilterBar("wire")

    @property
    def transcript(self) -> TranscriptPane:
        """The transcript of the mode."""
        return self.query_one(TranscriptPane)

    def subject(self) -> Subject | None:
        """The line under the cursor; without one, all that is seen; before the first line nothing."""
        view, entry = self.transcript.view, self.transcript.entry
        if not self.at.model.entries:
            return None
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
        if self.sight.hop is not None and (trip := model.trip) is not None:
            self.see_only(talks_at(model, trip, self.sight.hop))  # new ones may have come
        self._stand_at_cause()
        self.finder.go_on()
        if not transcript.done:
            self.at.ui.refresh()
        self.tell_seen()
        self.tell_status()
        self.tell_entry()

    def show_card(self, card: Card | None) -> None:
        """What one can do first, in the empty wire; and where the Explain pane has its place, in that."""
        self.transcript.card = card
        self.query_one(ExplainPane).card = card if not self.layout_now else None

    def _stand_at_cause(self) -> None:
        """A message has just failed: the line that says why is seen, not the last of the report about it.

        The next message is followed again.
        """
        transcript, model = self.transcript, self.at.model
        trip = model.journeys.newest if self.at.playback is None else None
        if trip is None or trip.seq == self._failed:
            return
        if transcript.at_cause:
            transcript.follow = True
        if transcript.follow and (cause := cause_of(model, trip)):
            self._failed = trip.seq
            transcript.stand_at(cause)

    def another_model(self) -> None:
        """A session was opened, or left: what was chosen and explained was of other talks."""
        self.sight = self.sight.of_all_talks()
        self._explained = NOTHING
        self.query_one(HopStrip).hop = None
        self.look()
        self.tell_seen()

    # ── what is seen ──

    def look(self) -> None:
        """Look at the model through what is chosen and filtered."""
        self.transcript.look_through(self.sight.of(self.at.model, self.transcript.words_of), a_slice(AT_ONCE))
        if not self.transcript.done:  # what was found is drawn before more of it is looked for
            # asked of the pane: the screen does not know yet that there is something to draw, and would not wait
            self.transcript.call_after_refresh(self._begin_to_look_on, self.transcript.view)

    def _begin_to_look_on(self, view: FilteredView) -> None:
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
        if chosen != self.sight.talks:
            self.sight = replace(self.sight, talks=chosen)
            self.look()
            self.tell_seen()
            self.tell_status()
            self.at.ui.refresh()

    def hop_chosen(self, hop: Hop | None) -> None:
        """Only the talks of this station of the message are seen."""
        if hop is not None:
            self._see_lines()
        self.sight = replace(self.sight, hop=hop)
        model = self.at.model
        trip = model.trip
        self.see_only(talks_at(model, trip, hop) if hop is not None and trip is not None else None)
        self.tell_seen()

    def show_line(self, seq: int) -> None:
        """Beside whatever else is on the screen, and among all talks."""
        self.see_everything()
        self.front("wire")
        self.transcript.stand_at(seq)
        self.tell_seen()
        self._tell_below()

    def see_all(self) -> bool:
        """Whatever talks were chosen; were any?"""
        were_some = self.sight.is_of_some
        self.sight = self.sight.of_all_talks()
        self.query_one(HopStrip).hop = None
        return were_some

    def tell_seen(self) -> None:
        """What is seen stands above the transcript, and what was chosen can be undone there."""
        transcript, texts, sight = self.transcript, self.texts, self.sight
        model, hop = self.at.model, sight.hop
        seen = station_name(model, model.trip, hop, texts) if hop is not None else self.seen_else
        chips = [(texts("pane.wire"), ""), (seen, SightPart.TALKS if sight.is_of_some else ""), *self._narrowed()]
        if not transcript.view.shows_all:
            chips.append((texts("wire.of", seen=len(transcript.view), count=len(model.entries)), ""))
        chips = [chip for chip in chips if chip[0]]
        if chips != self._chips:
            self._chips = chips
            transcript.entitle(sink.chips(chips))

    def _narrowed(self) -> list[tuple[str, str]]:
        """What keeps lines out of sight, and what is looked for, each with the part of it that can be undone."""
        return [*self.sight.chips(self.texts), *((words, SightPart.FIND) for words in self.finder.chips)]

    @property
    def seen_else(self) -> str:
        """What is seen where no station is chosen."""
        return self.texts("wire.all_legs")

    def tell_status(self) -> None:
        """How many lines are seen, and how."""
        bar, transcript, texts = self.query_one(StatusBar), self.transcript, self.texts
        seen, count = len(transcript.view), len(self.at.model.entries)
        facts: list[str] = []
        if self.has_class("-short") and self._sees_wire:  # there is no border in which it stands
            lines = texts("wire.of", seen=seen, count=count) if seen != count else texts("wire.lines", count=count)
            facts = [*([lines] if count else []), *(words for words, _ in self._narrowed())]
        bar.facts, bar.is_spare = " · ".join(facts), not self._narrowed()
        bar.news, bar.goes_on = self._way_on() if self._sees_wire else ("", "")
        why = "wire.no_talk" if self.sight.hop is not None and not self.sight.talks else "wire.no_match"
        self.transcript.nothing = texts(why, count=count) if count else self._why_empty()

    def _way_on(self) -> tuple[str, str]:
        """How many new lines are not seen, or which keys lead on to the next place that was found; and their action."""
        transcript, texts = self.transcript, self.texts
        if transcript.search is not None and not self.query_one(FilterBar).is_open:
            if self.finder.finds_nothing:
                return texts("find.clear"), "app.step_back"
            return texts("find.again"), "reading.find_next"
        if transcript.at_cause:
            return texts("wire.cause"), FOLLOW
        return texts("wire.unseen", count=transcript.unseen) if transcript.unseen else "", FOLLOW

    def _why_empty(self) -> str:
        playback = self.at.playback
        if playback is None:
            return ""  # a card stands there
        if playback.playing:
            return self.texts("wire.begins")
        return self.texts("wire.before" if playback.recording.whole else "wire.reading")

    @property
    def _sees_wire(self) -> bool:
        """Is the transcript on the screen?"""
        return bool(self.layout_now) or self.fronted == "wire"

    @property
    def explains(self) -> bool:
        """Does the Explain pane stand beside the transcript?"""
        return bool(self.layout_now and self.query_one(ExplainPane).display)

    def tell_entry(self) -> None:
        """What the entry under the cursor means; all of it, and the narrator, where the Explain pane can be seen."""
        entry, model, playback = self.transcript.entry, self.at.model, self.at.playback
        pane = self.query_one(ExplainPane)
        self._tell_place()
        why = "explain.first" if not model.entries else "explain.none" if entry is None else "explain.nothing"
        pane.nothing = self.texts(why)
        seen = self.explains or (not self.layout_now and self.fronted == "explain")
        told = (playback.words, playback.captions) if playback is not None and self.explains else ("", ())
        is_learned = entry is not None and model.place(entry.seq) < model.learned
        is_read = self.here == "wire" and self._sees_wire  # elsewhere Enter does something else
        now = (model.generation, entry.seq if entry is not None else 0, is_learned, pane.hexed, seen, told, is_read)
        if now == self._explained:
            return
        if self.transcript.follow and playback is None and self.at.host.behind:
            return  # lines are still coming in: the last of them will be explained
        self._explained = now
        if entry is None and not seen:
            self.query_one(StatusBar).meaning = ""
            return
        from maillab.tui.reading.explanation import (  # with all that explains: not for an empty wire
            explain,
            explained,
            heading,
        )

        is_told_below = is_read and not self.explains  # else it stands in a pane already
        bar = self.query_one(StatusBar)
        bar.meaning = explained(model, entry, self.texts) if entry and is_told_below else ""
        bar.more = self.texts("status.more")
        if seen:
            texts, hexed, headed = self.texts, pane.hexed, not pane.styles.border_top[0]
            title = texts("pane.explain")

            def made(cells: int) -> list[Line]:
                said = [line for line in narration(*told, cells) if line]  # what it is said of moves with it
                lines: list[Line] = [*said, ()] if said else []
                if entry is not None:
                    lines += explain(model, entry, texts, cells, hexed=hexed, headed=headed)
                return lines

            pane.explain(f"{title} · {heading(entry, texts)}" if entry is not None else title, made)

    def _tell_place(self) -> None:
        """The how-manieth line one stands on, of those that are seen; on the last row it is the last of them."""
        place, view = self.transcript.cursor_place, self.transcript.view
        line = view.row(place) + 1 if place >= 0 and len(view) else 0
        line = len(view) if line and self.transcript.is_at_end else line
        kept = self.transcript.kept_free
        self.transcript.show_where(self.texts("wire.place", line=line, count=len(view)) if line else "")
        if self.transcript.kept_free != kept:
            self.fit_keys(self.transcript)  # rather one key less than no place

    def front(self, name: str, *, focus: bool = True) -> None:
        """A pane comes to the front; it explains what it did not while it was hidden."""
        super().front(name, focus=focus)
        self.call_after_refresh(self._tell_below)
        if name == "explain":
            self._explained = NOTHING
            self.call_after_refresh(self.tell_entry)

    def _tell_below(self) -> None:
        """Below the panes stands what is true of the one that is lit."""
        self.tell_status()
        self.tell_entry()

    def on_descendant_focus(self) -> None:
        self.call_after_refresh(self._tell_below)

    @on(Rows.Moved)
    def _moved(self, message: Rows.Moved) -> None:
        if message.rows is self.transcript:
            message.stop()
            self.tell_entry()

    @on(TranscriptPane.FollowChanged)
    def _follow_changed(self) -> None:
        self.tell_status()
        self.keys_changed()  # the key of it is called otherwise

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        if message.rows is self.transcript:
            message.stop()
            if self.explains:
                if not self.transcript.folds(message.item):  # what has just been unfolded is read there
                    self.front("explain")
            elif self.is_there("explain"):
                self.front("explain", focus=False)
            elif (seq := self.transcript.seq) is not None:
                self.at.ui.go("wire", "wire", seq)

    # ── finding and filtering ──

    def _see_lines(self) -> None:
        """Where one pane is seen at a time it is the one with the lines that are filtered or searched."""
        if not self.layout_now and self.fronted != "wire":
            self.front("wire", focus=False)

    def action_filter(self) -> None:
        self._see_lines()
        text = self.sight.filter.text if self.sight.filter is not None else ""
        self._ask("filter", self.texts("filter.name"), text, self.texts("filter.hint"), self.texts.trouble)

    def action_errors(self) -> None:
        """The lines that are marked: as if somebody had typed the filter for them."""
        self._see_lines()
        self._look_so(replace(self.sight, filter=parse("error")))
        self._back_to_transcript()
        self.at.ui.refresh()

    def action_find(self) -> None:
        self._see_lines()
        self.finder.begin()
        self._ask("find", self.texts("find.name"), "", self.texts("find.hint"), str)

    def _ask(self, purpose: Purpose, name: str, text: str, hint: str, said: Callable[[str], str]) -> None:
        """Open the field; what was typed right behind its key went to the pane, and comes back for the field."""
        self.at.ui.expect()
        (self.focused or self).post_message(Behind())
        self.query_one(FilterBar).ask(purpose, name, text, hint, self._back_to_transcript, said, self._still)

    def _still(self, filter: str) -> str:
        return self.texts("filter.holds", filter=filter)

    def _back_to_transcript(self) -> None:
        self.set_focus(self.transcript)  # at once: the next key is for it

    @on(FilterBar.Filtered)
    def _filtered(self, message: FilterBar.Filtered) -> None:
        message.stop()
        self._look_so(replace(self.sight, filter=message.filter))
        self.at.ui.refresh()

    @on(FilterBar.Asked)
    def _asked_for_terms(self, message: FilterBar.Asked) -> None:
        message.stop()
        self.at.ui.attempt(everywhere.help_with_filters(self.at))

    @on(FilterBar.Sought)
    def _sought(self, message: FilterBar.Sought) -> None:
        message.stop()
        self.finder.seek(message.text if self.is_active else "", final=message.final)

    def _tell_found(self) -> None:
        words = [self.finder.words, *([self.texts("find.clear")] if self.finder.finds_nothing else [])]
        self.query_one(FilterBar).report(" · ".join(words))
        self.tell_seen()
        self.tell_status()

    def action_find_again(self, step: int) -> None:
        if not self.finder.again(step):
            self.action_find()

    def _look_so(self, sight: Sight) -> None:
        """Other lines are seen from now on, and that is said."""
        self.sight = sight
        self.look()
        self.tell_seen()
        self.tell_status()
        self.tell_entry()  # the cursor may be on another one now, though nobody has moved it

    def see_everything(self) -> None:
        """Every line, whatever was chosen; a filter was typed, and holds until it is taken away."""
        self.see_all()
        self.sight = Sight(filter=self.sight.filter)
        self.look()

    def action_side(self) -> None:
        self._look_so(self.sight.of_next_side())

    def back(self) -> bool:
        """From the Explain pane to the lines; out of what was looked for, out of a station, out of a filter."""
        if self.fronted == "explain":
            self.front("wire")
        elif self.query_one(FilterBar).is_open:
            self.query_one(FilterBar).hide()
            self.clear(SightPart.FILTER)
        elif self.transcript.search is not None:
            self.clear(SightPart.FIND)
        elif self.see_all():
            self._look_so(self.sight)
        elif self.sight.side is not None:
            self.clear(SightPart.SIDE)
        elif self.sight.filter is not None:
            self.clear(SightPart.FILTER)
        else:
            return False
        return True

    def clear(self, part: SightPart) -> None:
        """Undo what holds: a filter, what is looked for, one side, what was chosen of the talks."""
        match part:
            case SightPart.FIND:
                self.transcript.seek(None)
                self.tell_seen()
                self.tell_status()
            case SightPart.FILTER:
                self._look_so(replace(self.sight, filter=None))
            case SightPart.SIDE:
                self._look_so(replace(self.sight, side=None))
            case SightPart.TALKS:
                self.see_all()
                self._look_so(self.sight)

    @on(Rows.Cleared)
    def _cleared(self, message: Rows.Cleared) -> None:
        message.stop()
        self.clear(SightPart(message.part))

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
