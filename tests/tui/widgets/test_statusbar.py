"""The line above the keys."""

from maillab.tui.state.said import SaidWord
from maillab.tui.widgets.statusbar import StatusBar


def test_facts_meaning_news(stage):
    """What is seen at the left, what it means behind it, what came at the right edge; safe and cut to fit."""
    bar = StatusBar()

    async def story(seat):
        bar.facts, bar.news = "188 lines", "follow ▼"
        bar.meaning = "message accepted \x1b]0;PWN\x07 " + "long " * 40
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" 188 lines ‹ message accepted ␛]0;PWN␇ long")
        assert "…" in seat.lines[0]
        assert seat.lines[0].endswith(" follow ▼ ")
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
        assert seat.lines[0].rstrip().endswith("…")
        assert not seat.lines[1].strip()
        bar.words = ()
        await seat.pilot.pause()
        assert seat.lines[0].startswith(" 188 lines")

    stage.alone(bar, story=story)
