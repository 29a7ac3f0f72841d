"""Letters to jump by."""

from maillab.tui.dialogs.jump import Jump
from maillab.tui.questions import JUMP_LETTERS, JumpPlace, JumpTo


async def given(seat, dialog, *keys):
    """What it gives after these keys."""
    results = []
    seat.app.push_screen(dialog, results.append)
    await seat.until(lambda: seat.app.screen is dialog)
    await seat.press(*keys)
    await seat.until(lambda: results)
    return results[0]


PLACES = [JumpPlace(2, 1), JumpPlace(20, 5), JumpPlace(40, 10)]


def jump(places):
    return Jump(JumpTo(places), banner="Press a key")


def test_a_letter_on_each_place(stage):
    """A letter gives the number of its place; every other key leaves, and so does a click. A line says so."""

    async def story(seat):
        assert await given(seat, jump(PLACES), "s") == 1
        assert await given(seat, jump(PLACES), "z") is None
        results = []
        seat.app.push_screen(jump(PLACES), results.append)
        await seat.see("Press a key")
        assert (seat.lines[1][2:4], seat.lines[5][20:22], seat.lines[10][40:42]) == ("a ", "s ", "d ")
        await seat.pilot.click(offset=(70, 20))
        await seat.until(lambda: results)
        assert results == [None]

    stage.alone(story=story)


def test_more_places_than_letters(stage):
    """Those beyond the last letter have none."""

    async def story(seat):
        places = [JumpPlace(number, number % 20) for number in range(40)]
        assert await given(seat, jump(places), JUMP_LETTERS[-1]) == len(JUMP_LETTERS) - 1

    stage.alone(story=story)


def test_letters_that_stay(stage):
    """A place that has a letter keeps it, and nobody else gets it, nor that of a place that is not there now."""

    async def story(seat):
        places = [JumpPlace(1, 1), JumpPlace(1, 2, "a"), JumpPlace(1, 3)]
        for key, number in (("d", 0), ("a", 1), ("f", 2)):
            assert await given(seat, Jump(JumpTo(places, "as"), banner=""), key) == number

    stage.alone(story=story)
