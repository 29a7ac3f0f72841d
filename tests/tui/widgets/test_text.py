"""A text to read."""

from maillab.tui.widgets.text import TextRows, broken


def test_long_lines_go_on_below(stage):
    """A line that is too long is broken, and goes on under its own beginning."""
    rows = TextRows([[("dim", "Subject   "), ("plain", "word " * 30)], [("plain", "short")], []])

    async def story(seat):
        await seat.see("Subject   word", "short")
        assert seat.lines[1].startswith("          word")
        rows.show_lines([[("plain", "another")]])
        await seat.see("another")
        assert "Subject" not in seat.text

    stage.alone(rows, story=story, size=(40, 10))


def test_a_scrollbar_hides_no_word(stage):
    """A line that fills the whole width is measured as it will be drawn, also while there is no scrollbar yet."""
    sentence = "The lowest number of all is tried first."
    rows = TextRows([[("plain", "short")]])

    async def story(seat):
        await seat.see("short")
        rows.show_lines([[("plain", sentence)], *([("plain", "more")] for _ in range(20))])
        await seat.see("more")
        assert "first." in seat.text

    stage.alone(rows, story=story, size=(len(sentence), 10))


def test_it_has_no_cursor(stage):
    """It scrolls, and nothing in it is chosen."""
    rows = TextRows([[("plain", f"line {number}")] for number in range(100)])

    async def story(seat):
        await seat.focus(rows)
        await seat.press("j", "j")
        await seat.see("line 2")
        assert seat.lines[0].startswith("line 2")
        await seat.press("G")
        await seat.see("line 99")
        await seat.press("g")
        assert seat.lines[0].startswith("line 0")

    stage.alone(rows, story=story, size=(40, 10))


def test_broken():
    """In the last piece, the ones before stay where they are."""
    assert broken([], 10) == [()]
    assert broken([("plain", "a b")], 10) == [(("plain", "a b"),)]
    first, second = broken([("key", "1234567 "), ("plain", "aaaa bbbb")], 13)
    assert list(first) == [("key", "1234567 "), ("plain", "aaaa")]
    assert second[-1][1].strip() == "bbbb"
    assert len(broken([("plain", "x" * 100)], 10)) == 10


def test_broken_in_any_piece():
    """Where what stands before takes most of the room the line is broken wherever the room ends, styles and all."""
    line = [("bold", "L1.1  "), ("plain", "bob@recipient.test "), ("warn", "next in 5:00"), ("dim", " · 450 later")]
    lines = broken(line, 24)
    assert ["".join(text for _, text in one).strip() for one in lines] == [
        "L1.1  bob@recipient.test", "next in 5:00 · 450 later",
    ]  # fmt: skip
    assert lines[1][0] == ("warn", "next in 5:00")
    assert lines[1][1][0] == "dim"


def test_a_line_that_has_to_be_seen(stage):
    """A text is shown from its beginning, unless the line that matters stood below the edge then."""
    text = TextRows()
    lines = [(("plain", f"line {number}"),) for number in range(40)]

    async def story(seat):
        text.show_from_top(lines, seen=30)
        await seat.see("line 30", "line 31")
        text.show_from_top(lines, seen=3)
        await seat.see("line 0", "line 3")
        text.display = False  # and has no height
        await seat.pilot.pause()
        text.show_from_top(lines)
        text.display = True
        await seat.see("line 0")

    stage.alone(text, story=story, size=(40, 10))


def test_a_text_that_is_hidden_begins_at_its_beginning(stage):
    """Whoever shows it later sees its first line."""
    text = TextRows()
    text.display = False

    async def story(seat):
        text.show_from_top([(("plain", f"line {number}"),) for number in range(40)])
        text.display = True
        await seat.see("line 0", "line 9")

    stage.alone(text, story=story, size=(40, 10))


def test_numbers():
    """Where there is room each line says which one it is; what goes on below has none."""
    text = TextRows([(("plain", "word " * 30),), (("plain", "end"),)])
    text.numbered = True
    first, *others = text.item(0, 80)
    assert first[0] == ("dim", "1 ")
    assert others
    assert all(other[0] == ("dim", "  ") for other in others)
    assert text.height(0, 80) == 1 + len(others)
    assert text.item(1, 80) == [(("dim", "2 "), ("plain", "end"))]
    assert text.item(1, 40) == [(("plain", "end"),)]
