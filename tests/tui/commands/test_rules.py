"""The rules of the lab."""

import asyncio
import re
import smtplib

import pytest

from maillab.events import Deferred, Delivered
from maillab.rules.language import parse
from maillab.tui.commands import rules, send
from maillab.tui.commands.lab import let_time_pass
from maillab.tui.commands.rules import NEW, preset
from maillab.tui.machines.machines_now import machines_now
from maillab.tui.machines.title import state_words
from maillab.wire.tls import unverified
from tests.tui.fake_ui import PATIENCE, context, happened, living, ui_of

BUSY = preset("rcpt450", "recipient.test")


def listed(at):
    """The rules of the lab, and whether they are on."""
    return [(each.text, each.on) for each in at.host.lab.rules.listed]


def test_a_preset_of_a_machine(tmp_path):
    """Where there is none, one is chosen: it holds at once, and nothing more is asked; then the list shows it."""

    async def story(at):
        await rules.rules(at, "recipient.test")
        [presets] = ui_of(at).asked
        assert presets.title == "Inject a fault at recipient.test"
        assert ui_of(at).said[-1] == "Injected at recipient.test: 450 to RCPT: mailbox busy"
        assert listed(at) == [(BUSY, True)]
        await rules.rules(at, "recipient.test")
        listing = ui_of(at).asked[-1]
        [item] = listing.items()
        assert (item.label, item.on, item.state) == ("450 to RCPT: mailbox busy · recipient.test", True, "0×")
        assert item.note.startswith(f"{BUSY}. Matched 0 times")
        assert machines_now(at).notes["recipient.test"] == ("rule: 450 to RCPT: mailbox busy",)
        assert "1 RULE" in [word.ways[0] for word in state_words(at)]
        await send.send(at)
        assert "450 4.2.0 Mailbox busy, try again later" in (await happened(at, Deferred)).reason
        assert listing.items()[0].state == "1×"
        await rules.switch(at, int(item.value))
        assert not machines_now(at).notes["recipient.test"]
        assert "1 RULE" not in [word.ways[0] for word in state_words(at)]

    living(context(tmp_path, "rcpt450"), story)


def test_a_preset_that_is_changed_before(tmp_path):
    """Tab lets it be written first."""

    async def story(at):
        assert (
            await rules.add_rule(at, "recipient.test")
            == f"Injected at recipient.test: {BUSY.removeprefix('at recipient.test ')} once"
        )
        assert listed(at) == [(f"{BUSY} times 1", True)]

    living(context(tmp_path, "tab rcpt450", lambda written: written.value), story)


def test_a_fault_at_one_server(tmp_path):
    """Who asks for faults at every server can go to those of one."""

    async def story(at):
        assert await rules.add_rule(at, "") == "Injected at recipient.test: 450 to RCPT: mailbox busy"
        assert ui_of(at).asked[-1].title == at.texts("rule.inject", site="recipient.test")
        assert not any(choice.value.startswith(rules.ONLY) for choice in ui_of(at).asked[-1].choices)

    living(context(tmp_path, "only recipient.test", "rcpt450"), story)


def test_a_rule_that_is_typed(tmp_path):
    """What is typed among the faults is a rule itself, whole or only begun; other words are looked for."""

    async def story(at):
        await rules.add_rule(at, "")
        typed = ui_of(at).asked[0].typed
        assert typed("at rcpt drop").label == typed("rcpt drop").label == "at rcpt drop"
        assert typed("at rcpt dorp").enter == "write"
        assert typed("busy") is None
        assert await rules.add_rule(at, "") == "Injected at every server: rcpt drop"
        assert await rules.add_rule(at, "") == "Injected at every server: rcpt delay 1s"
        assert ui_of(at).asked[-1].value == "at rcpt dorp"

    answers = [None, lambda pick: pick.typed("rcpt drop").value, lambda pick: pick.typed("at rcpt dorp").value]
    living(context(tmp_path, *answers, "at rcpt delay 1s"), story)


def test_nothing_is_chosen(tmp_path):
    """No list of nothing is shown."""

    async def story(at):
        await rules.rules(at)
        assert [asked.title for asked in ui_of(at).asked] == ["Inject a fault at every server"]
        assert listed(at) == []

    living(context(tmp_path), story)


def test_a_rule_is_added_edited_switched_and_removed(tmp_path):
    """In the list itself; each deed says what it did."""

    async def story(at):
        deeds = {deed.keys[0]: deed.does for deed in rules.listing(at).deeds}
        assert await deeds["a"]("") == "Injected at every server: rcpt drop"
        number = rules.items(at)[0].value
        assert await deeds["space"](number) == "Switched off at every server: rcpt drop"
        assert listed(at) == [("at rcpt drop", False)]
        assert await deeds["enter"](number) == "Changed at every server: rcpt drop times 1"
        assert ui_of(at).asked[-1].cursor == 0  # its place is seen, however long it is
        assert await deeds["enter"](number) == ""
        assert listed(at) == [("at rcpt drop times 1", False)]
        assert await deeds["space"](number) == "Switched on at every server: rcpt drop times 1"
        assert await deeds["d"](number) == "Removed at every server: rcpt drop times 1"
        assert listed(at) == []

    answers = ["own", "at rcpt drop", lambda prompt: f"{prompt.value} times 1"]
    living(context(tmp_path, *answers), story)


