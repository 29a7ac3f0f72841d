"""The field for a filter, or for something to find."""

import pytest
from textual.events import Paste
from textual.widgets import Input

from maillab.tui.widgets.filterbar import FilterBar
from tests.tui.windows import key


def told(seat, kind):
    return [message for message in seat.app.told if isinstance(message, kind)]


def test_a_filter(stage):
    """It is told while it is typed as soon as it means something; what is wrong is said with its place."""
    bar, back = FilterBar("wire"), []

    async def story(seat):
        bar.ask("filter", "Filter", "", "a hint", lambda: back.append(1))
        await seat.see(" Filter ", "a hint")
        await seat.write("code:5xx")
        assert told(seat, FilterBar.Filtered)[-1].filter.text == "code:5xx"
        await seat.write(" leg:")
        await seat.until(lambda: bar.has_class("-bad"))
        await seat.press("enter")
        assert bar.is_open
        await seat.write("relay-6")
        await seat.see("code:5xx leg:relay-6", "This is one conversation; did you mean talk:relay-6?")
        assert "relay-6: this is one" not in seat.text
        await seat.press("backspace", "backspace")
        await seat.until(lambda: not bar.has_class("-bad"))
        await seat.press("enter")
        assert not bar.is_open
        assert back == [1]

    stage.alone(bar, story=story)


def test_what_holds_while_another_is_faulty(wire_window):
    """A word on the way to a term filters; when the term is faulty what stands before it does, and that is said, not
    else. Whoever leaves the faulty one has the filter from before, not half of it.
    """

    async def story(seat):
        screen, words = seat.app.screen, "still filtered by: data"
        await seat.press("f")
        await seat.write("rcpt")
        await seat.press("enter")
        await seat.until(lambda: screen.sight.filter is not None and screen.sight.filter.text == "rcpt")
        screen.action_filter()
        await seat.until(lambda: screen.query_one(FilterBar).is_open)
        await seat.press(*["backspace"] * 4)
        await seat.until(lambda: screen.sight.filter is None)
        await seat.write("data code")
        await seat.until(lambda: screen.sight.filter is not None and screen.sight.filter.text == "data code")
        assert words not in seat.text
        await seat.write(":foo ((")
        await seat.see("code:foo ((", words)
        assert screen.sight.filter.text == "data"
        await seat.press("f6")
        await seat.until(lambda: screen.sight.filter is not None and screen.sight.filter.text == "rcpt")
        assert words not in seat.text

    wire_window(story)


def test_a_term_that_does_not_exist(stage):
    """It takes no line away: neither when its name is typed to the colon, nor with its value. Enter finds the word."""
    bar = FilterBar("wire")

    async def story(seat):
        bar.ask("filter", "Filter", "", "", lambda: None)
        await seat.write("code:5xx foo:")
        await seat.until(lambda: told(seat, FilterBar.Filtered)[-1].filter.text == "code:5xx")
        assert not bar.has_class("-bad")
        await seat.write("bar")
        await seat.see("There is no term “foo”; there are leg, proto,")
        underlined = [part.text for part in bar.query_one(Input).render_line(0) if part.style and part.style.underline]
        assert underlined == ["foo:bar"]
        assert told(seat, FilterBar.Filtered)[-1].filter.text == "code:5xx"
        await seat.press(*["backspace"] * 3)
        await seat.press("enter")
        await seat.until(lambda: told(seat, FilterBar.Filtered)[-1].filter.text == "code:5xx foo:")
        assert not bar.is_open

    stage.alone(bar, story=story)


def test_its_keys_are_said(wire_window):
    """While something is typed the last line says how it is kept and how it is given up."""

    async def story(seat):
        for begins in ("f", "/"):
            await seat.press(begins)
            await seat.until(lambda: seat.lines[-1].startswith(" Enter Keep  Esc Clear "))
            await seat.press("escape")

    wire_window(story)


def test_help_with_filters(wire_window):
    """F1 in the field lists the terms, and what was typed is there afterwards."""

    async def story(seat):
        bar = seat.app.screen.query_one(FilterBar)
        await seat.press("f")
        await seat.until(lambda: bar.is_open, "the filter")
        await seat.write("leg:relay")
        await seat.press("f1")
        await seat.see("filters", "leg:relay")
        await seat.see("part of the journey")
        await seat.press("escape")
        await seat.until(lambda: bar.is_open and bar.query_one(Input).has_focus, "the filter again")
        assert bar.query_one(Input).value == "leg:relay"

    wire_window(story)


def test_giving_up(stage):
    """Esc takes the filter away."""
    bar = FilterBar("wire")

    async def story(seat):
        bar.ask("filter", "Filter", "leg:relay", "", lambda: None)
        await seat.pilot.pause()
        assert bar.query_one(Input).value == "leg:relay"
        await seat.press("escape")
        assert told(seat, FilterBar.Filtered)[-1].filter is None

    stage.alone(bar, story=story)


def test_asked_again_at_once(stage):
    """Who leaves the field and wants it again before the window has heard of the first types in it."""
    bar = FilterBar("wire")

    async def story(seat):
        bar.ask("filter", "Filter", "", "", lambda: seat.app.screen.set_focus(None))
        await seat.pilot.pause()
        bar.give_up()
        bar.ask("find", "Find", "", "", lambda: None)
        await seat.write("QUIT")
        await seat.until(lambda: told(seat, FilterBar.Sought)[-1].text == "QUIT", "what is typed")
        assert bar.is_open

    stage.alone(bar, story=story)


@pytest.mark.parametrize("ending", ["escape", "enter"])
def test_keys_behind_the_last_one(wire_window, ending):
    """A key that is typed right behind Esc or Enter is a command, and no part of what was typed."""

    async def story(seat):
        bar = seat.app.screen.query_one(FilterBar)
        await seat.press("f")
        await seat.until(lambda: bar.is_open, "the filter")
        for step in (*"leg:relay", ending, "/"):  # as fast as a program types
            seat.app.post_message(key(step))
        await seat.until(lambda: bar.is_open and bar.purpose == "find", "the field for something to find")
        await seat.write("QUIT")
        await seat.until(lambda: bar.query_one(Input).value == "QUIT", "something to find")

    wire_window(story)


@pytest.mark.parametrize(("opening", "pasted"), [("f", ""), ("/", ""), ("/", "pasted")])
def test_keys_behind_the_first_one(wire_window, opening, pasted):
    """What is typed or pasted right behind the key of the field is for the field, in its order."""

    async def story(seat):
        bar = seat.app.screen.query_one(FilterBar)
        await seat.focus(seat.app.ui.screen.transcript)
        for step in (opening, *"rel"):  # as fast as a program types
            seat.app.post_message(key(step))
        if pasted:
            seat.app.post_message(Paste(pasted))
        await seat.write("ay")
        await seat.until(lambda: bar.query_one(Input).value == f"rel{pasted}ay", "what was typed")
        await seat.press("escape")

    wire_window(story)


def test_finding(stage):
    """Something to find is told with every key, and at last with Enter; Esc finds nothing."""
    bar = FilterBar("wire")

    async def story(seat):
        bar.ask("find", "Find", "", "", lambda: None)
        await seat.see(" Find")
        await seat.write("QUIT")
        await seat.press("enter")
        assert [(m.text, m.final) for m in told(seat, FilterBar.Sought)][-2:] == [("QUIT", False), ("QUIT", True)]
        bar.ask("find", "Find", "", "", lambda: None)
        await seat.press("escape")
        await seat.until(lambda: told(seat, FilterBar.Sought)[-1].text == "", "nothing to find")

    stage.alone(bar, story=story)
