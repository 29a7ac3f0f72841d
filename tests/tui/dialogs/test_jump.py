"""Messages to jump by."""

from textual.geometry import Offset

from maillab.tui.dialogs.jump import MESSAGES, Jump


async def given(seat, dialog, *keys):
    """What it gives after these keys."""
    results = []
    seat.app.push_screen(dialog, results.append)
    await seat.until(lambda: seat.app.screen is dialog)
    await seat.press(*keys)
    await seat.until(lambda: results)
    return results[0]


PLACES = [Offset(2, 1), Offset(20, 5), Offset(40, 10)]


def test_a_message_on_each_place(stage):
    """A letter gives the number of its place; every other key leaves, and so does a click."""

    async def story(seat):
        assert await given(seat, Jump(PLACES), "s") == 1
        assert await given(seat, Jump(PLACES), "z") is None
        results = []
        seat.app.push_screen(Jump(PLACES), results.append)
        await seat.see(" a", " s", " d")
        assert [seat.place(f" {message} ") for message in "asd"] == [(2, 1), (20, 5), (40, 10)]
        await seat.pilot.click(offset=(70, 20))
        await seat.until(lambda: results)
        assert results == [None]

    stage.alone(story=story)


def test_more_places_than_messages(stage):
    """Those beyond the last message have none."""

    async def story(seat):
        places = [Offset(number, number % 20) for number in range(40)]
        assert await given(seat, Jump(places), MESSAGES[-1]) == len(MESSAGES) - 1

    stage.alone(story=story)
