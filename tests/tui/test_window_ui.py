"""What commands see of the window, done with Textual: focus, keys and layout."""

import gc

import pytest
from msgspec.structs import replace
from textual.screen import ModalScreen
from textual.widgets import Input

from maillab.config import default
from maillab.config_file import LoadedConfig
from maillab.events import Delivered
from maillab.tui.looks.theme import NAMES, THEMES, named
from maillab.tui.questions import Prompt
from maillab.tui.screens.sessions import SessionsScreen
from maillab.tui.state.record import OnRecord
from maillab.tui.terminal import typeahead
from tests.tui.windows import dialog, key


def test_an_errand_that_fails(lab_window):
    """Whatever goes wrong in an errand is said, and nothing ends by it (T266)."""

    async def story(seat):

        async def fail():
            raise LookupError("[/nope] [@click=app.quit]x[/] \x1b]0;PWN\x07 happened")

        seat.app.ui.attempt(fail())
        await seat.see("[/nope] [@click=app.quit]x[/] ␛]0;PWN␇ happened")
        assert seat.app.is_running
        assert seat.app.context.host.alive

    lab_window(story)


def test_an_errand_that_never_begins(stage):
    """What the next of its kind calls off before its first step is dropped without a word."""

    async def story(seat):
        await seat.ready()
        done = []

        async def work(number):
            done.append(number)

        for number in range(3):
            seat.app.ui.attempt(work(number), group="kind", alone=True)
        await seat.until(lambda: 2 in done)
        gc.collect()
        assert done == [2]

    stage(story)


def test_saying(lab_window):
    """It stands in the status line, before no pane and no dialog; what is bad with a sign, whatever length it has."""

    async def story(seat):
        seat.app.ui.say("a quiet word")
        await seat.see(" a quiet word")
        seat.app.ui.say("line\n" * 50, bad=True)
        await seat.see(" ✗ line")
        await seat.press("ctrl+p")
        await seat.until(lambda: dialog(seat) is not None)
        assert not seat.app._notifications
        assert "✗ line" in seat.lines[-5]

    lab_window(story)


def test_news_while_it_closes(stage):
    """The widgets of a mode go before the mode does; a second that passes meanwhile is shown to nobody."""
    modes = []

    async def story(seat):
        await seat.ready()
        prune = seat.app._prune

        async def pruned(*nodes, **options):
            await prune(*nodes, **options)
            modes.append(seat.app.ui.screen)
            seat.app.ui.news()

        seat.app._prune = pruned

    stage(story)
    assert None not in modes
    assert modes


def test_the_clipboard_is_guarded(lab_window):
    """The kind: octets of a stranger that reach a terminal by another way. What is copied is as harmless as what is shown."""

    async def story(seat):
        for text, copied in (
            ("S: 220 \x1b]52;c;cHduZWQ=\x07\x9b31m\u202egpj\n", "S: 220 ␛]52;c;cHduZWQ=␇⟨9B⟩31m⟨202E⟩gpj\n"),
            ("A: b\r\n\tc \ud800\r\rd\r\n", "A: b\r\n c ⟨D800⟩␍␍d\r\n"),
        ):
            seat.app.copy_to_clipboard(text)
            assert seat.app.clipboard == copied

    lab_window(story)


def test_help_for_where_one_is(lab_window):
    """F1 explains the pane with the focus, with its keys."""

    async def story(seat):
        await seat.press("f6", "f1")
        await seat.see("New message", "Attach", "attach a file")
        await seat.press("f1")
        await seat.until(lambda: dialog(seat) is None)
        await seat.focus(seat.app.ui.screen.transcript)
        await seat.press("?")
        await seat.see("Wire", "Wrap")
        await seat.see("m Manual: filters")
        await seat.press("m")
        await seat.see("Filters: choose the lines to see", "leg:relay")
        await seat.press("escape")

    lab_window(story)


