"""The whole conversation, line by line."""

import re
import time
from itertools import pairwise

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollUp

from maillab.events import Carried, Entry, Said, Side
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import LinePart, Model
from maillab.tui.reading.search import Search
from maillab.tui.reading.wire_rows import WireRows
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.transcript import TranscriptPane
from maillab.views.filter import parse
from maillab.views.safe import safe
from tests.lookups import looked_up
from tests.recording.told import record, told

EN = Texts("en")


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


@pytest.fixture
def model():
    return model_of(told("seven-steps"))


def test_lines(stage, model):
    """A heading for a talk, then time, who speaks, sign, and what was said."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        transcript.follow = False
        await seat.focus(transcript)
        await seat.press("g")
        assert seat.lines[0].startswith("── submit-1   laptop.sender.test ▶ mail.sender.test:587 ──")
        assert re.search(r" \d+ ms ✓ ── *$", seat.lines[0])
        assert re.match(r" 0\.0\d\d ◀   220 mail\.sender\.test ESMTP", seat.lines[1])
        assert any("▶   EHLO laptop.sender.test" in line for line in seat.lines)
        assert any("◀   250 PIPELINING SIZE " in line and " ▸  it offers 10" in line for line in seat.lines)
        assert any("═   TLS 1.3" in line for line in seat.lines)
        await seat.press("G")
        assert any("▶   QUIT" in line for line in seat.lines)

    stage.alone(transcript, story=story)


def test_what_lines_mean(stage, model):
    """Where there is room each line is explained behind it; E takes that away, and a line that is long is cut."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g")
        line = next(line for line in seat.lines if "◀   220 " in line)
        assert "the server is ready" in line
        await seat.pilot.resize_terminal(60, 20)
        await seat.until(lambda: "server is ready" not in seat.text)
        await seat.pilot.resize_terminal(120, 20)
        await seat.see("the server is ready")
        transcript.action_explain()
        await seat.until(lambda: "server is ready" not in seat.text)

    stage.alone(transcript, story=story, size=(120, 20))


def test_the_bar_of_lines_that_came_at_once(stage, model):
    """It stands where they were scrolled to, although it is newer than they are."""
    transcript = TranscriptPane(Model(), EN)

    async def story(seat):
        await seat.focus(transcript)
        transcript.look_through(FilteredView(model))
        await seat.until(lambda: transcript.show_vertical_scrollbar and transcript.scroll_y > 0)
        await seat.until(lambda: transcript.vertical_scrollbar.position == transcript.scroll_y)

    stage.alone(transcript, story=story)


def test_the_heading_of_a_talk_stays_in_sight(stage, model):
    """In the middle of a talk it stands in the first line, unless the cursor is there."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g", *"j" * 14)
        await seat.until(lambda: transcript.scroll_offset.y > 2)
        assert seat.lines[0].startswith("── submit-1 ")
        top = transcript.item_at(transcript.scroll_offset.y)
        transcript.show(top)
        await seat.until(lambda: not seat.lines[0].startswith("──"))

    stage.alone(transcript, story=story, size=(80, 10))


def test_no_heading_stands_under_another(stage, model):
    """However far one scrolls: where the next talk begins in the second line the last line of the other stands above."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        kept = 0
        for y in range(transcript.max_scroll_y + 1):
            transcript.scroll_to(y=y, animate=False, immediate=True)
            await seat.pilot.pause()
            are_heads = [line.startswith("──") for line in seat.lines]
            assert not any(map(all, pairwise(are_heads))), seat.text
            kept += are_heads[0]
        assert kept > 20

    stage.alone(transcript, story=story, size=(80, 10))


def test_a_long_line_is_cut_until_one_looks_aside(stage):
    """What is cut ends with …; to the right stands the rest of it."""
    transcript = TranscriptPane(model_of(record(f"S: 220 {'word ' * 30}end")), EN)

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("G")
        assert "…  the server is ready" in seat.lines[1]
        await seat.press(*["right"] * 20)
        await seat.see(" word end")

    stage.alone(transcript, story=story)


def test_following(stage, model):
    """The newest line is in sight until one goes up; what comes then is counted; F goes back to it."""
    entries = model.entries
    model = model_of(entries[:60])
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        transcript.news()
        assert transcript.seq == 60
        assert transcript.cursor == transcript.count() - 1
        await seat.press("up")
        assert not transcript.follow
        model.take(entries[60:62])
        transcript.news()
        await seat.pilot.pause()
        assert transcript.unseen == 2
        assert transcript.seq == 59
        seat.app.told.clear()
        await seat.press("F")
        assert transcript.follow
        assert transcript.unseen == 0
        assert transcript.seq == 62
        assert [told.item for told in seat.app.told if isinstance(told, TranscriptPane.Moved)] == [transcript.cursor]
        model.take(entries[62:])
        transcript.news()
        assert transcript.is_vertical_scroll_end

    stage.alone(transcript, story=story)


