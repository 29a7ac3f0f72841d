"""The Wire mode."""

from maillab.events import Carried, Delivered
from maillab.tui.commands import replay
from maillab.tui.widgets.hopstrip import HopStrip
from tests.house import ROOT


def test_talks_filter_the_wire(wire_window):
    """The talk under the cursor is seen alone; Enter goes into it."""

    async def story(seat):
        await seat.press("f6", "j", "j")
        await seat.until(lambda: seat.app.ui.screen.transcript.view.talks == {"submit-1"})
        await seat.press("enter")
        await seat.until(lambda: seat.app.ui.screen.pane_of(seat.app.focused) == "wire")

    wire_window(story)


def test_every_line_is_explained(wire_window):
    """What the line under the cursor means stands below, and all of it in the Explain pane."""

    async def story(seat):
        await seat.pilot.resize_terminal(200, 60)
        transcript = seat.app.ui.screen.transcript
        await seat.focus(transcript)
        await seat.press("g", "]")
        await seat.see("EHLO", "RFC 5321")
        assert "client" in seat.text
        await seat.press("x")
        await seat.see("000000  45 48 4c 4f")

    wire_window(story)


def test_enter_goes_to_what_is_explained_beside(wire_window):
    """Where the Explain pane stands already Enter goes into it, and Esc back; a line that folds is read where it is."""

    async def story(seat):
        def lit():
            return seat.app.ui.screen.pane_of(seat.app.focused)

        transcript = seat.app.ui.screen.transcript
        rcpt, content = (
            next(e.seq for e in transcript.model.entries if kind(e.event)) for kind in (_is_rcpt, _is_content)
        )
        await seat.focus(transcript)
        transcript.show_entry(rcpt)
        await seat.press("enter")
        await seat.until(lambda: lit() == "explain")
        await seat.press("escape")
        await seat.until(lambda: lit() == "wire")
        assert transcript.seq == rcpt
        transcript.show_entry(content)
        for folds in ("▾", "▸"):
            await seat.press("enter")
            await seat.see(folds)
            assert lit() == "wire"

    wire_window(story)


def _is_rcpt(event):
    return getattr(event, "line", b"").startswith(b"RCPT TO")


def _is_content(event):
    return isinstance(event, Carried)


def test_a_message_grows(wire_window):
    """The message as it stands at a station, with the lines that came since the last."""

    async def story(seat):
        await seat.pilot.resize_terminal(200, 60)
        model = seat.app.context.live.model
        carried = [entry.seq for entry in model.entries if type(entry.event).__name__ == "Carried"]
        seat.app.ui.screen.transcript.show_entry(carried[1])
        await seat.see("+ Received: from")

    wire_window(story)


def test_a_station(wire_window):
    """A station of the message filters here, too, whatever the tree stands on; what is seen is said; Esc shows all."""

    async def story(seat):
        wire = seat.app.ui.screen
        await seat.press("f6", "j", "j")
        await seat.see("Wire · submit-1")
        await seat.click("relay")
        await seat.until(lambda: wire.transcript.view.talks == {"relay-1"})
        await seat.see("Wire · relay")
        wire.news()
        assert wire.transcript.view.talks == {"relay-1"}
        await seat.press("escape")
        await seat.until(lambda: wire.transcript.view.shows_all)
        await seat.focus(wire.query_one("#talks"))
        await seat.press("j")
        await seat.see("Wire · L1")
        await seat.press("escape")
        await seat.until(lambda: wire.transcript.view.shows_all)

    wire_window(story)


def test_a_line_of_a_story_is_in_sight_where_it_is_explained(stage):
    """Whoever goes there from the Lab mode sees it, however much room its explanation and the narrator take below it."""

    async def story(seat):
        await seat.ready()
        at = seat.app.context
        await replay.tell_story(at, "greylist-then-retry")
        replay.end(at)
        await seat.until(lambda: seat.app.ui.screen.transcript.count() > 60)
        await seat.press("k", "enter")
        await seat.until(lambda: seat.app.current_mode == "wire")
        screen = seat.app.ui.screen
        await seat.until(lambda: screen.has_class("-told"))
        lines = screen.transcript

        def is_seen():
            return 0 <= lines.line_of(lines.cursor) - lines.scroll_offset.y < lines.size.height

        await seat.until(is_seen, "the line under the cursor")
        size = lines.size.height
        await seat.pilot.resize_terminal(120, 34)
        await seat.until(lambda: lines.size.height != size)
        await seat.until(is_seen, "the line under the cursor, in less room")

    stage(story, size=(120, 40))


