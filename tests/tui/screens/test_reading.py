"""Finding, filtering, copying, exporting: in every mode with a transcript."""

from pathlib import Path

from textual._compositor import Compositor

from maillab.events import Routed
from maillab.tui.reading import filtered_view
from maillab.tui.reading.model import Model
from maillab.tui.screens import reading
from maillab.tui.screens.reading import ReadingScreen
from maillab.tui.state.life import On
from maillab.tui.state.shown import Live
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.talks import TalkTree
from maillab.tui.widgets.transcript import AROUND
from maillab.views.journey import Hop
from tests.house import ROOT
from tests.recording.told import told


def test_a_filter(wire_window):
    """It is in force while it is typed, it is said below, and Esc takes it away."""

    async def story(seat):
        screen = seat.app.ui.screen
        everything = len(screen.transcript.view)
        await seat.press("f")
        await seat.write("leg:relay")
        await seat.until(lambda: 0 < len(screen.transcript.view) < everything)
        await seat.press("enter")
        await seat.see("leg:relay ✕", f"of {everything}")
        await seat.press("escape")
        await seat.until(lambda: len(screen.transcript.view) == everything)
        await seat.press("f")
        await seat.write("leg:retrieve")
        await seat.press("enter")
        await seat.see(seat.app.context.texts("wire.no_match", count=everything))

    wire_window(story)


def test_what_a_filter_finds_first_is_drawn_first(wire_window, monkeypatch):
    """Of many lines: a frame is made before more of them are looked at."""
    monkeypatch.setattr(filtered_view, "SLICE", 20)
    monkeypatch.setattr(reading, "AT_ONCE", 0.0)
    done: list[str] = []

    def noting(owner, name, word):
        wrapped = getattr(owner, name)

        def note(*args, **named):
            done.append(word)
            return wrapped(*args, **named)

        monkeypatch.setattr(owner, name, note)

    async def story(seat):
        screen = seat.app.ui.screen
        await seat.press("f", "a")
        await seat.until(lambda: screen.transcript.done)
        noting(ReadingScreen, "look", "look")
        noting(Compositor, "render_update", "draw")
        noting(ReadingScreen, "_begin_to_look_on", "look on")
        await seat.press("l")
        await seat.until(lambda: "look on" in done)
        assert "draw" in done[done.index("look") : done.index("look on")]
        monkeypatch.undo()
        await seat.press("escape")
        await seat.until(lambda: screen.transcript.view.shows_all)

    wire_window(story)


def test_the_lines_that_went_wrong(wire_window):
    """They are filtered as by the word: it stands there, and Esc takes it away."""

    async def story(seat):
        screen = seat.app.ui.screen
        everything = len(screen.transcript.view)
        seat.app.ui.do("reading.errors")
        await seat.see("error ✕", f"of {everything}")
        await seat.press("escape")
        await seat.until(lambda: len(screen.transcript.view) == everything)

    wire_window(story)


def test_the_border_of_what_is_filtered(wire_window):
    """It is drawn as one line all along while the filter is typed: heavy, as of what somebody works at."""

    async def story(seat):
        await seat.press("f")
        await seat.until(lambda: any("┗" in line for line in seat.lines))
        [below] = [line for line in seat.lines if "┗" in line]
        assert "Filter" in seat.text
        assert "─" not in below.partition("┗")[2]
        await seat.press("escape")

    wire_window(story)


def test_a_filter_that_matches_nothing(wire_window):
    """Whoever gives it up is where they were, though no line was left to be at meanwhile."""

    async def story(seat):
        transcript = seat.app.ui.screen.transcript
        await seat.press("k", "k", "k")
        seq = transcript.seq
        await seat.press("f")
        await seat.write("zzz")
        await seat.until(lambda: not len(transcript.view))
        await seat.press("escape")
        await seat.until(lambda: transcript.view.shows_all)
        assert transcript.seq == seq

    wire_window(story)


def test_a_field_that_is_left(wire_window):
    """A filter that is left half typed is no filter: the field goes, by whatever way one leaves it."""

    async def story(seat):
        bar = seat.app.ui.screen.query_one(FilterBar)
        for leave in ("f6", "escape", "enter"):
            seat.app.ui.screen.action_filter()
            await seat.until(lambda: bar.is_open)
            await seat.write("rly" if leave == "enter" else "/[/")
            await seat.press(leave)
            await seat.until(lambda: not bar.is_open)
        await seat.press("escape", "escape")
        await seat.until(lambda: seat.app.ui.screen.transcript.view.shows_all)

    wire_window(story)


