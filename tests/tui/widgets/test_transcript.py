"""The whole conversation, line by line."""

import time

import pytest
from textual.events import MouseScrollUp

from maillab.events import Entry, Said, Side
from maillab.tui.filtered_view import FilteredView
from maillab.tui.model import Model
from maillab.tui.widgets import transcript as room
from maillab.tui.widgets.transcript import TranscriptPane, tag_of
from maillab.views.filter import parse
from maillab.views.transcript import Transcript as View
from tests.lookups import looked_up
from tests.recording.told import record, told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


@pytest.fixture
def model():
    return model_of(told("seven-steps"))


def test_lines(stage, model):
    """Time, leg and speaker, sign, and what was said."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        transcript.follow = False
        await seat.focus(transcript)
        await seat.press("g")
        assert "0.000 sub1-" in seat.lines[0]
        assert any("sub1< " in line and "220 " in line for line in seat.lines)
        await seat.press("G")
        assert any("pop1> " in line and "QUIT" in line for line in seat.lines)

    stage.alone(transcript, story=story)


def test_tags(model):
    """Who speaks on which leg can be told without colour."""
    view = View()
    tags = {tag_of(entry, view.rows(entry)[0]) for entry in model.entries}
    assert {"sub1>", "sub1<", "dns1?", "dns1=", "rly1>", "rly1<", "pop1>", "pop1<", "sub1-"} <= tags


def test_following(stage, model):
    """The newest line is in sight until one goes up; what comes then is counted; F goes back to it."""
    entries = model.entries
    model = model_of(entries[:60])
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        transcript.news()
        assert transcript.cursor == 59
        await seat.press("up")
        assert not transcript.follow
        model.take(entries[60:70])
        transcript.news()
        await seat.pilot.pause()
        assert transcript.unseen == 10
        assert transcript.cursor == 58
        await seat.press("F")
        assert transcript.follow
        assert transcript.unseen == 0
        assert transcript.cursor == 69
        model.take(entries[70:])
        transcript.news()
        assert transcript.is_vertical_scroll_end

    stage.alone(transcript, story=story)


def test_only_a_person_ends_the_following(stage, model):
    """Neither the opening of a pane on lines that are there, nor another size of it, nor another look does."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        assert transcript.follow
        transcript.news()
        for width, height in ((60, 10), (120, 40)):
            await seat.pilot.resize_terminal(width, height)
            await seat.until(lambda width=width: transcript.size.width <= width)
            transcript.wrap = not transcript.wrap
            assert transcript.follow
            assert transcript.cursor == transcript.count() - 1
        transcript.post_message(MouseScrollUp(transcript, 1, 1, 0, -1, 0, False, False, False))
        await seat.until(lambda: not transcript.follow)

    stage.alone(transcript, story=story)


def test_a_message_is_folded(stage, model):
    """The content of a message is one line; Enter unfolds it, and folds it again."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        carried = next(e.seq for e in model.entries if type(e.event).__name__ == "Carried")
        transcript.show_entry(carried)
        await seat.see("▸ ")
        lines = transcript._lines
        await seat.press("enter")
        await seat.see("│ From: ")
        assert transcript._lines > lines + 5
        await seat.press("enter")
        assert transcript._lines == lines
        assert [m.item for m in seat.app.told if isinstance(m, TranscriptPane.Chosen)]

    stage.alone(transcript, story=story)


def test_a_message_of_dns_is_folded(stage):
    """It is one line; Enter shows every field of it."""
    events = looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 x.a.test.")
    transcript = TranscriptPane(model_of([Entry(seq, seq / 8, event) for seq, event in enumerate(events, 1)]), "en")

    async def story(seat):
        await seat.focus(transcript)
        transcript.show_entry(2)
        await seat.see("dns1=    NOERROR aa a.test. 60 IN MX 10 x.a.test.")
        await seat.press("enter")
        await seat.see("│ flags      qr aa rd")
        await seat.press("enter")
        assert transcript._lines == 2

    stage.alone(transcript, story=story)


def test_long_lines(stage):
    """They go on beyond the edge, or below themselves; what is drawn has a bound."""
    model = model_of(record(f"S: 220 {'word ' * 60}\nS: 220 {'x' * 1_000_000}"))
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        assert transcript._lines == 4
        await seat.press("g", "w")
        assert transcript.wrap
        assert transcript._lines > 10
        await seat.press("w")
        assert transcript._lines == 4

    stage.alone(transcript, story=story)


def test_times(stage, model):
    """Since the beginning, since the line before, or of the day."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g", "t")
        assert transcript.time == "delta"
        await seat.press("t")
        assert transcript.time == "absolute"
        assert seat.lines[0][:9].count(":") == 2
        await seat.press("t")
        assert transcript.time == "relative"

    stage.alone(transcript, story=story)