def test_help_once(lab_window):
    """Asked for in one breath three times it stands once: the second key closes it, the third one opens it again."""

    async def story(seat):
        await seat.write("???")
        await seat.until(lambda: dialog(seat) is not None and not seat.app.ui.typeahead.waiting)
        assert len(seat.app.screen_stack) == 2

    lab_window(story)


def test_everything_is_in_the_palette(lab_window):
    """All that can be done here, to be found by typing; what is chosen is done."""

    async def story(seat):
        await seat.press("ctrl+p")
        await seat.write("send")
        await seat.see("^S", "Hand the message to the sender's server, by SMTP")
        await seat.press("escape", "ctrl+p")
        await seat.write("quit")
        await seat.see("^Q")
        await seat.press("escape", "escape", ":")
        await seat.answer("sessions")
        await seat.until(lambda: seat.app.current_mode == "sessions")

    lab_window(story)


@pytest.fixture
def patient(monkeypatch):
    """A busy computer may take its time with a screen that keys wait for."""
    monkeypatch.setattr(typeahead, "PATIENCE", 15.0)


def test_typing_ahead(lab_window, patient):
    """What is typed before the mode or the dialog is there is for it, in its order; nothing of it is a command."""

    async def story(seat):
        app = seat.app
        app.post_message(key("3"))
        await seat.until(lambda: app.ui.typeahead.waiting or app.current_mode == "wire", "the way to the wire")
        for char in "/":
            app.post_message(key(char))
        await seat.until(lambda: app.current_mode == "wire" and not app.ui.typeahead.waiting)
        await seat.until(lambda: isinstance(app.ui.screen.focused, Input))
        await seat.press("escape", "escape", "1")
        for step in ("ctrl+p", *"sessions", "enter"):  # as fast as a program types
            app.post_message(key(step))
            if step == "ctrl+p":
                await seat.until(lambda: app.ui.typeahead.waiting or app.screen.is_modal, "the palette on its way")
        await seat.until(lambda: app.current_mode == "sessions")

    lab_window(story)


def test_keys_in_one_burst_with_the_one_that_asks(stage, patient):
    """As a paste or a slow machine brings them: all that is typed behind it is for its dialog, also where what it does
    begins with an errand; where it asks nothing, for what is seen then.
    """

    async def story(seat):
        app, records = seat.app, seat.app.context.records
        await seat.ready()
        app.ui.screen.front("compose")
        await seat.pilot.pause()
        for step in ("shift+f2", "3"):  # nothing is attached
            app.post_message(key(step))
        await seat.until(lambda: app.current_mode == "wire" and not app.ui.typeahead.waiting)
        await seat.press("1", "ctrl+r")
        await seat.until(lambda: isinstance(records.state, OnRecord), "a record")
        for pane, opens in (("wire", "f8"), ("wire", "ctrl+p"), ("wire", "L"), ("sender", "b")):
            app.ui.screen.front(pane)
            await seat.pilot.pause()
            for step in (opens, *"before"):
                app.post_message(key(step))
            await seat.until(lambda: dialog(seat) is not None, f"the dialog of {opens}")
            await seat.until(lambda: dialog(seat).query_one(Input).value == "before", f"what was typed behind {opens}")
            await seat.press("escape", "escape")
            await seat.until(lambda: dialog(seat) is None)

    stage(story)


def test_a_screen_that_does_not_come(lab_window):
    """After a second nothing waits for it any more."""

    async def story(seat):
        seat.app.ui.expect()
        await seat.press("3")
        assert seat.app.current_mode == "lab"
        await seat.until(lambda: seat.app.current_mode == "wire")

    lab_window(story)


def test_jumping(lab_window):
    """A letter on every pane, tab and mode: two keys to anywhere, in every language and at every size.

    It stands before what it is for, with a blank between; nothing moves, and no word is covered.
    """

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        before = seat.lines
        await seat.press("ctrl+o")
        await seat.until(lambda: dialog(seat) is not None)
        await seat.see(" s 2 Mail", "h sender.test", "t Source", "u alice@sender.test")
        for line, was in zip(seat.lines[:-1], before, strict=False):
            assert all(one == other or not other.isalnum() for one, other in zip(line, was, strict=True)), line
        assert seat.lines[seat.app.ui.screen.query_one("#hopstrip").region.y].startswith("w ")
        await seat.press("s")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.press("ctrl+o")
        await seat.see(" s 2 Mail")  # the same letter wherever one is
        await seat.press("escape")
        await seat.until(lambda: dialog(seat) is None)

    lab_window(story)


