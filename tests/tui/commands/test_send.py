"""Sending the message that is written."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from maillab.client.local_store import MailFolder
from maillab.events import Authenticated, Delivered, Opened, Submitted
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import machines, mail, send, settings
from maillab.tui.commands.draft import FieldToFill, go_on_with
from maillab.tui.commands.leaving import leave
from maillab.tui.machines import lab_actions
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.state.drafting import Composing, SendDue
from maillab.tui.state.life import On
from maillab.tui.state.server_mail import SENT, ServerFolder
from maillab.tui.subjects import Machine, PersonsMail
from maillab.tui.texts import Texts
from tests.tui.fake_ui import context, happened, living, ui_of


def test_sent_and_delivered(tmp_path):
    """The offered message goes at once; a copy is kept, and the Lab mode shows what is said of it."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        assert ("lab", "", send.GONE) in ui_of(at).gone
        assert at.drafting.sent == at.drafting.form
        assert at.home.version

    living(context(tmp_path), story)


def test_whoever_has_gone_elsewhere_stays_there(tmp_path, monkeypatch):
    """A server may take long; only who still waits where the message was sent from is led to the wire."""

    async def story(at):
        ui, submit = ui_of(at), lab_actions.send

        async def slow(*given):
            ui.place = ("lab", "sender")  # meanwhile
            return await submit(*given)

        monkeypatch.setattr(lab_actions, "send", slow)
        await send.send(at)
        await happened(at, Delivered)
        assert ui.said[-1] == at.texts("say.sent")
        assert send.GONE not in [about for _, _, about in ui.gone]

    living(context(tmp_path), story)


def test_the_outcome_is_known_before_the_answer_is_told(tmp_path, monkeypatch):
    """That the server accepted a message is said, and not over what has become of it since."""

    async def story(at):
        ui = ui_of(at)
        await send.send(at)
        assert ui.said[-1] == at.texts("say.sent")
        ui.said.clear()
        monkeypatch.setattr(ui, "go", lambda *_, **__: at.said.say("L2 bounced", "bad", 0.0))
        await send.send(at)
        assert ui.said == [at.texts("say.sending")]

    living(context(tmp_path), story)


def test_the_queue_is_on_hold(tmp_path):
    """What is accepted then stays where it is: that is said, with its name and the key that ends it."""

    async def story(at):
        await machines.hold(at, Machine("sender.test"))
        await send.send(at)
        assert ui_of(at).said[-1] == at.texts("say.sent_held", name="L1", site="sender.test")
        await machines.hold(at, Machine("sender.test"))
        await happened(at, Delivered)

    living(context(tmp_path), story)


@pytest.mark.parametrize("looks_first", [True, False])
def test_a_copy_on_the_server(tmp_path, looks_first):
    """Who reads by IMAP finds there what they have sent as soon as they look there; until then the wire shows no talk
    but that of the message. A server that is stopped is no hindrance."""

    async def story(at):
        sender = at.drafting.form.sender.rpartition("<")[2].rstrip(">")
        look = partial(mail.fetch, at, PersonsMail(sender, ServerFolder("Sent", SENT)))
        if looks_first:
            await look()
        await send.send(at)
        await happened(at, Delivered)
        held = len(at.home.shelf.items(sender, MailFolder.SENT))
        assert held == (0 if looks_first else 1)
        if not looks_first:
            talks = [entry.event.talk for entry in at.host.lab.logbook.since(0) if isinstance(entry.event, Opened)]
            assert not any(talk.startswith("retrieve") for talk in talks)
            await machines.power(at, Machine("sender.test"))
            await look()
            assert len(at.home.shelf.items(sender, MailFolder.SENT)) == 1
            assert len(ui_of(at).complained) == 1
            await machines.power(at, Machine("sender.test"))
        await look()
        [copy] = at.home.on_server(sender).items(ServerFolder("Sent", SENT))
        assert copy.seen
        assert at.home.shelf.items(sender, MailFolder.SENT) == []

    living(context(tmp_path), story)


def test_sent_while_the_lab_starts(tmp_path):
    """It waits until the ports are open, and goes then."""

    async def story():
        at = context(tmp_path)
        starting = asyncio.get_running_loop().create_task(lab_commands.live_on(at))
        await asyncio.sleep(0)
        await send.send(at)
        assert at.drafting.sending == SendDue()
        await starting
        await happened(at, Delivered)
        assert ui_of(at).complained == []
        assert at.drafting.sending == Composing()
        await leave(at, 0)

    asyncio.run(story())