def test_finding(wire_window):
    """One is at the next while one types, and sees which of how many it is; what is nowhere is said to be nowhere."""

    async def story(seat):
        transcript = seat.app.ui.screen.transcript
        await seat.press("g", "slash")
        await seat.write("quit")
        await seat.see("1 of 2")
        assert transcript.entry.event.line == b"QUIT\r\n"
        first = transcript.cursor
        end = transcript.line_of(first) + AROUND
        await seat.until(lambda: end < transcript.scroll_offset.y + transcript.size.height, "what was answered")
        await seat.press("enter", "n")
        await seat.see("/quit 2 of 2 ✕")
        assert transcript.cursor > first
        await seat.press("N")
        await seat.until(lambda: transcript.cursor == first)
        await seat.press("slash")
        await seat.write("xyzzy")
        await seat.see("not found")
        await seat.press("escape")
        await seat.until(lambda: transcript.search is None)
        assert transcript.cursor == first

    wire_window(story)


def test_finding_in_other_talks(wire_window):
    """What is not in the talk that is seen is counted, and Enter goes there."""

    async def story(seat):
        wire = seat.app.ui.screen
        wire.see_only({"lookup-1"})
        await seat.focus(wire.transcript)
        await seat.press("slash")
        await seat.write("354")
        await seat.see("2 in other conversations")
        assert wire.transcript.view.talks == {"lookup-1"}
        await seat.press("enter")
        await seat.see("/354 2 of 2 ✕")
        assert wire.transcript.view.shows_all

    wire_window(story)


def test_one_level_back_at_a_time(wire_window):
    """Esc takes away what is looked for, then the talk, then the filter; the paint does not come back elsewhere."""

    async def story(seat):
        wire = seat.app.ui.screen
        await seat.press("f")
        await seat.write("leg:relay")
        await seat.press("enter", "slash")
        await seat.write("quit")
        await seat.press("enter")
        wire.query_one(TalkTree).cursor = 1
        await seat.until(lambda: wire.transcript.view.talks is not None)
        await seat.press("escape")
        await seat.until(lambda: wire.transcript.search is None)
        assert wire.transcript.view.talks
        await seat.press("escape")
        await seat.until(lambda: wire.transcript.view.talks is None)
        assert wire.transcript.view.filter
        await seat.press("escape")
        await seat.until(lambda: wire.transcript.view.shows_all)
        await seat.press("slash")
        await seat.write("quit")
        await seat.press("enter", "1", "3")
        await seat.until(lambda: seat.app.ui.screen is wire and wire.transcript.search is None)

    wire_window(story)


def test_what_holds_stands_in_the_border(wire_window):
    """A filter is named there with how many lines it shows, and a click on its sign puts it away."""

    async def story(seat):
        wire = seat.app.ui.screen
        await seat.press("f")
        await seat.write("code:354")
        await seat.press("enter")
        await seat.see(f"code:354 ✕ · 2 of {len(seat.app.context.model.entries)} lines")
        await seat.click("✕")
        await seat.until(lambda: wire.transcript.view.shows_all)
        assert "✕" not in seat.text

    wire_window(story)


def test_a_step_of_a_session_is_where_one_looks(stage):
    """Whatever one looked at before: the cursor goes to the line that it brings, and the explanation with it."""

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)
        playback = seat.app.context.playback
        await seat.press("space", "3", "ctrl+home", *"....")
        transcript = seat.app.ui.screen.transcript
        await seat.press("g", ".")
        await seat.until(lambda: transcript.seq == 5)
        await seat.see("line 5 ·")
        await seat.press("g", "]")
        await seat.until(lambda: transcript.seq == playback.position == 14)
        await seat.press("g", ",")
        await seat.until(lambda: transcript.seq == playback.position == 13)
        await seat.see("line 13 ·")

    stage(story, replay=ROOT / "examples" / "sessions" / "seven-steps.maillab")


def test_the_last_line_is_the_last(wire_window):
    """The count in the border arrives where nothing is below, also behind a talk's end, which has no row of its own."""

    async def story(seat):
        transcript, count = seat.app.ui.screen.transcript, len(seat.app.context.model.entries)
        assert transcript.cursor_place < count - 1
        await seat.see(f" {count} of {count} ")
        await seat.press("k")
        await seat.until(lambda: f" {count} of {count} " not in seat.text)
        await seat.press("G")
        await seat.see(f" {count} of {count} ")
        await seat.press("f")
        await seat.write("code:354")
        await seat.press("enter")
        await seat.see("━ 2 of 2 ━", "Explain · relay-1, line")
        await seat.press("escape")
        await seat.see(f"━ {count} of {count} ━")
        assert "354" not in seat.text.partition("Explain")[2]  # what is explained is the line one is back at

    wire_window(story)


