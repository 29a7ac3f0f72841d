"""Finding words in a transcript: a slice of time after the other, so that whoever types goes first.

Rules for this file: it knows the transcript, what is looked for and from where; which lines are seen is the screen's.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from maillab.tui.context import WindowContext
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.search import Search
from maillab.tui.terminal.refresher import a_slice
from maillab.tui.widgets.transcript import TranscriptPane

SLICE = 0.012  # seconds of a frame that looking through lines may take


@dataclass(frozen=True, slots=True)
class FindStep:
    """To the next one from a place (1), to the one before (-1), or to the nearest (0); `anywhere`: also where it is not
    seen now.
    """

    place: int
    by: int
    anywhere: bool

    def target(self, search: Search, view: FilteredView | None = None) -> int | None:
        """Where that is; with a view, where it is seen in it."""
        return search.next(self.place, self.by, view) if self.by else search.nearest(self.place, view)


class LineFinder:
    """`found` is called when there is something else to say; `see_everything` lets every line be seen."""

    def __init__(
        self,
        at: WindowContext,
        transcript: Callable[[], TranscriptPane],
        found: Callable[[], object],
        see_everything: Callable[[], object],
    ) -> None:
        self._at = at
        self._transcript = transcript
        self._found = found
        self._see_everything = see_everything
        self._origin = -1  # the place at which one was when one began to look
        self._followed = False  # were the newest lines followed then?
        self._step = FindStep(-1, 1, anywhere=False)
        self._is_looking = False

    def begin(self) -> None:
        """Somebody will type: from here, and back to here where they give up."""
        transcript = self._transcript()
        self._origin, self._followed = transcript.cursor_place, transcript.follow

    def seek(self, words: str, *, final: bool) -> None:
        """Look for these words; `final` when they are typed to their end, or given up."""
        transcript = self._transcript()
        search = Search(transcript.model, words, transcript.words_of)
        if search.words:
            transcript.seek(search)
            self._go(FindStep(self._origin, 0, anywhere=final))
        else:
            self._give_up(back=final)

    def again(self, by: int) -> bool:
        """The next one, or the one before; False where nothing is looked for."""
        transcript = self._transcript()
        if transcript.search is None:
            return False
        self._go(FindStep(transcript.cursor_place, by, anywhere=True))
        return True

    def go_on(self) -> None:
        """Look through what came meanwhile."""
        if (search := self._transcript().search) is not None:
            search.advance(a_slice(SLICE))

    @property
    def chips(self) -> list[str]:
        """What is looked for, which of how many it is, and how many are elsewhere; empty where nothing is."""
        search = self._transcript().search
        return [f"/{search.typed} {self.words}"] if search is not None else []

    @property
    def finds_nothing(self) -> bool:
        """Is something looked for that is nowhere?"""
        transcript = self._transcript()
        return transcript.search is not None and not any(transcript.search.count(transcript.view))

    @property
    def words(self) -> str:
        """Which of how many it is, and how many are elsewhere."""
        transcript, texts = self._transcript(), self._at.texts
        if (search := transcript.search) is None:
            return ""
        here, elsewhere = search.count(transcript.view)
        if not here and not elsewhere:
            return texts("find.none")
        words = []
        if here:
            number = search.number(transcript.cursor_place, transcript.view)
            words.append(texts("find.number", number=number, of=here))
        if elsewhere:
            where = "find.filtered" if transcript.view.filter is not None else "find.more" if here else "find.elsewhere"
            words.append(texts(where, count=elsewhere))
        return " · ".join(words)

    def _give_up(self, *, back: bool) -> None:
        """Nothing is looked for any more; `back`: one looks again at what one looked at before."""
        transcript = self._transcript()
        transcript.seek(None)
        if back and self._followed:
            transcript.follow = True
        elif back and self._origin >= 0:
            transcript.show_place(self._origin)
        self._found()

    def _go(self, step: FindStep) -> None:
        """One errand at a time looks, for the last step that was wanted."""
        self._step = step
        if (search := self._transcript().search) is not None and search.done:
            self._show(search, step)
        elif not self._is_looking:
            self._is_looking = True
            self._at.ui.attempt(self._look())

    async def _look(self) -> None:
        shown: Search | None = None  # of which the first one that was found is seen already
        try:
            while (search := self._transcript().search) is not None and not search.done:
                if search.advance(a_slice(SLICE)) and shown is not search and self._show_early(search):
                    shown = search
                await asyncio.sleep(0)
        finally:
            self._is_looking = False
        if search is not None:
            self._show(search, self._step)

    def _show_early(self, search: Search) -> bool:
        """Show the next one if it is there already, before everything has been looked at; was it?"""
        transcript, step = self._transcript(), self._step
        place = step.target(search, transcript.view)
        if place is None or step.by < 0 or place < step.place + step.by:
            return False
        transcript.show_found(place)
        return True

    def _show(self, search: Search, step: FindStep) -> None:
        transcript = self._transcript()
        place = step.target(search, transcript.view)
        if place is None and step.anywhere and step.target(search) is not None:
            self._see_everything()
            place = step.target(search, self._transcript().view)
        if place is not None:
            transcript.show_found(place)
        self._found()
