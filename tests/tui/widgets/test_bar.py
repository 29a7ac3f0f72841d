"""One line whose parts can be clicked."""

from maillab.tui.widgets.bar import Bar, BarPiece


class Signs(Bar):
    def left(self, cells):
        return [BarPiece("bold", " one ", "1"), BarPiece("plain", " hai "), BarPiece("bad", " 日本 ", "3")]

    def right(self, cells):
        return [BarPiece("dim", " end ", "end")]


def said(seat):
    return [message.says for message in seat.app.told if isinstance(message, Bar.Pressed)]


def test_parts_are_clicked(stage):
    """A click tells which part it was, however wide its characters are; one that says nothing is silent."""

    async def story(seat):
        for text in ("one", "hai", "日本", "end"):
            await seat.click(text)
        await seat.pilot.click(offset=(40, 0))
        assert said(seat) == ["1", "3", "end"]

    stage.alone(Signs(), story=story)


def test_there_is_little_room(stage):
    """What does not fit is cut at the left; what stands at the right stays."""

    async def story(seat):
        assert seat.lines[0] == " one  h… end "
        await seat.click("h…")
        await seat.click("one")
        assert said(seat) == ["1"]

    stage.alone(Signs(), story=story, size=(13, 1))


def test_where_parts_are(stage):
    """Each part that can be clicked has its column."""
    bar = Signs()

    async def story(seat):
        assert list(bar.places()) == [("1", 0), ("3", 10), ("end", 75)]

    stage.alone(bar, story=story)


def test_where_a_letter_to_jump_by_has_room(stage):
    """Before what it is for, on a blank, and beside no other word."""

    class Tabs(Bar):
        def left(self, cells):
            words = (" one ", " 日本 ", "   ", " far ", "near ", "glued")
            return [BarPiece("plain", word, word.strip()) for word in words]

    bar = Tabs()

    async def story(seat):
        line = seat.lines[0]
        assert line.startswith(" one  日本     far near glued")
        assert {says: bar.letter_column(column) for says, column in bar.places()} == {
            "one": 0, "日本": 5, "far": 14, "near": 18, "glued": 23,
        }  # fmt: skip

    stage.alone(bar, story=story)


def test_it_is_drawn_when_it_changes(stage):
    """Nothing is drawn for the same parts again."""
    bar, drawn = Signs(), []

    async def story(seat):
        bar.refresh = lambda *_, **__: drawn.append(1)
        bar.changed()
        assert drawn == []
        bar.right = lambda cells: [BarPiece("dim", " other ")]
        bar.changed()
        assert drawn == [1]

    stage.alone(bar, story=story)
