"""The line of a replay."""

from maillab.recording.session import Mark
from maillab.tui.playing.replay_line import here, points, replay_line


def seven(positions=(0, 36, 48, 60, 94, 101, 107)):
    return points([Mark(f"step-{n}", p, 0.0) for n, p in enumerate(positions, 1)], positions)


def text(line):
    return "".join(piece.text for piece in line)


def test_points_are_numbered():
    """What was passed, where we are, what comes; exactly as wide as it has to be."""
    line = replay_line(seven(), 70, 126, 60)
    assert text(line) == "├●1━━━━━━━━━━━━━━━●2━━━●3━━━━◆4━━───────────○5─○6─○7───────┤"
    assert len(text(line)) == 60
    assert [piece.style for piece in line if piece.text == "◆4"] == ["accent"]


def test_events_not_seconds():
    """Half of the events are half of the line, however long they took."""
    line = text(replay_line((), 50, 100, 42))
    assert line == "├" + "━" * 20 + "─" * 20 + "┤"


def test_a_click_leads_there():
    """Every piece knows its position; a point the exact one, the ends the beginning and the end."""
    line = replay_line(seven(), 0, 126, 60)
    assert next(piece.position for piece in line if piece.text == "○5") == 94
    assert (line[0].position, line[-1].position) == (0, 126)
    positions = [piece.position for piece in line]
    assert all(0 <= position <= 126 for position in positions)


def test_points_that_crowd():
    """They stand beside one another; without numbers where these have no room, not at all where there are too many."""
    close = seven((120, 121, 122, 123, 124, 125, 126))
    assert text(replay_line(close, 0, 126, 40)).endswith("○1○2○3○4○5○6○7┤")
    assert text(replay_line(close, 0, 126, 20)).endswith("○○○○○○○┤")
    assert "○" not in text(replay_line(close, 0, 126, 14))


def test_names_of_one_moment():
    """Two names are one point."""
    found = points([Mark("b", 5, 0.0), Mark("a", 0, 0.0), Mark("c", 5, 0.0)], [5, 0, 5])
    assert [(point.number, point.names) for point in found] == [(1, ("a",)), (2, ("b", "c"))]


def test_where_we_are():
    """At the last point that was passed, at none before the first."""
    assert here(seven((3, 5)), 2) is None
    assert here(seven((3, 5)), 4).number == 1
    assert here(seven((3, 5)), 5).number == 2


def test_without_room_or_length():
    """No line in a few cells; an empty session has one all the same."""
    assert replay_line(seven(), 0, 126, 5) == []
    assert text(replay_line((), 0, 0, 20)) == "├" + "─" * 18 + "┤"