def test_the_list_is_left_by_a_new_rule(tmp_path):
    """Whoever has added one wants to send a message: the window says what was added, and no list stands before it."""

    async def story(at):
        await rules.inject(at, "at rcpt drop")
        await rules.rules(at)
        [asked] = ui_of(at).asked
        assert [deed.label for deed in asked.deeds if deed.leaves] == ["Add"]
        assert ui_of(at).said[-1] == "Injected at every server: rcpt delay 1s"
        await rules.rules(at)
        assert len(ui_of(at).said) == 1

    living(context(tmp_path, "Injected at every server: rcpt delay 1s", None), story)


def test_what_is_wrong_with_a_rule(tmp_path):
    """Is said with what it is about in the rule, which stands above already."""

    async def story(at):
        await rules.add_rule(at, "")
        check = ui_of(at).asked[1].check
        assert check("at rcpt dorp") == "no effect is called dorp; did you mean drop? · here: dorp"
        long = check("at recipient.test rcpt to:bob* -from:*@sender.test answer 250 times 3 chance 30%")
        assert long.endswith(" · here: 250 times 3 chance 30%")

    living(context(tmp_path, "own", None), story)


def test_a_lab_that_ended_has_no_rules(tmp_path):
    """Whoever looks at its list meanwhile sees none."""

    async def story(at):
        await rules.inject(at, "at rcpt drop")
        listing = rules.listing(at)
        assert [item.label for item in listing.items()] == ["at rcpt drop"]
        await at.host.stop()
        assert listing.items() == []

    living(context(tmp_path), story)


def test_it_is_worked_on_in_the_window(stage):
    """The list stays open while rules are added and switched; keys that are typed ahead are for what comes next."""

    async def story(seat):
        texts = seat.app.context.texts
        await seat.ready()
        await seat.press("f12")
        await seat.see(texts("rule.inject_anywhere"), "F1 Help")
        await seat.press("f1")
        await seat.see(texts("rule.help_new").split("\n")[1][:40])
        await seat.press("escape")
        await seat.write("at rcpt drop\n")
        await seat.see(texts("say.rule_injected", place=texts("rule.everywhere"), fault="rcpt drop"))
        await seat.press("f12")
        await seat.see("[x] at rcpt drop")
        await seat.press("space")
        await seat.see("[ ] at rcpt drop", texts("say.rule_off", place=texts("rule.everywhere"), fault="rcpt drop"))
        await seat.press("f1")
        await seat.see(texts("rule.help").split("\n")[1][:40])
        await seat.press("escape", "d")
        await seat.see(texts("rule.none"))

    stage(story, size=(80, 24))


def test_a_queue_that_retries(tmp_path):
    """A fault that is over after two refusals: the message waits twice, and arrives."""

    async def story(at):
        await rules.inject(at, preset("twice", "recipient.test"))
        await send.send(at)
        await happened(at, Deferred)
        await let_time_pass(at, 3600.0)
        await happened(at, Delivered)
        assert sum(isinstance(entry.event, Deferred) for entry in at.live.model.entries) == 2

    living(context(tmp_path), story)


def test_every_preset_is_a_rule():
    """With a site, and without one; what a person writes alone is only begun."""
    for name in NEW:
        if name != "own":
            assert parse(preset(name, "recipient.test")) != parse(preset(name, ""))
        assert not re.search(r"\s\s", preset(name, ""))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_preset_has_a_name(tmp_path, lang):
    """In both languages."""
    texts = context(tmp_path, lang=lang).texts
    assert all(texts(f"rule.new.{name}") for name in NEW)


def test_require_tls(tmp_path):
    """The preset refuses MAIL in clear (RFC 3207 §4) and takes it behind STARTTLS, which a relay says by itself."""

    async def story(at):
        lab = at.host.lab
        assert await rules.add_rule(at, "recipient.test")
        door = lab.endpoint("recipient.test", "smtp")

        def in_clear():
            with smtplib.SMTP(door.host, door.port, "client.sender.test", PATIENCE) as client:
                client.ehlo()
                refused = client.mail("alice@sender.test")
                client.starttls(context=unverified())
                client.ehlo()
                return refused[0], client.mail("alice@sender.test")[0]

        assert await asyncio.to_thread(in_clear) == (530, 250)
        await send.send(at)
        await happened(at, Delivered)

    living(context(tmp_path, "tls"), story)
