"""The rules of the lab, in the window."""

import re

import pytest

from maillab.events import Deferred
from maillab.rules.language import parse
from maillab.tui.commands.rules import PRESETS


async def pick(seat, text, *more):
    """Choose what is called so, when this and more can be seen."""
    await seat.see(text, *more)
    await seat.write(text)
    await seat.press("enter")


def pointed_at(seat):
    """What stands above the caret, and to its right."""
    caret = next(row for row, line in enumerate(seat.lines) if re.fullmatch(r".{0,8}┃ +\^ +┃.*", line))
    return seat.lines[caret - 1][seat.lines[caret].index("^") :]


def listed(seat):
    """The rules of the lab, and whether they are on."""
    return [(each.text, each.on) for each in seat.app.context.host.lab.rules.listed]


def test_a_preset_of_a_machine(stage):
    """It is shown as it is written, can be changed, and holds at once; the pane says so."""

    async def story(seat):
        texts = seat.app.context.texts
        await seat.ready()
        await seat.focus(seat.app.ui.screen.pane("recipient"))
        await seat.press("b")
        await pick(seat, texts("rule.add"))
        await pick(seat, texts("rule.new.rcpt450"))
        await seat.see("at recipient.test smtp rcpt answer 450")
        await seat.press("enter")
        await seat.until(lambda: listed(seat) == [("at recipient.test smtp rcpt answer 450", True)])
        await seat.see(texts("rule.played", count=0))
        await seat.press("escape")
        await seat.see(texts("note.rule", rule="at recipient.test"))
        await seat.press("ctrl+s")
        entry = await seat.heard(Deferred)
        assert "450" in entry.event.reason

    stage(story)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_rule_is_written_edited_switched_and_removed(stage, lang):
    """Also on a small terminal, in both languages; what is wrong with it is said at its place."""

    async def story(seat):
        texts = seat.app.context.texts
        await seat.ready()
        await seat.press("f12")
        await pick(seat, texts("rule.add"))
        await pick(seat, texts("rule.new.own"))
        await seat.see(texts("rule.write"))
        await seat.write("rcpt dorp")
        await seat.see(texts.trouble("no effect is called dorp; did you mean drop?"), "at rcpt dorp")
        assert pointed_at(seat).startswith("dorp")
        await seat.press("backspace", "backspace", "backspace")
        await seat.write("rop")
        await seat.press("enter")
        await seat.until(lambda: listed(seat) == [("at rcpt drop", True)])
        await pick(seat, "at rcpt drop", texts("rule.played", count=0))
        await seat.see(texts("rule.switch_off"))
        await seat.press("o")
        await seat.until(lambda: listed(seat) == [("at rcpt drop", False)])
        await pick(seat, "at rcpt drop", texts("rule.played", count=0))
        await seat.see(texts("rule.switch_on"))
        await seat.press("e")
        await seat.see(texts("rule.write"))
        await seat.write(" once")
        await seat.press("enter")
        await seat.until(lambda: listed(seat) == [("at rcpt drop times 1", False)])
        await pick(seat, "at rcpt drop times 1", texts("rule.played", count=0))
        await seat.see(texts("rule.remove"))
        await seat.press("d")
        await seat.until(lambda: listed(seat) == [])

    stage(story, size=(80, 24), lang=lang)


def test_a_long_rule_in_a_small_window(stage):
    """What is wrong with it is pointed at in one line, cut on both sides."""

    async def story(seat):
        await seat.ready()
        await seat.press("f12")
        await pick(seat, seat.app.context.texts("rule.add"))
        await pick(seat, seat.app.context.texts("rule.new.own"))
        await seat.see(seat.app.context.texts("rule.write"))
        await seat.write("recipient.test rcpt to:bob* -from:*@sender.test answer 250 times 3 chance 30%")
        await seat.see("answer 250 times 3")
        assert pointed_at(seat).startswith("250 times 3")

    stage(story, size=(60, 15))


def test_every_preset_is_a_rule():
    """With a site, and without one; what a person writes alone is only begun."""
    for name, rule in PRESETS.items():
        if name != "own":
            assert parse(rule.format(site="recipient.test")) != parse(rule.format(site=""))