def test_out_of_the_explanation(wire_window):
    """Where it stands alone, Esc goes back to the lines; the line is explained at once."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.press("g", "x")
        await seat.see(", line 1", "TCP connection")
        await seat.press("escape")
        await seat.until(lambda: seat.app.ui.screen.fronted == "wire")

    wire_window(story)


def test_another_entry_where_the_explanation_stands_alone(wire_window):
    """Each time it comes to the front it explains the line under the cursor, also when nothing new is said."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        for number in (3, 4, 5):
            await seat.focus(seat.app.ui.screen.transcript)
            await seat.press("g", *"j" * (number - 1), "enter")
            await seat.see(f", line {number}")
            await seat.press("escape")
            await seat.until(lambda: seat.app.ui.screen.fronted == "wire")

    wire_window(story)


def test_a_model_that_shrinks(stage):
    """A mode that was not shown meanwhile is drawn as the session stands now (it began anew)."""

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)
        await seat.press("ctrl+end")
        await seat.until(lambda: seat.app.context.model.entries and seat.app.context.playback.at_end)
        await seat.press("3", "G")
        await seat.click("relay")
        await seat.until(lambda: seat.app.ui.screen.transcript.view.talks == {"relay-1"})
        await seat.press("[", "[", "[", *"," * 10)
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.press("ctrl+home")
        await seat.until(lambda: not seat.app.context.model.entries)
        await seat.pilot.resize_terminal(150, 50)
        await seat.press("3")
        await seat.see("Nothing has happened yet at this point")
        assert not seat.app.ending.crash_report

    stage(story, replay=ROOT / "examples" / "sessions" / "seven-steps.maillab")


def test_finding_and_filtering_from_the_conversations(wire_window):
    """/ and f ask there, too, and what is typed narrows the wire beside them."""

    async def story(seat):
        def conversations():
            return seat.app.ui.screen.pane_of(seat.app.focused) == "talks"

        await seat.press("f6")
        await seat.until(conversations)
        await seat.press("slash")
        await seat.write("RCPT TO")
        await seat.press("enter")
        await seat.until(lambda: seat.app.ui.screen.transcript.search is not None)
        await seat.press("escape", "escape")
        seat.app.ui.screen.front("talks")
        await seat.until(conversations)
        await seat.press("f")
        await seat.write("verb:rcpt")
        await seat.press("enter")
        await seat.until(lambda: seat.app.ui.screen.transcript.view.filter is not None)
        await seat.see("verb:rcpt", "RCPT TO:<bob@recipient.test>")
        assert "▶   EHLO" not in seat.text

    wire_window(story)


def test_a_station_that_was_chosen_elsewhere(wire_window):
    """From the sessions, too, it leads to what was said there; by keys the line of stations stays lit, to go on to the next."""

    async def story(seat):
        await seat.press("4")
        await seat.until(lambda: seat.app.current_mode == "sessions")
        await seat.click("relay")
        await seat.until(lambda: seat.app.current_mode == "wire")
        wire = seat.app.ui.screen
        await seat.until(lambda: wire.transcript.view.talks == {"relay-1"})
        assert wire.pane_of(seat.app.focused) == "wire"
        await seat.press("4")
        await seat.until(lambda: seat.app.current_mode == "sessions")
        await seat.focus(seat.app.ui.screen.query_one(HopStrip))
        await seat.press("right")
        await seat.until(lambda: seat.app.current_mode == "wire" and wire.transcript.view.talks == {"submit-1"})
        assert seat.app.focused is wire.query_one(HopStrip)
        await seat.press("right")
        await seat.until(lambda: wire.transcript.view.talks == {"lookup-1", "lookup-2"})
        await seat.press("enter")
        await seat.until(lambda: wire.transcript.view.shows_all)

    wire_window(story)


def test_why_it_was_delivered(wire_window):
    """What became of the message leads to the line that says so, out of any station, and from any mode."""

    async def story(seat):
        wire = seat.app.ui.screen
        await seat.click("relay")
        await seat.until(lambda: wire.transcript.view.talks == {"relay-1"})
        for mode in ("wire", "sessions"):
            await seat.press({"wire": "3", "sessions": "4"}[mode])
            await seat.until(lambda mode=mode: seat.app.current_mode == mode)
            await seat.click("DELIVERED")
            await seat.until(lambda: isinstance(wire.transcript.entry.event, Delivered))
            assert seat.app.current_mode == "wire"
            assert wire.transcript.view.shows_all
            wire.transcript.follow = True

    wire_window(story)