def test_following_an_answer_that_grows(stage):
    """Its row takes more lines where long ones are broken, while no other row comes: the last of them is seen, too."""
    told = record("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250 SMTPUTF8")
    model = model_of(told[:4])
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        transcript.wrap = True
        await seat.see("250-mx")
        model.take(told[4:7])
        transcript.news()
        await seat.see("SMTPUTF8 ▸")

    stage.alone(transcript, story=story, size=(34, 4))


def test_only_a_person_ends_the_following(stage, model):
    """Neither the opening of a pane on lines that are there, nor another size of it, nor another look does."""
    transcript = TranscriptPane(model, EN)

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
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        carried = next(e.seq for e in model.entries if type(e.event).__name__ == "Carried")
        transcript.show_entry(carried)
        await seat.see("▸ ")
        lines = transcript._lines
        await seat.press("enter")
        await seat.see("│ From: ")
        assert transcript._lines > lines + 5
        above = transcript.line_of(transcript.cursor) - transcript.scroll_offset.y
        chosen = transcript.render_line(above)._segments[-1].style.bgcolor
        assert transcript.render_line(above + 1)._segments[-1].style.bgcolor != chosen
        await seat.press("enter")
        assert transcript._lines == lines
        assert [m.item for m in seat.app.told if isinstance(m, TranscriptPane.Chosen)]

    stage.alone(transcript, story=story)


def test_a_message_of_dns_is_folded(stage):
    """It is one line; Enter shows every field of it."""
    events = looked_up("lookup-1", "a.test. IN MX", "a.test. 60 IN MX 10 x.a.test.")
    transcript = TranscriptPane(model_of([Entry(seq, seq / 8, event) for seq, event in enumerate(events, 1)]), EN)

    async def story(seat):
        await seat.focus(transcript)
        transcript.show_entry(2)
        await seat.see("◀   MX 10 x.a.test")
        await seat.press("enter")
        await seat.see("│ flags      qr aa rd")
        await seat.press("enter")
        assert transcript._lines == 3

    stage.alone(transcript, story=story)


def test_long_lines(stage):
    """They go on beyond the edge, or below themselves; what is drawn has a bound."""
    model = model_of(record(f"S: 220 {'word ' * 60}\nS: 220 {'x' * 1_000_000}"))
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        assert transcript._lines == 3
        await seat.press("g", "w")
        assert transcript.wrap
        assert transcript._lines > 10
        await seat.press("w")
        assert transcript._lines == 3

    stage.alone(transcript, story=story)


def test_times(stage, model):
    """Since the beginning, since the line before, or of the day."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g", "t")
        assert transcript.time == "delta"
        await seat.press("t")
        assert transcript.time == "absolute"
        assert seat.lines[1][:9].count(":") == 2
        await seat.press("t")
        assert transcript.time == "relative"

    stage.alone(transcript, story=story)


def test_along_a_talk(stage, model):
    """From command to command of one talk, and from talk to talk."""
    transcript = TranscriptPane(model, EN)

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


def test_finding(stage, model):
    """What is found stands out, and not its line; what is folded there unfolds."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        for words in ("8bitmime", "dear bob"):
            search = Search(model, words, transcript.words_of)
            search.advance()
            transcript.seek(search)
            transcript.show_found(search.next(-1, 1))
            await seat.until(lambda words=words: words in seat.text.lower(), words)
            found = [
                text for line in transcript.item(transcript.cursor, 80) for style, text in line if style == "found"
            ]
            assert [text.lower() for text in found] == [words]
        transcript.seek(None)
        await seat.pilot.pause()
        assert not any(style == "found" for line in transcript.item(transcript.cursor, 80) for style, _ in line)

    stage.alone(transcript, story=story)


def test_another_lens(stage, model):
    """Filtered, the cursor stays at its moment, and is back at its line when that is seen again."""
    transcript = TranscriptPane(model, EN)
    entry = model.entries[12]

    async def story(seat):
        await seat.focus(transcript)
        transcript.show_entry(entry.seq)
        transcript.look_through(FilteredView(model, parse("leg:relay mail")))
        assert ("typed", "mail") in transcript.item(0, 80)[0]  # for what it is seen
        transcript.look_through(FilteredView(model, parse("leg:relay")))
        assert transcript.seq > entry.seq
        assert transcript.view.sees(model.place(transcript.seq))
        for words in ("leg:retrieve code:250", "nowhere-at-all"):
            transcript.look_through(FilteredView(model, parse(words)))
        assert transcript.count() == 0
        transcript.look_through(FilteredView(model))
        assert transcript.entry is entry
        transcript.look_through(FilteredView(model, parse("leg:relay")))
        await seat.press("j")
        moved = transcript.seq
        transcript.look_through(FilteredView(model))
        assert transcript.seq == moved

    stage.alone(transcript, story=story)


