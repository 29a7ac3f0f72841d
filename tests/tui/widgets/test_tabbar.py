"""The tabs of a pane."""

import pytest

from maillab.tui.mail.messageview import TABS
from maillab.tui.texts import Texts
from maillab.tui.widgets.compose import TABS as COMPOSE_TABS
from maillab.tui.widgets.tabbar import TabBar


def drawn(bar, cells):
    return "".join(part.text for part in bar.left(cells))


def test_tabs():
    """The one that is shown stands out; the next one comes after the last."""
    bar = TabBar(Texts("en"), "message", TABS)
    assert drawn(bar, 80).startswith(" Text   HTML   HTML source   Headers   Raw   Parts   Route ")
    assert bar.current == "text"
    assert (bar.step(1), bar.step(-1)) == ("html", "route")
    bar.set_reactive(TabBar.current, "route")
    assert bar.step(1) == "text"
    assert [part.says for part in bar.left(80) if part.style == "tab"] == ["route"]


def test_tabs_that_hold_something():
    """They are brighter than those that hold nothing."""
    bar = TabBar(Texts("en"), "message", TABS)
    bar.set_reactive(TabBar.filled, {"text", "html", "raw"})
    assert [part.says for part in bar.left(80) if part.style == "full"] == ["html", "raw"]
    assert [part.says for part in bar.left(80) if part.style == "dim"] == ["html_source", "headers", "parts", "route"]


def test_room():
    """Where there is not room for all, they stand closer together."""
    bar = TabBar(Texts("vi"), "message", TABS)
    assert len(drawn(bar, 60)) <= 61
    assert len(drawn(bar, 60)) < len(drawn(bar, 80))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_those_of_a_draft_have_room_in_a_narrow_pane(lang):
    """A third of a hundred columns, without the border, holds them all whole."""
    assert len(drawn(TabBar(Texts(lang), "compose", COMPOSE_TABS), 31)) <= 31


def test_tabs_that_hold_nothing_are_passed_over():
    """As long as it is known which they are."""
    bar = TabBar(Texts("en"), "message", TABS)
    bar.set_reactive(TabBar.filled, {"text", "headers", "raw"})
    assert (bar.step(1), bar.step(-1)) == ("headers", "raw")
