"""A list to choose from."""

import pytest
from msgspec.structs import replace

from maillab.tui.dialogs.picker import PickDialog
from maillab.tui.questions import Choice, Pick
from maillab.tui.texts import Texts
from tests.tui.dialogs import test_frame

EN = Texts("en")
CHOICES = [
    Choice("send", "Send", "send the message", "^S"),
    Choice("story", "Tell a story", "of mail"),
    Choice("thu", "Tiếng Việt", "ngôn ngữ"),
    Choice("quit", "Quit", "leave the window", "^Q"),
    *(Choice(f"other-{number}", f"Other {number}", "nothing in particular") for number in range(5)),
]
ASKED = Pick("Which one?", CHOICES)


def box(seat):
    """Columns and lines of the dialog."""
    region = seat.app.screen.query_one(".dialog").outer_size
    return region.width, region.height


def squeezed(text):
    """Without blanks, line ends and frames."""
    return "".join(text.replace("┃", "").split())


def test_the_choice_under_the_cursor_is_seen(stage):
    """It looks like one in a list that has the focus, though one types above it: in sixteen colours and in none, too."""

    async def story(seat):
        seat.app.push_screen(PickDialog(ASKED, EN))
        await seat.see("Tell a story")
        [strip] = [one for one in seat.app.screen._compositor.render_strips() if "send the message" in one.text]
        [ground] = {style.bgcolor.name for text, style, _ in strip if "Send" in text}
        assert ground == seat.app.theme_variables["row"].lower()

    stage.alone(story=story)


def test_choosing(stage):
    """The first one with Enter; others by going there, or by typing a part of any word, accents or not."""

    async def story(seat):
        given = test_frame.given
        assert await given(seat, ASKED, "enter") == "send"
        assert await given(seat, ASKED, "down", "down", "up", "enter") == "story"
        assert await given(seat, ASKED, *"leave", "enter") == "quit"
        assert await given(seat, ASKED, *"tieng", "enter") == "thu"
        assert await given(seat, replace(ASKED, chosen="quit"), "enter") == "quit"

    stage.alone(story=story)


def test_the_ends_of_the_list(stage):
    """End and Home go there, though one types above; in what was typed they move first."""

    async def story(seat):
        given = test_frame.given
        assert await given(seat, ASKED, "end", "enter") == "other-4"
        assert await given(seat, ASKED, "end", "home", "enter") == "send"
        assert await given(seat, ASKED, *"other", "home", "end", "end", "enter") == "other-4"

    stage.alone(story=story)


def test_what_is_typed_is_a_choice(stage):
    """Where the question makes one of it, it stands first; Tab gives the choice in the other way."""

    async def story(seat):
        question = replace(ASKED, typed=lambda text: Choice(f"= {text}", text) if "=" in text else None, tab="edit")
        assert await test_frame.given(seat, question, *"a=b", "enter") == "= a=b"
        assert await test_frame.given(seat, question, *"quit", "tab") == "tab quit"
        assert await test_frame.given(seat, ASKED, *"quit", "tab", "enter") == "quit"

    stage.alone(story=story)


def test_a_few_choices(stage):
    """Need no field: the box is as small as they are, and a letter goes to what begins so."""

    async def story(seat):
        few = Pick("Which one?", [Choice("a", "submission"), Choice("b", "smtp"), Choice("c", "port 25")])
        assert await test_frame.given(seat, few, "p", "enter") == "c"
        assert await test_frame.given(seat, few, *"smtp", "enter") == "b"
        seat.app.push_screen(PickDialog(few, EN))
        await seat.see("━ Which one? ━", "submission", "↑↓ Move · Enter Choose · Esc Close")
        assert EN("dialog.search") not in seat.text
        assert box(seat) == (40, 7)

    stage.alone(story=story, size=(80, 24))


def test_it_is_as_large_as_what_it_holds(stage):
    """Wide enough for notes and keys, and never wider or higher than the window."""

    async def story(seat):
        seat.app.push_screen(PickDialog(replace(ASKED, choices=CHOICES * 9), EN))
        await seat.see("send the message", "^S")
        width, height = box(seat)
        assert width == 6 + 2 + len("Tell a story") + 3 + len("nothing in particular") + len("  ^S ") + 2
        assert height <= 23

    stage.alone(story=story, size=(80, 24))


def test_a_long_list_takes_the_window(stage):
    """But for two lines above and two below: nothing is cut from it while there is room."""

    async def story(seat):
        seat.app.push_screen(PickDialog(replace(ASKED, choices=CHOICES * 9), EN))
        await seat.see("send the message", "^S")
        assert box(seat)[1] == 40 - 4

    stage.alone(story=story, size=(120, 40))


@pytest.mark.parametrize(("size", "is_below"), [((120, 40), True), ((60, 18), False)])
def test_no_note_is_cut(stage, size, is_below):
    """All stand below their labels as soon as one has no room beside it; in a low window that of the cursor alone."""
    long = "send the message and go on until nobody is left who could say one word more about it"

    async def story(seat):
        seat.app.push_screen(PickDialog(Pick("Which?", [Choice("a", "Send", long, "^S"), *CHOICES[1:7]]), EN))
        await seat.until(lambda: squeezed(long) in squeezed(seat.text), "the whole note")
        [label] = [line for line in seat.text.splitlines() if "Tell a story" in line]
        assert "of mail" not in label
        assert ("of mail" in seat.text) is is_below
        await seat.press("down")
        await seat.see("of mail")

    stage.alone(story=story, size=size)