def test_modes_by_mouse(lab_window):
    """A click in the title goes to a mode."""

    async def story(seat):
        for name, mode in (("3 Wire", "wire"), ("4 Sessions", "sessions"), ("2 Mail", "mail"), ("1 Lab", "lab")):
            await seat.click(name)
            await seat.until(lambda mode=mode: seat.app.current_mode == mode)

    lab_window(story)


def test_another_language_elsewhere(stage):
    """The message that is offered is still there when the language has changed in another mode."""

    async def story(seat):
        await seat.ready()
        await seat.press("3")
        assert seat.app.current_mode == "wire"
        seat.app.action_run("app.language")
        await seat.see("Giao tiếp")
        await seat.until(seat.app.ui.modes.worded.is_set)
        assert seat.app.context.drafting.form.to == "bob@recipient.test"
        await seat.press("ctrl+s")
        await seat.heard(Delivered)

    stage(story)


def test_a_screen_of_which_a_part_is_missing(stage, monkeypatch):
    """The focus may move while a mode is being made: nothing of it is asked what it is about."""

    async def story(seat):
        await seat.ready()
        assert list(seat.app.ui.pressable())
        unmade = SessionsScreen(seat.app.context)
        with monkeypatch.context() as patch:
            patch.setattr(type(seat.app.ui), "screen", property(lambda _: unmade))
            assert list(seat.app.ui.pressable()) == []

    stage(story)


def test_a_question_and_a_mode_at_once(lab_window):
    """A question that was asked before the mode changed is not left behind; one that comes meanwhile gets the keys."""

    async def story(seat):
        ui, app = seat.app.ui, seat.app
        await seat.ready()
        here = app.current_mode
        other = "mail" if here != "mail" else "wire"
        ui.go(other)
        app.push_screen(ModalScreen())
        await seat.until(lambda: isinstance(app.screen, ModalScreen))
        await app.workers.wait_for_complete([work for work in app.workers if work.group == "going"])
        assert app.current_mode == here
        ui.expect()
        ui._mode_is_here()
        await seat.pilot.pause()
        assert ui.typeahead.waiting
        ui.is_here()
        await seat.until(lambda: not ui.typeahead.waiting)
        app.pop_screen()

    lab_window(story)


def test_a_word_while_a_mode_is_made(stage, monkeypatch):
    """It waits for the status line of that mode, and for a visit there is time when its panes are there."""

    async def story(seat):
        ui = seat.app.ui
        await seat.ready()
        seen = []
        unmade = SessionsScreen(seat.app.context)
        with monkeypatch.context() as patch:
            patch.setattr(type(ui), "screen", property(lambda _: unmade))
            patch.setattr(unmade, "call_later", lambda then, screen: seen.append((then, screen)))
            patch.setattr(unmade, "visit", lambda pane, about: seen.append(pane))
            ui.tell("a word for later", "good")
            ui.go(seat.app.current_mode, "list")
            [(then, screen)] = seen
            then(screen)
        assert screen is unmade
        assert seen[1:] == ["list"]
        assert not seat.app._notifications
        ui.go("mail")
        await seat.see("a word for later")

    stage(story)


def test_the_keys_in_the_borders_in_another_language(stage):
    """They are there again, in all panes, also where the focus is not."""

    async def story(seat):
        await seat.see("o Stop · b Rules · p Hold")
        seat.app.action_run("app.language")
        await seat.see("o Dừng · b Quy tắc")

    stage(story)