def test_sent_before_a_message_is_offered(tmp_path, monkeypatch):
    """The ports are open, and nobody has written anything yet: it waits for the message that is offered."""

    async def story():
        at = context(tmp_path)
        begin = lab_commands.record_from_start

        async def pressed(at):
            await begin(at)
            assert isinstance(at.life, On)
            await send.send(at)
            assert at.drafting.sending == SendDue()

        monkeypatch.setattr(lab_commands, "record_from_start", pressed)
        await lab_commands.live_on(at)
        await happened(at, Delivered)
        assert ui_of(at).complained == []
        await leave(at, 0)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (DraftForm("alice@sender.test", "bob@", text="x"), "to"),
        (DraftForm("nobody", "bob@recipient.test", text="x"), "sender"),
        (DraftForm("alice@sender.test", "", text="x"), "to"),
        (DraftForm("alice@sender.test", "bob@recipient.test", headers="X\u2028Bcc: evil@x.test", text="x"), "headers"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(tmp_path, form, field):
    """Nothing is sent; also not a header that would smuggle another one (T252)."""

    async def story(at):
        at.texts = Texts("vi")
        at.drafting.put(form)
        await send.send(at)
        [(mode, pane, about)] = ui_of(at).gone
        assert (mode, pane, about.field) == ("lab", "compose", field)
        assert isinstance(about, FieldToFill)
        assert about.why
        assert about.why == at.texts.trouble(about.why)
        assert "Bad address" not in about.why
        [said] = ui_of(at).complained
        name = at.texts("tab.compose.headers" if field == "headers" else f"field.{field}")
        assert said == f"Chưa gửi: hãy sửa ô {name} trước."

    at = living(context(tmp_path), story)
    assert not at.live.model.journeys.trips


def test_a_server_that_refuses(tmp_path):
    """What the server says is said, and the message stays."""

    async def story(at):
        form = DraftForm("eve@sender.test", "bob@nowhere.else.test", text="x")
        at.drafting.put(form)
        await send.send(at)
        assert ui_of(at).complained
        assert at.drafting.form == form

    living(context(tmp_path), story)


def test_a_refusal_names_its_command(tmp_path):
    """What the server answered, and to which command."""

    async def story(at):
        at.drafting.put(DraftForm("alice@sender.test", "bob@gmail.com", text="x"))
        await send.send(at)
        [said] = ui_of(at).complained
        assert said.startswith("Not sent. The server answered RCPT: 554 5.7.1 gmail.com is not in this lab")

    living(context(tmp_path), story)


def test_another_service(tmp_path):
    """Handed over at port 25, nobody logs in."""

    async def story(at):
        at.drafting.service = "smtp"
        await send.send(at)
        await happened(at, Delivered)
        assert not any(isinstance(entry.event, Authenticated) for entry in at.live.model.entries)

    living(context(tmp_path), story)


def test_written_while_another_is_sent(tmp_path):
    """What somebody writes while the message is on its way is another message, and is kept."""

    async def story(at):
        sent = at.drafting.form
        at.ui.attempt(send.send(at))
        await asyncio.sleep(0)
        at.drafting.typed(DraftForm("alice@sender.test", "bob@recipient.test", subject="another", text="x"))
        await happened(at, Submitted)
        await ui_of(at).settled("draft", "looking")
        assert at.drafting.sent == sent

    living(context(tmp_path), story)
    assert "another" in (tmp_path / "lab" / "draft.json").read_text()


def test_no_lab(tmp_path):
    """It says so."""
    at = context(tmp_path)
    asyncio.run(send.send(at))
    assert ui_of(at).said == [at.texts("say.starting")]


def test_a_sender_without_a_mailbox(tmp_path):
    """It is said who that is and who has one, at the field; the server asked for a login, which nobody has."""

    async def story(at):
        at.drafting.put(DraftForm("alice@sender.testr2", "bob@recipient.test", text="x"))
        await send.send(at)
        [complaint] = ui_of(at).complained
        assert complaint.startswith("Not sent: alice@sender.testr2 has no mailbox here")
        assert "alice@sender.test" in complaint.partition("have one")[2]
        assert "caught" not in complaint
        assert ui_of(at).gone[-1][2].field == "sender"

    living(context(tmp_path), story)


def test_by_hand_is_open(tmp_path):
    """What is sent is seen: the form comes before the dialogue, which stays as it is."""

    async def story(at):
        at.drafting.is_behind = True
        await send.send(at)
        assert ui_of(at).gone[0] == ("lab", "compose", FieldToFill("text"))
        await happened(at, Delivered)
        assert ui_of(at).complained == []

    living(context(tmp_path), story)


def test_no_password_without_tls(tmp_path):
    """It names the way out."""

    async def story(at):
        await settings.change(at, "tls sender.test")
        await send.send(at)
        assert ui_of(at).complained == [at.texts("say.no_tls")]

    living(context(tmp_path), story)


def test_an_answer_goes_once(tmp_path):
    """When it has gone the form offers the first message again: nobody sends an answer twice by a key too many."""

    async def story(at):
        first = at.drafting.form
        await go_on_with(at, replace(first, subject="Re: Hello", in_reply_to="<1@a.test>"))
        await send.send(at)
        assert at.drafting.form == first
        assert not at.drafting.goes_once
        await send.send(at)
        assert at.drafting.form == at.drafting.sent == first
        assert ui_of(at).complained == []

    living(context(tmp_path), story)


def test_a_server_that_is_stopped(tmp_path):
    """It is named, with the key that starts it, and the message stays."""

    async def story(at):
        first = at.drafting.form
        await machines.power(at, Machine("sender.test"))
        for service in ("submission", "smtp"):
            at.drafting.service = service
            await send.send(at)
        assert at.drafting.form == first
        words = {"who": "alice", "site": "sender.test"}
        assert ui_of(at).complained == [
            at.texts("say.door_stopped", service="Submission", **words),
            at.texts("say.door_stopped", service="SMTP", **words),
        ]

    living(context(tmp_path), story)