def test_nothing_matches(stage):
    """It says so, and Enter does nothing; Esc clears, and then leaves."""

    async def story(seat):
        results = []
        seat.app.push_screen(PickDialog(replace(ASKED, nothing="nothing of the kind"), EN), results.append)
        await seat.see("Send", "Esc Close")
        await seat.write("xyzzy")
        await seat.see("nothing of the kind", "Esc Clear")
        await seat.press("enter", "down", "up", "pagedown", "pageup")
        await seat.see("nothing of the kind")
        await seat.press("escape")
        await seat.see("Send", "Esc Close")
        await seat.press("escape")
        await seat.until(lambda: results == [None])

    stage.alone(story=story)


def test_a_search_of_its_own(stage):
    """What explains stands in full among what can be done, as notes do."""
    long = "Send the message now; " + "end it with a dot, " * 3

    def search(text):
        answer = Choice("answer", "354", long, "", "RFC 5321 §4.2.3", explains=True)
        return [answer] if text == "354" else [Choice("send", "Send", long, "^S", "Everywhere")]

    async def story(seat):
        seat.app.push_screen(PickDialog(Pick("Commands", search(""), search=search), EN))
        await seat.see("Send", "Everywhere  ^S")
        await seat.until(lambda: squeezed(long) in squeezed(seat.text), "the whole note")
        await seat.write("354")
        await seat.see("RFC 5321 §4.2.3", "Esc Clear")
        assert "Everywhere" not in seat.text
        assert squeezed(long) in squeezed(seat.text)

    stage.alone(story=story, size=(60, 20))


def test_a_preview(stage):
    """Who wants to know is told where the cursor stands; nothing dims what is looked at."""

    async def story(seat):
        seen = []
        seat.app.push_screen(PickDialog(replace(ASKED, preview=seen.append), EN))
        await seat.see("Send")
        assert seat.app.screen.styles.background.a == 0
        await seat.press("down", "down")
        await seat.until(lambda: seen[-2:] == ["story", "thu"])

    stage.alone(story=story)


def test_by_mouse(stage):
    """A click chooses; where what is under the cursor is tried at once, the second one does."""

    async def story(seat):
        results, tried = [], []
        seat.app.push_screen(PickDialog(ASKED, EN), results.append)
        await seat.see("Quit")
        await seat.click("Quit")
        await seat.until(lambda: results)
        assert results == ["quit"]
        seat.app.push_screen(PickDialog(replace(ASKED, preview=tried.append), EN), results.append)
        await seat.see("Tell a story")
        await seat.click("Tell a story")
        await seat.until(lambda: "story" in tried)
        assert results == ["quit"]
        await seat.click("Tell a story", times=2)
        await seat.until(lambda: results == ["quit", "story"])

    stage.alone(story=story)


def test_hostile_choices(stage):
    """A name from outside is text (T268)."""

    async def story(seat):
        name = "[@click=app.quit]x[/] [/nope] \x1b]0;PWN\x07"
        seat.app.push_screen(PickDialog(Pick(name, [Choice("a", name, name, name, name)]), EN))
        await seat.see("[@click=app.quit]x[/]")
        assert "\x1b" not in seat.text

    stage.alone(story=story, size=(100, 24))


def test_why_something_was_found(stage):
    """What was typed stands out; a word that is not seen otherwise stands in brackets behind the label."""
    choices = [Choice("pass", "Let time pass", "hours or days", aka="clock bounce")]

    def marked(dialog):
        [strip] = [one for one in dialog._compositor.render_strips() if "Let time" in one.text]
        return [text for text, style, _ in strip if style.underline]

    question = Pick("Which one?", choices, search=lambda _: choices)

    async def story(seat):
        for typed, said in (("tim", "Let time pass"), ("boun", "Let time pass  (bounce)")):
            dialog = PickDialog(question, EN)
            seat.app.push_screen(dialog)
            await seat.see("Type to search")
            await seat.press(*typed)
            await seat.see(said)
            await seat.until(lambda dialog=dialog, typed=typed: marked(dialog) == (["tim"] if typed == "tim" else []))
            await seat.press("escape", "escape")

    stage.alone(story=story)


def test_it_is_as_high_as_what_is_found(stage):
    """Fewer hits take fewer lines; the field stays where it is while one types, and all lines come back."""

    async def story(seat):
        seat.app.push_screen(PickDialog(ASKED, EN))
        await seat.see("Tell a story")
        dialog = seat.app.screen
        (_, high), top = box(seat), dialog.query_one(".dialog").region.y
        await seat.press(*"tieng")
        await seat.until(lambda: box(seat)[1] == high - len(CHOICES) + 1, "one line of choices")
        assert dialog.query_one(".dialog").region.y == top
        await seat.press("escape")
        await seat.until(lambda: box(seat)[1] == high, "all of them")

    stage.alone(story=story)