def test_one_side(wire_window):
    """Both sides, the client's, the server's."""

    async def story(seat):
        view = lambda: seat.app.ui.screen.transcript.view  # noqa: E731
        await seat.press("d")
        assert {view().entry(row).event.side for row in range(len(view()))} == {"client"}
        await seat.press("d")
        assert {view().entry(row).event.side for row in range(len(view()))} == {"server"}
        await seat.press("d")
        assert view().shows_all

    wire_window(story)


def test_copying(wire_window):
    """A line, or a talk in a form to choose, into the clipboard."""

    async def story(seat):
        copied = []
        seat.app.copy_to_clipboard = copied.append
        seat.app.ui.screen.transcript.show_entry(2)
        await seat.press("y")
        assert copied[0].startswith("submit-1 S: 220 ")
        await seat.press("Y")
        await seat.see("swaks")
        await seat.write("swaks")
        await seat.press("enter")
        await seat.until(lambda: len(copied) == 2)
        door = seat.app.context.host.lab.endpoint("sender.test", "submission")
        assert f'--server "${{SUBMISSION:-127.0.0.1:{door.port}}}"' in copied[1]

    wire_window(story)


def test_exporting(wire_window):
    """What is seen becomes a file, in a format to choose, where one says."""

    async def story(seat):
        await seat.press("e")
        await seat.see("mermaid")
        await seat.write("json")
        await seat.press("enter")
        await seat.see("/maillab.json")
        await seat.press("enter")
        await seat.until(lambda: list(Path().glob("maillab.json*")))

    wire_window(story)


def test_a_message_that_failed(stage):
    """The line that says why is where one stands, and that is said; F follows again, and it is shown once."""
    failed = told("bounce")

    async def story(seat):
        screen, at = seat.app.ui.screen, seat.app.context
        await seat.until(lambda: isinstance(at.life, On))
        at.shown = Live(Model())
        at.model.take(failed)
        screen.news()
        await seat.see("This line says why. F follows again.")
        assert screen.transcript.entry.event.line.startswith(b"550 ")
        assert not screen.transcript.follow
        await seat.press("F")
        await seat.until(lambda: screen.transcript.follow and not screen.transcript.at_cause)
        screen.news()
        assert screen.transcript.follow

    stage(story)


def test_what_the_status_line_says_is_clicked(wire_window):
    """The next match, what clears a word that is nowhere: each does what the key beside it does."""

    async def story(seat):
        transcript = seat.app.ui.screen.transcript
        await seat.focus(transcript)
        transcript.follow = True
        await seat.click("F Following")
        await seat.until(lambda: not transcript.follow)
        await seat.see("F Follow ")
        await seat.press("slash")
        await seat.write("quit")
        await seat.press("enter")
        await seat.see("n Next match")
        before = transcript.cursor
        await seat.click("n Next match")
        await seat.until(lambda: transcript.cursor != before)
        await seat.press("slash")
        await seat.write("zebra")
        await seat.see("not found · Esc clears")
        await seat.press("enter")
        await seat.see("Esc clears")
        assert "Next match" not in seat.text
        await seat.click("Esc clears")
        await seat.until(lambda: transcript.search is None and "zebra" not in seat.text)

    wire_window(story)


def test_what_enter_does_is_said_where_it_does_it(wire_window):
    """The line of the wire and its key stand below while the wire is lit; where no wire is seen it is not counted."""

    async def story(seat):
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        lab = seat.app.ui.screen
        bar = lab.query_one("StatusBar")
        for size in ((120, 40), (80, 24), (60, 15)):
            await seat.pilot.resize_terminal(*size)
            lab.front("wire")
            await seat.see("Enter explains")
            lab.front("compose")
            await seat.until(lambda: not bar.meaning)
            assert "Enter explains" not in seat.text
            await seat.press("f4")
            await seat.until(lambda: seat.app.focused.id == "byhandfield")
            assert not bar.meaning
            await seat.press("f4")
        lab.front("wire")
        await seat.see("Enter explains")
        await seat.press("f")
        await seat.until(lambda: lab.query_one(FilterBar).is_open)
        await seat.press("escape")
        await seat.see("Enter explains")

    wire_window(story)


def test_a_station_at_which_nothing_was_said(stage):
    """It is said that nothing was: no filter keeps anything out of sight."""
    entries = told("seven-steps")
    routed = next(place for place, entry in enumerate(entries) if isinstance(entry.event, Routed))

    async def story(seat):
        screen, at = seat.app.ui.screen, seat.app.context
        await seat.until(lambda: isinstance(at.life, On))
        at.shown = Live(Model())
        at.model.take(entries[: routed + 1])
        screen.news()
        screen.query_one(HopStrip).hop = Hop.RELAY
        await seat.see("Wire · relay ✕", "Nothing was said at this station. Esc shows all.")

    stage(story)
