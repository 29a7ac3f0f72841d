"""Finding words in a transcript, without a terminal."""

from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.screens.finding import LineFinder
from maillab.views.filter import parse
from maillab.views.transcript import Transcript
from tests.recording.told import told
from tests.tui.fake_ui import context


class Lines:
    """A transcript as far as a finder knows it: a view, a cursor, what is looked for."""

    filter = None

    def __init__(self, talks=None):
        self.model = Model()
        self.model.take(told("seven-steps"))
        self.search, self.follow, self.cursor_place = None, False, 0
        self.see(talks)

    def see(self, talks=None):
        self.view = FilteredView(self.model, self.filter, talks)
        self.view.advance()

    def words_of(self, entry):
        return Transcript().rows(entry)[0].text

    def seek(self, search):
        self.search = search
        if search is not None:
            search.advance()

    def show_place(self, place):
        self.cursor_place, self.follow = place, False

    show_found = show_place


def finder_of(tmp_path, lines):
    said = []
    finder = LineFinder(context(tmp_path), lambda: lines, lambda: said.append(finder.words), lines.see)
    finder.begin()
    return finder, said


def test_while_one_types_one_is_at_the_next(tmp_path):
    """Which of how many it is, is said; n goes on, and round the end."""
    lines = Lines()
    finder, said = finder_of(tmp_path, lines)
    assert not finder.again(1)
    finder.seek("quit", final=False)
    assert said == ["1 of 3"]
    assert finder.chips == ["/quit 1 of 3"]
    first = lines.cursor_place
    assert finder.again(1)
    assert lines.cursor_place > first
    assert finder.again(-1)
    assert lines.cursor_place == first


def test_one_begins_where_one_is(tmp_path):
    """At a match one stays; from the newest line, behind which there is none, one goes to the nearest above it."""
    lines = Lines()
    finder, said = finder_of(tmp_path, lines)
    finder.seek("quit", final=False)
    first = lines.cursor_place
    finder.begin()
    finder.seek("quit", final=True)
    assert lines.cursor_place == first
    lines.cursor_place = len(lines.view) - 1
    finder.begin()
    finder.seek("quit", final=False)
    assert said[-1] == "3 of 3"


def test_what_is_in_other_talks_is_gone_to_with_enter(tmp_path):
    """While one types nothing that was chosen is undone."""
    lines = Lines(frozenset({"lookup-1"}))
    finder, _ = finder_of(tmp_path, lines)
    finder.seek("quit", final=False)
    assert lines.cursor_place == 0
    assert finder.words.startswith("3 ")
    finder.seek("quit", final=True)
    assert lines.cursor_place > 0
    assert finder.words == "1 of 3"


def test_who_gives_up_is_where_they_were(tmp_path):
    """At their line, or following the newest; nothing is looked for any more."""
    for follow in (False, True):
        lines = Lines()
        lines.cursor_place, lines.follow = 2, follow
        finder, _ = finder_of(tmp_path, lines)
        finder.seek("quit", final=False)
        assert lines.cursor_place != 2
        finder.seek("", final=True)
        assert lines.search is None
        assert finder.chips == []
        assert (lines.cursor_place == 2) != follow
        assert lines.follow is follow


def test_a_filter_stays_when_something_is_looked_for(tmp_path):
    """What is outside is counted, and not gone to."""
    lines = Lines()
    lines.filter = parse("code:354")
    lines.see()
    finder, _ = finder_of(tmp_path, lines)
    finder.seek("quit", final=True)
    assert lines.view.filter is lines.filter
    assert lines.cursor_place == 0
    assert finder.words == "3 more outside the filter"
