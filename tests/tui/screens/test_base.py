"""What every mode has in common."""

import re
from pathlib import Path

import pytest
from textual.css.query import NoMatches
from textual.css.stylesheet import Stylesheet

from maillab.tui.looks.card import MORE
from maillab.tui.screens.base import LEAST, ModeScreen
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.titlebar import MODES
from tests.house import HOUSE


def shown(seat):
    return [name for name in seat.app.ui.screen.PANES if seat.app.ui.screen.pane(name).region.area]


@pytest.mark.parametrize("mode", ["lab", "mail", "wire", "sessions"])
def test_nothing_twice(mode):
    """No screen calls the handler of the class below, which Textual calls by itself."""
    text = Path(f"{HOUSE}/tui/screens/{mode}.py").read_text("utf-8")
    assert not re.findall(r"super\(\)\.on_\w+", text)


def test_panes_in_turn(lab_window):
    """F6 goes from pane to pane and round, also out of the text of the message; shift+F6 goes back."""

    async def story(seat):
        await seat.pilot.resize_terminal(200, 60)
        seen = []
        for _ in range(6):
            await seat.press("f6")
            seen.append(seat.app.ui.screen.pane_of(seat.app.focused))
        assert seen == ["explain", "compose", "sender", "recipient", "names", "wire"]
        await seat.focus(seat.app.ui.screen.query_one("#field-text"))
        await seat.press("f6")
        assert seat.app.ui.screen.pane_of(seat.app.focused) == "sender"
        await seat.press("shift+f6")
        assert seat.app.ui.screen.pane_of(seat.app.focused) == "compose"

    lab_window(story)


def gone(*_):
    """A pane that is looked for."""
    raise NoMatches


def test_a_window_that_closes(stage, monkeypatch):
    """Its panes go one after the other, the focus goes from one to the next, and the rest is laid out anew: nobody looks
    for what has gone, not then and not after the next refresh.
    """

    async def story(seat):
        await seat.until(lambda: seat.app.ui.screen is not None)
        screen = seat.app.ui.screen
        with monkeypatch.context() as closing:
            closing.setattr(seat.app, "_running", False)
            closing.setattr(screen, "query_one", gone)
            screen.on_descendant_focus()
            ModeScreen.on_descendant_focus(screen)
            screen._laid_out(screen)
            posted = []
            closing.setattr(screen, "post_message", posted.append)
            screen.call_after_refresh(gone)
            assert posted[0].callback() is None

    stage(story)


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((60, 15), ["wire"]), ((80, 24), ["wire"]), ((120, 40), ["compose", "sender", "recipient", "names", "wire"]),
        ((200, 60), ["compose", "sender", "recipient", "names", "wire", "explain"]),
    ],
)  # fmt: skip
def test_sizes(lab_window, size, panes):
    """One pane and a line of names where there is little room, more of them beside one another where there is more."""

    async def story(seat):
        await seat.pilot.resize_terminal(*size)
        await seat.until(lambda: shown(seat) == panes, f"{panes}")
        assert seat.app.ui.screen.query_one("PaneTabs").region.area > 0 or len(panes) > 1

    lab_window(story)


def test_the_wire_has_half(lab_window):
    """At a usual size the wire has half of the room, whatever one does to the split, which is remembered."""

    async def story(seat):
        wire, desk = seat.app.ui.screen.pane("wire"), seat.app.ui.screen.query_one("#desk")
        before = wire.size.height
        await seat.press("escape", "plus", "plus")
        assert wire.size.height == before + 4
        for _ in range(12):
            await seat.press("minus")
        assert wire.outer_size.height >= desk.outer_size.height
        height = wire.size.height
        await seat.pilot.resize_terminal(200, 60)
        await seat.press("plus")
        assert seat.app.ui.screen.pane("explain").region.area
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: wire.size.height == height)

    lab_window(story)


def test_too_small(lab_window):
    """Where nothing fits there is a sentence, and the window is there again when there is room (T278)."""

    async def story(seat):
        await seat.pilot.resize_terminal(20, 5)
        await seat.see(str(LEAST[0]))
        for size in ((1, 1), (500, 200), (39, 9), (120, 40)):
            await seat.pilot.resize_terminal(*size)
            await seat.pilot.pause()
        await seat.see("New message", "Wire")

    lab_window(story)