def test_another_language_in_haste(stage):
    """Asked for twice it is changed once; a key that is pressed meanwhile means what it says."""

    async def story(seat):
        await seat.ready()
        seat.app.action_run("app.language")
        seat.app.action_run("app.language")
        seat.app.ui.go("mail")  # as a click does
        await seat.write("3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.see("Giao tiếp")
        assert sorted(seat.app._modes) == ["lab", "mail", "sessions", "wire"]

    stage(story)


def is_up_to_date(rows):
    """Are its colours those of the theme, or will they be when it is drawn?"""
    accent = rows.app.theme_variables["accent"].lower()
    return not rows._under or rows._styles["key"].color.name.lower() == accent


def test_another_theme(lab_window):
    """The colours change while the cursor moves, go back when it is left, and stay when one was chosen."""

    async def story(seat):
        before = seat.app.ui.colours()
        for wanted, label in (("dracula", "Dracula"), ("light", "maillab light")):
            worn = seat.app.ui.colours()
            below = named(NAMES[NAMES.index(worn) + 1]).name
            for leaves in (True, False):
                seat.app.action_run("app.theme")
                await seat.until(lambda: dialog(seat) is not None)
                await seat.press("down")
                await seat.until(lambda below=below: seat.app.theme == below, "the colours under the cursor")
                await seat.until(lambda: is_up_to_date(seat.app.ui.screen.transcript), "the colours behind the dialog")
                if leaves:
                    await seat.press("escape")
                    await seat.until(lambda worn=worn: seat.app.theme == named(worn).name, "the colours of before")
            await seat.answer(label)
            await seat.until(lambda wanted=wanted: seat.app.theme == named(wanted).name)
        await seat.see("New message")
        seat.app.ui.wear(before)

    lab_window(story)


def test_no_colours_whatever_is_asked_for(stage, monkeypatch):
    """Where nobody wants colours the configuration and the picker choose among the themes without a ground."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(seat):
        await seat.ready()
        assert seat.app.theme == THEMES["ansi-light"].name
        seat.app.action_run("app.theme")
        await seat.answer(seat.app.context.texts("theme.dark"))
        await seat.until(lambda: seat.app.theme == THEMES["ansi-dark"].name)

    stage(story, config=replace(default(), theme="light"))


@pytest.mark.parametrize("theme", ["dark", "ansi-light"])
def test_tabs_without_colours(stage, monkeypatch, theme):
    """Those of a message that hold something differ from those that do not by their weight."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.press("2")
        await seat.see("Subject   Hello", "Route")
        bar = seat.app.ui.screen.query_one("#message TabBar")
        pieces = {text.strip(): bool(style.bold) for text, style, _ in bar.render_line(0)}
        assert [name for name, is_bold in pieces.items() if name and is_bold] == ["Text", "Headers", "Raw", "Route"]
        assert {"HTML", "HTML source", "Parts"} < pieces.keys()

    stage(story, config=replace(default(), theme=theme))


def test_own_keys(stage):
    """A person's keys do what they say, and stand in the key bar."""
    mine = LoadedConfig(replace(default(), keys={"app.send": "f11", "app.help": ""}), "")

    async def story(seat):
        await seat.ready()
        await seat.see("F11 Send")
        assert "F1 Help" not in seat.text
        await seat.press("ctrl+s")
        assert not seat.app.context.live.model.journeys.trips
        await seat.press("f11")
        await seat.until(lambda: seat.app.context.live.model.journeys.trips)

    stage(story, find_config=lambda: mine)


def test_typing_ahead_of_the_next_question(lab_window, patient):
    """What is typed right behind an answer is for the next question of the same errand, not for the screen below."""

    async def story(seat):
        await seat.focus(seat.app.ui.screen.transcript)
        given = []

        async def two_questions():
            for title in ("first", "second"):
                given.append(await seat.app.ui.ask(Prompt(title)))

        seat.app.ui.attempt(two_questions())
        await seat.until(lambda: dialog(seat) is not None and not seat.app.ui.typeahead.waiting)
        await seat.write("one\ntwo\n3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        assert given == ["one", "two"]

    lab_window(story)
