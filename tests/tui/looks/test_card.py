"""What stands in an empty pane."""

import pytest

from maillab.tui.looks.card import Card, CardRow, card, placed, steps, told
from maillab.tui.looks.sink import width

ROWS = [
    CardRow("^S", ("plain", "Send the draft and watch every line of its journey"), "app.send"),
    CardRow("", ("dim", "and then:")),
    CardRow("Headers", ("dim", "every header field, explained")),
]


def drawn(lines):
    return ["".join(text for _, text in line.pieces).rstrip() for line in lines]


def test_a_card():
    """What it is about, then what can be done; a row without a key stands apart; all texts begin in one column."""
    lines = drawn(card("Nothing here yet.", ROWS, 100))
    assert [line.strip() for line in lines[:2]] == ["Nothing here yet.", ""]
    assert lines[3] == ""
    places = {line.index(word) for line, word in zip(lines[2:], ("Send", "", "and", "every"), strict=True) if word}
    assert len(places) == 1


def test_a_click():
    """Every line of a row does what its key does, and no other line does anything."""
    lines = card("Nothing here yet.", ROWS, 40)
    assert {line.press for line in lines} == {"", "app.send"}
    assert [line.press for line in lines].count("app.send") > 1  # it is broken


@pytest.mark.parametrize("cells", [12, 30, 58, 80, 200])
def test_it_fits(cells):
    """At every width, and no line is too long to be read."""
    lines = [*card("Nothing here yet.", ROWS, cells), *told(("dim", "word " * 60), cells)]
    assert all(width(line.pieces) <= max(cells, 22) for line in lines)
    assert max(width(line.pieces) for line in lines) <= 90


@pytest.mark.parametrize("cells", [30, 40, 50, 58])
def test_no_word_stands_alone(cells):
    """A sentence that is broken has lines of about one length."""
    lines = drawn(told(("plain", "2 mail servers and a name server are running here. Nothing leaves it."), cells))
    assert len(lines) > 1
    assert min(map(len, lines)) > max(map(len, lines)) / 2


def test_a_step_without_a_key_is_left_out():
    """Keys are those that a person has chosen."""
    rows = steps([("app.send", "Send"), ("app.story", "Story")], {"app.send": "F5", "app.story": ""}.get)
    assert [(row.key, row.press) for row in rows] == [("F5", "app.send")]


def test_it_is_made_for_the_cells_that_there_are():
    """And is another one only where its words are others."""
    assert Card(card, ("Nothing", ())) == Card(card, ("Nothing", ())) != Card(card, ("Something", ()))
    assert drawn(Card(card, ("Nothing", ())).lines(80, 1))[-1].strip() == "Nothing"


def test_in_the_middle():
    """As much room at the left as at the right, above as below; where there is too little the empty lines go first."""
    lines = drawn(Card(card, ("Nothing here yet.", ROWS)).lines(100, 20))
    left = min(len(line) - len(line.lstrip()) for line in lines if line)
    assert abs(left - (100 - max(map(len, lines)))) <= 1
    assert abs(next(number for number, line in enumerate(lines) if line) - (20 - len(lines))) <= 1
    full = card("Nothing here yet.", ROWS, 100)
    assert len(placed(full, 100, len(full) - 1)) == len(full) - 1
    assert all(line.pieces for line in placed(full, 100, 1))


def test_what_has_no_room_is_not_kept_secret():
    """Empty lines go first; then the last line says that there is more."""
    lines = card("Nothing here yet.", ROWS, 100)
    words = [line for line in drawn(lines) if line]
    assert [line.strip() for line in drawn(placed(lines, 100, 4))] == [word.strip() for word in words]
    assert [line.strip() for line in drawn(placed(lines, 100, 3))] == [*(word.strip() for word in words[:2]), "…"]