def test_along_a_talk(stage, model):
    """From command to command of one talk, and from talk to talk."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g", "]")
        assert transcript.entry.event.line.startswith(b"EHLO")
        await seat.press("]", "[")
        assert transcript.entry.event.line.startswith(b"EHLO")
        await seat.press("}")
        assert type(transcript.entry.event).__name__ == "Opened"
        assert transcript.entry.event.talk == "lookup-1"
        await seat.press("{")
        assert transcript.entry.event.talk == "submit-1"
        transcript.replaying = True
        before = transcript.cursor
        await seat.press("]", "]")
        assert transcript.cursor == before

    stage.alone(transcript, story=story)


def test_finding(stage, model, monkeypatch):
    """The next line that has it, round the end; nothing where none has."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g")
        assert any(transcript.find(lambda text: "QUIT" in text))
        first = transcript.cursor
        assert any(transcript.find(lambda text: "QUIT" in text))
        assert transcript.cursor > first
        assert any(transcript.find(lambda text: "QUIT" in text, -1))
        assert transcript.cursor == first
        assert not any(transcript.find(lambda text: "nowhere" in text))
        monkeypatch.setattr(room, "SOUGHT", 10)
        pauses = transcript.find(lambda text: "nowhere" in text)
        assert next(pauses) is False
        transcript.look_through(FilteredView(model, None, {"relay-1"}))
        assert list(pauses) == []  # something else is looked through now

    stage.alone(transcript, story=story)


def test_another_lens(stage, model):
    """Filtered, the cursor stays at its moment."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        transcript.show_entry(model.entries[60].seq)
        view = FilteredView(model, parse("leg:relay"))
        transcript.look_through(view)
        assert transcript.entry.seq >= model.entries[60].seq
        assert transcript.count() == len(view)
        transcript.look_through(FilteredView(model))
        assert transcript.entry.seq >= model.entries[60].seq

    stage.alone(transcript, story=story)


def test_entries_that_go(stage, model):
    """When the oldest entries are kept no longer the rest is shown as it was."""
    transcript = TranscriptPane(model, "en")

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("G")
        model.forget(model.entries[50].seq)
        transcript.news()
        await seat.pilot.pause()
        assert transcript.count() == len(model.entries)
        assert any("QUIT" in line for line in seat.lines)

    stage.alone(transcript, story=story)


def test_a_hundred_thousand_lines(stage):
    """Many lines cost nothing until they are looked at."""
    line = b"250-PIPELINING\r\n"
    model = model_of([Entry(n, n / 1_000, Said("relay-1", Side.SERVER, line)) for n in range(1, 100_001)])
    transcript = TranscriptPane(model, "en")
    made = []

    async def story(seat):
        item = transcript.item
        transcript.item = lambda index, cells: made.append(index) or item(index, cells)
        await seat.focus(transcript)
        began = time.process_time()
        await seat.press("g", "pagedown", "G", "pageup")
        assert transcript.count() == 100_000
        assert len(made) < 300
        assert time.process_time() - began < 20  # a bound on disaster, not a measurement

    stage.alone(transcript, story=story)