def test_all_lines_again(stage, model, monkeypatch):
    """Whoever goes back to all lines does not wait until they are laid out once more, and what was unfolded is so."""
    transcript, laid_out = TranscriptPane(model, EN), []

    async def story(seat):
        place = next(place for place in range(len(model.entries)) if model.part(place) == LinePart.HEAD)
        transcript.show_entry(model.entries[place].seq)
        transcript.action_open()
        count = transcript.count()
        transcript.look_through(FilteredView(model, parse("leg:relay")))
        assert transcript.count() < count
        lay_out = WireRows._laid_out
        monkeypatch.setattr(WireRows, "_laid_out", lambda *args: laid_out.append(args) or lay_out(*args))
        transcript.look_through(FilteredView(model))
        assert transcript.count() == count
        assert not laid_out

    stage.alone(transcript, story=story)


def test_another_model_is_followed(stage, model):
    """Whatever one read before: of a session that is opened, and of the lab that one goes back to, the newest is seen."""
    transcript, other = TranscriptPane(model, EN), model_of(told("tls"))

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("g")
        assert not transcript.follow
        transcript.look_through(FilteredView(other))
        assert transcript.follow
        assert transcript.cursor == transcript.count() - 1

    stage.alone(transcript, story=story)


def test_entries_that_go(stage, model):
    """When the oldest entries are kept no longer the rest is shown as it was."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        await seat.focus(transcript)
        await seat.press("G")
        model.forget(model.entries[50].seq)
        transcript.news()
        await seat.pilot.pause()
        assert transcript.entry is model.entries[-1] or transcript.cursor == transcript.count() - 1
        assert any("QUIT" in line for line in seat.lines)

    stage.alone(transcript, story=story)


@pytest.mark.parametrize("wrap", [False, True])
def test_lines_of_a_filter_that_go(stage, model, wrap):
    """They go from the screen, too; and none is looked for where no line is like that."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        transcript.wrap = wrap
        transcript.look_through(FilteredView(model, parse("code:2xx")))
        await seat.pilot.pause()
        assert any("250" in line for line in seat.lines)
        model.forget(model.entries[-1].seq + 1)
        transcript.news()
        await seat.pilot.pause()
        assert transcript.count() == 0
        assert not any("250" in line for line in seat.lines)
        transcript.news()
        transcript.look_through(FilteredView(model, parse("code:550")))
        transcript.news()

    stage.alone(transcript, story=story)


def test_a_hundred_thousand_lines(stage):
    """Many lines cost nothing until they are looked at."""
    line = b"NOOP\r\n"
    model = model_of([Entry(n, n / 1_000, Said("relay-1", Side.CLIENT, line)) for n in range(1, 100_001)])
    transcript = TranscriptPane(model, EN)
    made = []

    async def story(seat):
        item = transcript.item
        transcript.item = lambda index, cells: made.append(index) or item(index, cells)
        await seat.focus(transcript)
        began = time.process_time()
        await seat.press("g", "pagedown", "G", "pageup")
        model.learn()
        transcript.news()
        assert transcript.count() == 100_001  # with a heading
        assert len(made) < 300
        assert time.process_time() - began < 20  # a bound on disaster, not a measurement

    stage.alone(transcript, story=story)


@pytest.mark.parametrize(
    "said",
    ["日本語のメール", "Thư tiếng Việt: ệ ữ", "👍🏽 👩\u200d👩\u200d👧 ok", "e\u0302\u0323 cre\u0300me", "🇻🇳 cờ"],
)
def test_wide_characters_shift_nothing(stage, said):
    """However wide the characters of a line are, it ends where the others do, and so does what stands after it."""
    transcript = TranscriptPane(model_of(record(f"C: SUBJECT {said}\nS: 250 ok")), EN)

    async def story(seat):
        transcript.follow = False
        await seat.focus(transcript)
        assert {cell_len(strip.text) for strip in seat.strips} == {80}
        assert any(f"SUBJECT {safe(said)}" in line for line in seat.lines)
        await seat.press("w")
        assert {cell_len(strip.text) for strip in seat.strips} == {80}

    stage.alone(transcript, story=story)


def test_a_click_on_the_sign_of_what_is_folded(stage, model):
    """It unfolds an answer and a content, and folds them again; a click on the words only puts the cursor there."""
    transcript = TranscriptPane(model, EN)

    async def story(seat):
        transcript.follow = False
        await seat.focus(transcript)
        await seat.press("g")
        await seat.click("250 PIPELINING")
        assert "▸  it offers 10 extensions" in seat.text
        await seat.click("▸")
        await seat.see("250-PIPELINING")
        await seat.click("▾")
        await seat.until(lambda: "250-PIPELINING" not in seat.text)
        transcript.show_entry(next(entry.seq for entry in model.entries if isinstance(entry.event, Carried)))
        await seat.see("lines of message")
        _, y = seat.place("lines of message")
        sign = seat.lines[y].index("▸")
        await seat.pilot.click(offset=(sign, y))
        await seat.see("Subject:")
        await seat.click("▾ ")
        await seat.until(lambda: "Subject:" not in seat.text)
        assert not any(isinstance(message, Rows.Chosen) for message in seat.app.told)

    stage.alone(transcript, story=story)
