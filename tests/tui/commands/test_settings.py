"""What can be set while the lab runs."""

from dataclasses import replace

import pytest

from maillab.config import default
from maillab.events import Failed
from maillab.tui.commands import send, settings
from maillab.tui.commands.rules import preset
from maillab.tui.machines import lab_actions
from maillab.tui.texts import Texts
from tests.tui.fake_ui import context, happened, living, ui_of

CHECKS = {
    "strictness": lambda config: config.strictness == "strict",
    "greylist recipient.test": lambda config: config.sites[1].greylist == settings.GREYLIST,
    "tls recipient.test": lambda config: not config.sites[1].tls,
    "auth sender.test recipient.test": lambda config: "recipient.test" in config.sites[0].server_auth,
    "plaintext": lambda config: not config.plaintext_pop3,
    "plaintext_imap": lambda config: not config.plaintext_imap,
    "fetch": lambda config: config.fetch == "pop3",
    "catch_examples": lambda config: config.catch_examples != default().catch_examples,
    "catch_all": lambda config: config.catch_all != default().catch_all,
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_can_be_switched_and_switched_back(name):
    """To what it is not."""
    once = settings.changed(default(), name)
    assert CHECKS[name](once)
    assert settings.changed(once, name) == default()


def test_the_size_limit_goes_round():
    """From that of the lab to the largest, the smaller ones, and back; what a file has set goes first."""
    config, seen = default(), []
    for _ in range(4):
        config = settings.changed(config, "limit sender.test")
        seen.append(config.sites[0].message_limit)
    assert seen == [1_000_000, 100_000, 10_000, 0]
    own = lab_actions.with_site(config, "sender.test", message_limit=77)
    assert settings.changed(own, "limit sender.test") == config


def test_by_what_mail_is_fetched(tmp_path):
    """What holds from now on is said in a sentence."""

    async def story(at):
        assert await settings.change(at, "fetch") == "Mail is now fetched by POP3."

    living(context(tmp_path), story)


def test_a_message_that_is_too_large(tmp_path):
    """The limit holds at once, at this server alone: what the other one has taken comes back."""

    async def story(at):
        for _ in range(3):
            said = await settings.change(at, "limit recipient.test")
        assert said == "recipient.test now accepts messages of up to 10.0 kB."
        at.drafting.put(replace(at.drafting.form, text="x" * 60 + "\n" + ("y" * 60 + "\n") * 400))
        await send.send(at)
        assert "5.3.4" in (await happened(at, Failed)).reason

    living(context(tmp_path), story)


def test_tls_can_be_required(tmp_path):
    """By a rule, which is put into the list of rules once, and switched there."""

    async def story(at):
        assert (
            await settings.change(at, "require recipient.test")
            == "recipient.test now requires TLS: it answers 530 to MAIL without it."
        )
        assert [(rule.on, rule.text) for rule in at.host.lab.rules.listed] == [(True, preset("tls", "recipient.test"))]
        assert await settings.change(at, "require recipient.test") == "recipient.test no longer requires TLS."
        assert [rule.on for rule in at.host.lab.rules.listed] == [False]
        await settings.change(at, "require recipient.test")
        await settings.change(at, "tls recipient.test")
        await send.send(at)
        assert "530 5.7.0" in (await happened(at, Failed)).reason

    living(context(tmp_path), story)


def test_there_are_no_others():
    """A name that means nothing is a fault."""
    with pytest.raises(LookupError):
        settings.changed(default(), "nonsense")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_setting_is_explained(tmp_path, lang):
    """Each has a mark or a state, and a sentence about it."""
    at = context(tmp_path, lang=lang)
    items = [*settings.switches(at, default()), *settings.looks(at)]
    assert {item.value for item in items} > CHECKS.keys()
    for item in items:
        assert item.on is not None or item.state
        assert len(item.note) > 20
    assert Texts(lang)("settings.help")


def test_what_belongs_together_stands_together(tmp_path):
    """Each server has a heading, under which it is not named again; so have reading, catching and the window."""

    async def story(at):
        await settings.settings(at)
        items = ui_of(at).asked[0].items()
        under = [item.under for item in items]
        headings = ["", "sender.test", "recipient.test", "Reading mail", "Mail for other domains", "This window"]
        assert list(dict.fromkeys(under)) == headings
        assert under == sorted(under, key=headings.index)
        assert {item.value for item in items if item.under == "Reading mail"} == {
            "fetch", "plaintext", "plaintext_imap", "often",
        }  # fmt: skip
        assert not [item for item in items if item.under.endswith(".test") and item.under in item.there]

    living(context(tmp_path), story)


def test_the_list_stays_open(tmp_path):
    """One after the other is switched while the lab runs, and what it is then is named."""

    async def story(at):
        await settings.settings(at)
        [listing] = ui_of(at).asked
        [switch] = listing.deeds
        states = {item.value: item.on for item in listing.items()}
        assert (
            await switch.does("greylist recipient.test")
            == "Greylisting is on at recipient.test: unknown senders retry after 120 s."
        )
        assert (
            await switch.does("tls recipient.test") == "recipient.test no longer offers TLS: no password is sent to it."
        )
        after = {item.value: item.on for item in listing.items()}
        assert {name for name in after if after[name] != states[name]} == {
            "greylist recipient.test",
            "tls recipient.test",
        }
        assert ui_of(at).said[-1] == "recipient.test no longer offers TLS: no password is sent to it."

    living(context(tmp_path), story)


def test_fetching_often(tmp_path):
    """Is a switch among the others."""

    async def story(at):
        await settings.settings(at)
        [switch] = ui_of(at).asked[0].deeds
        assert await switch.does("often") == "Mail is now fetched every 10 s."
        assert at.home.often
        assert await switch.does("often") == "Mail is no longer fetched every 10 s."

    living(context(tmp_path), story)


def test_looks_leave_the_list(tmp_path):
    """A language is another one at once; a theme is chosen in a list of its own, and the wire explains its lines."""

    async def story(at):
        await settings.settings(at)
        assert ui_of(at).spoken == ["vi"]
        await settings.settings(at)
        assert ui_of(at).worn[-1] == "light"
        await settings.settings(at)
        assert ui_of(at).done == ["transcript.explain"]

    living(context(tmp_path, "language", "theme", "light", "explain"), story)


def test_every_switch_says_in_a_sentence_what_it_does_now(tmp_path):
    """On and off, with its place, in both languages."""

    async def story(at):
        for lang in ("en", "vi"):
            at.texts = Texts(lang)
            for item in settings.switches(at, at.config) * 2:
                said = await settings.change(at, item.value)
                assert said.endswith(".")
                assert all(site in said for site in item.value.split()[1:])

    living(context(tmp_path), story)