def test_zoom(lab_window):
    """One pane takes all the room, and gives it back."""

    async def story(seat):
        await seat.press("escape", "f6", "f6")
        pane = seat.app.ui.screen.pane_of(seat.app.focused)
        await seat.press("z")
        assert shown(seat) == [pane]
        await seat.press("f6")
        assert len(shown(seat)) == 1
        await seat.press("z")
        assert len(shown(seat)) > 1
        await seat.press("z", "escape")
        assert len(shown(seat)) > 1

    lab_window(story)


def test_esc_leaves_the_field(lab_window):
    """F6 goes to the pane, and types nothing; after Enter every key is typed; after Esc a digit goes to a mode."""

    async def story(seat):
        await seat.press("f6")
        assert seat.app.focused is seat.app.ui.screen.pane("compose")
        await seat.see("Enter Write")
        await seat.press("enter", "4")
        assert seat.app.current_mode == "lab"
        assert seat.app.context.drafting.form.sender.endswith("4")
        await seat.press("escape", "4")
        await seat.until(lambda: seat.app.current_mode == "sessions")
        await seat.press("escape", "escape", "escape")
        assert seat.app.is_running

    lab_window(story)


def test_a_word_for_a_moment(lab_window):
    """Something is said in the status line, in as many lines as it takes, and covers nothing: the panes make room."""

    async def story(seat):
        screen = seat.app.ui.screen
        await seat.pilot.resize_terminal(80, 24)
        seat.app.ui.hush()
        screen.front("compose")  # of which nothing is known to say
        await seat.until(lambda: not screen.query_one("#statusbar").display)
        before = screen.pane("compose").region
        seat.app.ui.say("a word")
        await seat.see(" a word")
        assert screen.pane("compose").region.height == before.height - 1
        seat.app.ui.tell("much happened " * 9 + "end", "bad")
        await seat.see("✗ much", "end")
        words = screen.query_one("#statusbar").region
        assert words.height == 2
        assert screen.pane("compose").region.bottom == words.y
        assert words.bottom == screen.query_one("#keybar").region.y
        seat.app.ui.hush()
        await seat.until(lambda: screen.pane("compose").region == before)

    lab_window(story)


def test_every_mode_is_one():
    """Each mode knows its panes, and the first of them has the focus."""
    from maillab.tui.screens.mail import MailScreen
    from maillab.tui.screens.sessions import SessionsScreen

    for screen in (MailScreen, SessionsScreen):
        assert issubclass(screen, ModeScreen)
        assert screen.PANES


def test_a_step_looks_at_a_field_once(lab_window, monkeypatch):
    """Into the message and out of it: what its fields look like is asked once for each step, however many classes change."""
    asked = []
    ask = Stylesheet.update_nodes

    def noted(sheet, nodes, animate=False):
        nodes = list(nodes)
        asked.extend(node.id for node in nodes)
        ask(sheet, nodes, animate)

    async def story(seat):
        monkeypatch.setattr(Stylesheet, "update_nodes", noted)
        for pane in ("compose", "sender"):
            asked.clear()
            seat.app.ui.screen.front(pane)
            await seat.pilot.pause()
            assert asked.count("field-to") <= 1

    lab_window(story)


def test_no_key_below_a_dialog(stage):
    """While one stands before the screen, the last line names no key that does nothing; then it names them again."""

    async def story(seat):
        await seat.ready()
        await seat.until(lambda: "Send" in seat.lines[-1], "the keys")
        await seat.press("f12")
        await seat.until(lambda: not seat.lines[-1].strip(), "no keys")
        await seat.press("escape")
        await seat.until(lambda: "Send" in seat.lines[-1], "the keys again")

    stage(story)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_an_empty_pane_says_has_room(stage, lang):
    """In a small terminal, too, each of them says all of it."""

    async def story(seat):
        await seat.ready()
        said = 0
        for mode in MODES:
            seat.app.ui.go(mode)
            await seat.until(lambda mode=mode: seat.app.current_mode == mode)
            await seat.done("mail", "look", "sessions", "preview")
            screen = seat.app.ui.screen
            for name in screen.PANES:
                screen.front(name)
                await seat.until(lambda name=name: shown(seat) == [name])  # it has all the room
                for rows in screen.query(Rows):
                    if rows.card and rows.size.area and not rows.count():
                        said += 1
                        assert rows.card.lines(*rows.size)[-1].pieces[-1] != MORE
        assert said > 3

    stage(story, size=(60, 15), lang=lang)
