"""The words at the right edge of the title."""

from datetime import datetime
from pathlib import Path

import pytest

from maillab.config import default
from maillab.recording.session import Header
from maillab.tui.looks.sink import width
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.machines.title import TitleWord, fitted, lab_clock, state_words, turned_words
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.life import LabDown, On
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Replay
from maillab.tui.texts import Texts
from maillab.web.door import HttpDoor
from tests.tui.fake_ui import context, living

FRIDAY = datetime(2026, 12, 4, 8, 5).astimezone().timestamp()
WORDS = [
    TitleWord("warn", ("INSECURE ON PURPOSE", "INSECURE"), 2),
    TitleWord("good", ("● LIVE",), 3),
    TitleWord("warn", ("TEMP",), 2),
    TitleWord("bad", ("REC 02:10", "REC"), 2),
    TitleWord("dim", ("Fri 4 Dec 08:05  +5 d", "Fri 08:05  +5 d", "08:05 +5 d", "08:05", ""), 1),
]


def said(at):
    return " ".join(word.ways[0] for word in state_words(at))


def test_the_life_of_the_lab(tmp_path):
    """It starts, runs, is recorded, is down; or a session plays."""
    at = context(tmp_path)
    assert at.texts("state.starting") in said(at)
    at.life = On(default())
    at.records.state = OnRecord(Path("a"), at.now)
    assert said(at).startswith("● LIVE REC 00:00 ")
    at.live.model.turned = 432_000.0
    assert said(at).endswith("  +5 d")
    at.life = LabDown("x")
    assert "○" in said(at)
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    assert "‖ REPLAY" in said(at)


def test_a_record_goes_on_while_a_session_plays(tmp_path):
    """It stands before the word for the session, and grows with the lab's time, not with that of the session."""

    async def story(at):
        at.records.state = OnRecord(Path("a"), at.now - 65.0)
        at.shown = Replay(Model(), Playback(Recording(Header(""))))
        assert said(at) == "REC 01:05 ‖ REPLAY"

    living(context(tmp_path), story)


def test_where_a_browser_shows_the_lab(tmp_path):
    """The address stands there while the door is open; it is shorter in a small window, and left out in a smaller one."""

    async def story(at):
        [where] = [word for word in state_words(at) if word.ways[0].startswith("http://127.0.0.1:")]
        assert where.ways == (f"http://127.0.0.1:{port(at)}", f"127.0.0.1:{port(at)}", "")
        assert machines_now(at).web == where.ways[0]

    def port(at):
        return at.host.lab.endpoint("", "http").port

    living(context(tmp_path, open_http=lambda lab, free: HttpDoor(lab, 0)), story)
    assert "http" not in said(context(tmp_path))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Fri 4 Dec 08:05  +5 d", "Fri 08:05  +5 d", "08:05 +5 d", "08:05")),
        ("vi", ("T6 4/12 08:05  +5 d", "T6 08:05  +5 d", "08:05 +5 d", "08:05")),
    ],
)
def test_day_and_time(lang, words):
    """The day, the time, and how many days it was turned; shorter and shorter."""
    assert lab_clock(FRIDAY, 432_000.0, Texts(lang)) == words


def test_a_clock_that_was_not_turned():
    """It says nothing of a turn."""
    assert lab_clock(FRIDAY, 0.0, Texts("en"))[0] == "Fri 4 Dec 08:05"


def test_every_day_and_month_has_a_name():
    """Seven days and twelve months, in both languages."""
    for lang in ("en", "vi"):
        texts = Texts(lang)
        assert len(texts("clock.days").split()) == 7
        assert len(texts("clock.months").split()) == 12


@pytest.mark.parametrize(
    ("seconds", "words"), [(30, "+30 s"), (300, "+5 min"), (86_400, "+1 d"), (90_000, "+1 d"), (129_600, "+1.5 d")]
)
def test_how_far_it_was_turned(seconds, words):
    """In its largest unit."""
    assert turned_words(seconds) == words


def fits(cells, words=WORDS):
    return "".join(text for _, text in fitted(words, cells))


def test_all_of_it():
    """Where there is room everything is said, and a blank stands at the edge."""
    assert fits(80) == "INSECURE ON PURPOSE  ● LIVE  TEMP  REC 02:10  Fri 4 Dec 08:05  +5 d "


def test_what_is_shortened_first():
    """The clock, then the others; the state itself stays."""
    assert fits(60) == "INSECURE ON PURPOSE  ● LIVE  TEMP  REC 02:10  08:05 +5 d "
    assert fits(40) == "INSECURE  ● LIVE  TEMP  REC 02:10 "
    assert fits(30) == "INSECURE  ● LIVE  TEMP  REC "
    assert "● LIVE" in fits(1)


@pytest.mark.parametrize("cells", range(28, 90, 3))
def test_it_fits(cells):
    """At every size, as long as the shortest of all has room."""
    assert width(fitted(WORDS, cells)) <= cells
