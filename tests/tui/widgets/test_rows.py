"""Lines, however many."""

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from maillab.tui.looks.sink import piece
from maillab.tui.widgets.rows import Rows


class Numbers(Rows):
    """So many numbered items, every third of them two lines high where it is `uneven`."""

    def __init__(self, count, *, two=False, wraps=True, id="numbers"):
        super().__init__(id=id)
        self.many, self.two, self._wraps = count, two, wraps
        self.made = 0

    def count(self):
        return self.many

    @property
    def uneven(self):
        return self.two

    @property
    def wraps(self):
        return self._wraps

    def height(self, index, cells):
        return 2 if index % 3 == 0 else 1

    def item(self, index, cells):
        self.made += 1
        lines = [[piece("plain", f"item {index}")]]
        return [*lines, [piece("dim", "more")]] if self.two and index % 3 == 0 else lines


def test_only_what_is_seen_is_made(stage):
    """Of a million items as many are made as fit on the screen, wherever one looks."""
    rows = Numbers(1_000_000)

    async def story(seat):
        await seat.focus(rows)
        await seat.see("item 0")
        await seat.press("G")
        await seat.see("item 999999")
        assert rows.made < 200
        await seat.press("g", "j", "j", "k", "pagedown")
        assert rows.cursor == 1 + rows.size.height - 1
        await seat.press("pageup", "pageup")
        assert rows.cursor == 0

    stage.alone(rows, story=story)


def test_the_cursor_stays_within(stage):
    """It never leaves the items, also when they become fewer or none."""
    rows = Numbers(3)

    async def story(seat):
        await seat.focus(rows)
        await seat.press("j", "j", "j", "j")
        assert rows.cursor == 2
        rows.many = 1
        rows.changed()
        assert rows.cursor == 0
        rows.many, rows.nothing = 0, "nothing here [/nope]"
        rows.changed()
        await seat.see("nothing here [/nope]")
        await seat.press("j", "k", "G", "g", "enter", "pageup")
        assert rows.cursor == 0
        assert not [m for m in seat.app.told if isinstance(m, Rows.Chosen)]

    stage.alone(rows, story=story)


def test_items_of_several_lines(stage):
    """Places are found among items of different heights."""
    rows = Numbers(10, two=True)

    async def story(seat):
        await seat.focus(rows)
        await seat.see("item 0", "more")
        assert [rows.line_of(n) for n in range(5)] == [0, 2, 3, 4, 6]
        assert [rows.item_at(line) for line in range(7)] == [0, 0, 1, 2, 3, 3, 4]
        rows.many = 12
        rows.grew()
        assert rows.line_of(11) == 15
        await seat.press("G")
        assert rows.cursor == 11

    stage.alone(rows, story=story, size=(40, 8))


def test_enter_and_clicks_open(stage):
    """Enter opens; a click puts the cursor there, and a second one opens."""
    rows = Numbers(5)

    async def story(seat):
        await seat.focus(rows)
        await seat.press("j", "enter")
        await seat.click("item 3")
        assert rows.cursor == 3
        await seat.click("item 4", times=2)
        assert [m.item for m in seat.app.told if isinstance(m, Rows.Chosen)] == [1, 4]
        assert [m.item for m in seat.app.told if isinstance(m, Rows.Moved)][-2:] == [3, 4]
        await seat.pilot.click(offset=(3, 20))
        assert rows.cursor == 4

    stage.alone(rows, story=story)


def test_beyond_the_edge(stage):
    """What does not fit is reached by going to the right, where lines are not broken."""

    class Wide(Numbers):
        def item(self, index, cells):
            return [[piece("plain", "0123456789" * 20 + "end")]]

    rows = Wide(3, wraps=False)

    async def story(seat):
        await seat.focus(rows)
        await seat.until(lambda: rows.virtual_size.width > 80)
        for _ in range(30):
            await seat.press("right")
        await seat.see("end")
        for _ in range(30):
            await seat.press("left")
        assert "end" not in seat.text

    stage.alone(rows, story=story)


@pytest.mark.parametrize("wraps", [True, False])
def test_narrower(stage, wraps):
    """In a narrower window no scrollbar comes for a moment, while lines are as wide as before."""
    rows, seen = Numbers(3, wraps=wraps), []

    async def story(seat):
        await seat.focus(rows)
        await seat.see("item 2")
        seat.app.screen.watch(rows, "show_horizontal_scrollbar", lambda now: seen.append(now))
        await seat.pilot.resize_terminal(60, 20)
        await seat.until(lambda: rows.size.width < 80 and rows.virtual_size.width > 0)
        assert True not in seen

    stage.alone(rows, story=story)


def test_marking_with_the_mouse(stage):
    """What is marked is the text of the lines, also of those that are not on the screen."""
    rows = Numbers(100)

    async def story(seat):
        text = rows.get_selection(Selection(Offset(0, 98), Offset(7, 99)))
        assert text == ("item 98\nitem 99", "\n")
        rows.many = 30_000
        rows.changed()
        assert rows.get_selection(Selection(Offset(0, 0), Offset(3, 0))) == ("", "\n")  # nobody marks so many

    stage.alone(rows, story=story)


def test_a_hostile_line_is_only_text(stage):
    """Markup in an item is shown as it stands, and a click on it does nothing (T265, T266)."""

    class Hostile(Numbers):
        def item(self, index, cells):
            return [[piece("plain", "[@click=app.bell]x[/] [/nope] \x1b]0;PWN\x07")]]

    rows = Hostile(2)

    async def story(seat):
        await seat.see("[@click=app.bell]x[/] [/nope] ␛]0;PWN␇")
        for column in range(30):
            await seat.pilot.click(offset=(column, 0))

    stage.alone(rows, story=story)


def test_the_cursor_leaves_as_much_free_at_the_right_as_at_the_left(stage):
    """A cell within the border at either side; where a scrollbar stands it is in that cell."""
    some, many = Numbers(3, id="some"), Numbers(60, id="many")

    async def story(seat):
        for rows in (some, many):
            rows.add_class("pane")
            await seat.focus(rows)
            await seat.until(lambda rows=rows: rows.styles.padding.left == 1)
            segments = list(rows.render_line(0))
            grounds = [segments[at].style.bgcolor == rows.rich_style.bgcolor for at in (0, -1)]
            assert grounds == [False, rows is some]

    stage.alone(some, many, story=story)
