"""What is pure in the measurements of the window."""

from collections import Counter, defaultdict
from itertools import islice
from math import isnan

import pytest

from maillab.events import Entry, Opened
from maillab.recording.session import load
from maillab.tui.reading.model import Model
from tests.bench import live_lines, many_lines, moving, tui, watched, window_table
from tests.bench.windows import Order, source, story


def test_source():
    """The story goes on without end, with talks and messages of its own each time."""
    told = story()
    events = list(islice(source(told), 3 * len(told)))

    assert events[: len(told)] == told
    opened = Counter(event.talk for event in events if isinstance(event, Opened))
    assert set(opened.values()) == {1}
    model = Model()
    model.take([Entry(number, 0.0, event) for number, event in enumerate(events, 1)])
    assert [trip.settled for trip in model.journeys.trips] == [True] * 3


def test_order():
    """Lines come at once, or at a rate."""
    assert Order(given=7).lines == 7
    assert Order(rate=2000, seconds=0.5).lines == 1000


def test_session(tmp_path):
    """A session of so many lines can be read; nothing is missing in it."""
    path = many_lines.write(tmp_path / "s.maillab", 300)

    assert len(load(path).entries) == 300
    assert live_lines.missing(path, 300) == 0
    assert live_lines.missing(path, 302) == 2


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"\x1b[?2026h\x1b[3;1H\x1b[38;2;1;2;3mCom\x1b[0mpose", b"Compose"),
        (b"\x1b]2;title\x07one\x1b]0;x\x1b\\two\x1b(B", b"onetwo"),
        (b"\x1b7\x1b8still", b"still"),
    ],
)
def test_plain(octets, text):
    """Words are found whatever moves and colours them."""
    assert watched.plain(octets) == text


def test_share():
    """Of a hundred values, the 99th; of none, none."""
    assert window_table.share(list(range(1, 101)), 99) == 99
    assert window_table.share([3.0, 1.0], 95) == 3.0
    assert isnan(window_table.share([], 50))


def test_rows():
    """Ours stands first, with its ratio to the smallest window and with what it should be."""
    facts = defaultdict(list)
    facts["first paint, ms", "maillab"] = [90.0, 100.0, 110.0]
    facts["first paint, ms", "smallest"] = [50.0]

    ours, smallest = window_table.rows("first paint, ms", facts)

    assert "first paint, ms  " in ours
    assert "  100 (90 to 110), 2.0 x smallest  " in ours
    assert ours.endswith("goal 1.6 x smallest")
    assert smallest.split() == ["smallest", "50"]


def test_peers(tmp_path):
    """Windows of others are measured where they are; those that are missing are named."""
    (tmp_path / "tl").touch(mode=0o755)
    told = []

    found = moving.peers(f"/nowhere:{tmp_path}", told.append)

    assert [one.name for one in found] == ["toolong"]
    assert [line.split(":")[0] for line in told] == ["without posting", "without harlequin", "without mitmproxy"]


def test_a_part_that_cannot_be_measured():
    """It is said, and the others are measured."""
    told = []

    def broken():
        raise TimeoutError("nothing came")

    text = tui.table("window", {"keys": broken, "lines": lambda: ["  lines 7"]}, told.append)

    assert text.splitlines()[1:3] == ["  keys: not measured: nothing came", "  lines 7"]
    assert [line for line in told if line.endswith(" ...")] == ["keys ...", "lines ..."]
