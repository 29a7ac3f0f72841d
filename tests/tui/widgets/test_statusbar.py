"""The line above the keys."""

import re

import pytest

from maillab.tui.machines.notices import WORDS
from maillab.tui.state.said import SaidWord
from maillab.tui.texts import Texts
from maillab.tui.widgets.statusbar import StatusBar


def test_facts_meaning_news(stage):
    """What is seen at the left, what it means behind it, what came at the right edge; safe and cut to fit."""
    bar = StatusBar()

    async def story(seat):
        bar.facts, bar.news = "188 lines", "▼ 146 new"
        bar.meaning = "message accepted \x1b]0;PWN\x07 " + "long " * 40
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" 188 lines ‹ message accepted ␛]0;PWN␇ long")
        assert "…" in seat.lines[0]
        assert seat.lines[0].endswith(" ▼ 146 new ")
        bar.more = "Enter explains"
        await seat.pilot.pause()
        assert "… · Enter explains" in seat.lines[0]
        bar.meaning = "short"
        await seat.pilot.pause()
        assert "‹ short · Enter explains  " in seat.lines[0]
        bar.meaning = ""
        await seat.pilot.pause()
        assert "Enter" not in seat.lines[0]
        bar.meaning = "short"
        bar.words = (SaidWord("plain", "saved", 1.0), SaidWord("bad", "no \x1b]0;x", 1.0))
        await seat.pilot.pause()
        assert [line.rstrip() for line in seat.lines[:2]] == [" ✗ no ␛]0;x", ""]  # the newest
        bar.words = (SaidWord("good", "delivered " * 30, 1.0),)
        await seat.pilot.pause()
        assert seat.lines[0].rstrip().endswith("delivered")
        assert seat.lines[1].rstrip().endswith("…")
        assert not seat.lines[2].strip()
        bar.words = ()
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" 188 lines")

    stage.alone(bar, story=story)


def test_a_source_is_never_cut(stage):
    """Where a standard that is named behind a meaning has no room, the meaning stands there without it."""
    bar = StatusBar()

    async def story(seat):
        meaning = "The server took the message. " * 2 + "It is now a promise to deliver."
        bar.meaning = f"{meaning} (RFC 5321 §4.2.3)"
        await seat.pilot.pause()
        assert seat.lines[0].rstrip().endswith("‹ " + meaning)
        bar.meaning = "short (RFC 5321 §4.2.3)"
        await seat.pilot.pause()
        assert seat.lines[0].rstrip().endswith("‹ short (RFC 5321 §4.2.3)")

    stage.alone(bar, story=story, size=(100, 24))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_key_that_helps_is_never_cut(stage, lang):
    """The longest reason, and behind it the key: both stand there, in two lines at 80 columns."""
    bar, texts = StatusBar(), Texts(lang)
    why = "550 5.1.1 no such mailbox here, and some more words of a server"[:WORDS]
    values = {
        "zone": "nowhere.recipient.test",
        "to": "alice",
        "name": "L12",
        "host": "mx.recipient.test",
        "wait": "5 min",
        "why": why,
    }

    async def story(seat):
        for text in ("notice.deferred", "notice.deferred.refused", "notice.bounced", "names.served"):
            bar.words = (SaidWord("warn", texts(text, **values), 1.0),)
            await seat.pilot.pause()
            shown = " ".join(line.strip() for line in seat.lines[:2])
            assert shown.removeprefix("! ") == texts(text, **values)

    stage.alone(bar, story=story)


def test_how_to_read_more_counts_for_more_than_how_much_is_seen(stage):
    """Where both have no room the meaning keeps its key, beside the keys of the news."""
    bar = StatusBar()

    async def story(seat):
        bar.facts, bar.news = "587 lines", "This line says why. F follows."
        bar.meaning, bar.more = "Refused: no such mailbox, or policy forbids it", "Enter explains"
        await seat.pilot.pause()
        meaning, _, keys = seat.lines[0].partition(" · ")
        assert meaning == " ‹ Refused: no such mailbox…"  # a word is not cut
        assert re.match("Enter explains {2,}This line says why. F follows. $", keys)
        bar.is_spare = False  # they say what keeps lines out of sight
        bar.facts = "12 of 587 lines"
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" 12 of 587 lines ‹ Refused: no")

    stage.alone(bar, story=story)


def test_nothing_to_say(stage):
    """A window of few lines has none for a blank status; what is said, or known, has one."""
    bar = StatusBar()

    async def story(seat):
        await seat.until(lambda: not bar.display or not bar.size.height)
        bar.facts = "7 lines"
        await seat.see("7 lines")
        bar.facts = ""
        await seat.until(lambda: not bar.size.height)

    stage.alone(bar, layout="-short", story=story)
