"""The frame of every dialog, and that what is typed in it acts at once."""

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from maillab.tui.dialogs.ask import AskDialog
from maillab.tui.dialogs.drawn import drawn
from maillab.tui.dialogs.jump import Jump
from maillab.tui.questions import AskByKey, Choice, JumpPlace, JumpTo, KeyAnswer, Pick, Prompt
from maillab.tui.texts import Texts
from tests.tui.windows import key

EN = Texts("en")
SURE = AskByKey("Sure?", [KeyAnswer("yes", "y", "yes"), KeyAnswer("no", "n", "no")])


CHOICES = [Choice("send", "Send"), Choice("story", "Tell a story"), Choice("quit", "Quit"),
           *(Choice(f"other-{number}", f"Other {number}") for number in range(5))]  # fmt: skip


class Below(Screen):
    """What stands below a dialog: a field that shows what reaches it."""

    def compose(self) -> ComposeResult:
        yield Input()


async def given(seat, question, *keys):
    """What a dialog gives after these keys, pressed without a pause between them."""
    results = []
    dialog = drawn(question, EN)
    seat.app.push_screen(dialog, results.append)
    await seat.until(lambda: seat.app.screen is dialog)
    await seat.press(*keys)
    await seat.until(lambda: results)
    return results[0]


def test_it_is_left(stage):
    """Esc leaves it without a result; its keys stand in its lower border."""

    async def story(seat):
        seat.app.push_screen(drawn(SURE, EN))
        await seat.see("Enter Choose · Esc Close")
        await seat.press("escape")
        assert await given(seat, SURE, "escape") is None
        assert type(seat.app.screen) is Screen

    stage.alone(story=story)


def test_by_mouse(stage):
    """A key in the border is pressed by a click; a click beside the box is Esc, one in it takes no key away."""

    async def story(seat):
        results = []
        for way in ("Enter Choose", "Esc Close", "beside"):
            dialog = drawn(SURE, EN)
            seat.app.push_screen(dialog, results.append)
            await seat.click("Sure?")
            dialog.on_click(events.Click(dialog, 0, 0, 0, 0, 1, False, False, False, 0, 0, chain=2))
            await seat.pilot.pause()
            assert seat.app.screen is dialog
            await (seat.pilot.click(offset=(0, 0)) if way == "beside" else seat.click(way))
            await seat.until(lambda: type(seat.app.screen) is Screen)
        assert results == ["yes", None, None]

    stage.alone(story=story)


def test_it_is_left_once(stage):
    """Keys that come faster than it goes leave nothing else."""

    async def story(seat):
        for keys in (("escape", "escape", "escape"), ("y", "y", "enter", "escape")):
            dialog = AskDialog(SURE, EN)
            seat.app.push_screen(dialog)
            await seat.until(lambda dialog=dialog: seat.app.screen is dialog)
            for one in keys:
                seat.app.simulate_key(one)
            await seat.until(lambda: type(seat.app.screen) is Screen)
        jump = Jump(JumpTo([JumpPlace(1, 1)]), banner="")
        seat.app.push_screen(jump)
        await seat.until(lambda: seat.app.screen is jump)
        jump.dismiss(0)
        jump.dismiss(1)
        await seat.until(lambda: type(seat.app.screen) is Screen)

    stage.alone(story=story)


def test_keys_right_behind_enter_and_esc(stage):
    """All of it is typed at once: what comes before counts, what comes behind is for what stands below."""
    scenes = [
        (Prompt("Name"), ["a", "x", "backspace", "left", "b", "enter", "1", "2"], "ba"),
        (Prompt("Name"), ["a", "escape", "1", "2"], None),
        (Pick("Which", CHOICES), [*"qx", "backspace", "enter", "1", "2"], "quit"),
        (Pick("Which", CHOICES), ["down", "down", "up", "enter", "1", "2"], "story"),
        (Pick("Which", CHOICES[:3]), ["down", "enter", "1", "2"], "story"),
        (Pick("Which", CHOICES), ["escape", "1", "2"], None),
        (SURE, ["down", "enter", "1", "2"], "no"),
        (SURE, ["y", "1", "2"], "yes"),
    ]

    async def story(seat):
        await seat.app.push_screen(Below())
        field = seat.app.screen.query_one(Input)
        for question, keys, result in scenes:
            field.value = ""
            results = []
            await seat.app.push_screen(drawn(question, EN), results.append)
            await seat.until(lambda: seat.app.screen.focused)
            for one in keys:
                seat.app.post_message(key(one))
            await seat.until(lambda: field.value == "12", f"12 typed behind {keys}")
            assert results == [result]

    stage.alone(story=story)
