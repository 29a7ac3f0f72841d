"""What is done with messages that are at home: without a terminal, most of it without a lab."""

import asyncio
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from maillab.client.local_store import LocalStore, MailFolder
from maillab.events import Delivered, Read, Removed, Said
from maillab.tui.commands import machines, mail, send, settings
from maillab.tui.mail import browser
from maillab.tui.questions import Pick
from maillab.tui.state.server_mail import ServerFolder
from maillab.tui.subjects import HeldMessage, Machine, MessagePage, MessagePart, PersonsMail
from tests.house import ROOT
from tests.tui.fake_ui import BY_POP3, context, happened, living, ui_of, until
from tests.tui.mail.tabs.samples import BOTH, MESSAGE

SESSION = ROOT / "examples" / "sessions" / "attachment.maillab"
BOB = "bob@recipient.test"


@contextmanager
def at_home(tmp_path, *answers, octets=MESSAGE, uidl=""):
    """Bob has one message at home; no lab runs."""
    at = context(tmp_path, *answers)
    at.home.shelf = LocalStore(tmp_path / "home.db")
    at.home.shelf.put(BOB, octets, 0.0, uidl=uidl)
    try:
        yield at, HeldMessage(at.home.shelf.items(BOB, MailFolder.INBOX)[0])
    finally:
        at.home.shelf.close()


def counts(at):
    return {folder.value: total for folder, (total, _) in at.home.shelf.counts(BOB).items()}


@pytest.mark.parametrize(("uidl", "said"), [("", "say.in_trash"), ("a", "say.doomed")])
def test_throwing_away_and_back(tmp_path, uidl, said):
    """It lies in the trash, and what becomes of it on the server is said; out of the trash it comes back, or is gone.

    That it goes for good is asked.
    """
    with at_home(tmp_path, False, True, uidl=uidl) as (at, message):
        asyncio.run(mail.delete(at, message))
        assert counts(at) == {"inbox": 0, "sent": 0, "trash": 1}
        assert ui_of(at).said == [at.texts(said)]
        assert ui_of(at).gone == [("mail", "messages", None)]
        message = HeldMessage(at.home.shelf.items(BOB, MailFolder.TRASH)[0])
        asyncio.run(mail.restore(at, message))
        assert counts(at)["inbox"] == 1
        assert ui_of(at).said[-1] == at.texts("say.restored")
        asyncio.run(mail.restore(at, HeldMessage(at.home.shelf.items(BOB, MailFolder.INBOX)[0])))
        asyncio.run(mail.delete(at, HeldMessage(at.home.shelf.items(BOB, MailFolder.INBOX)[0])))
        asyncio.run(mail.delete(at, HeldMessage(at.home.shelf.items(BOB, MailFolder.TRASH)[0])))  # the answer is no
        assert counts(at)["trash"] == 1
        asyncio.run(mail.delete(at, HeldMessage(at.home.shelf.items(BOB, MailFolder.TRASH)[0])))
        assert ui_of(at).asked == [at.texts("ask.erase")] * 2
        assert ui_of(at).said[-1] == at.texts("say.erased_here")
        assert counts(at) == {"inbox": 0, "sent": 0, "trash": 0}


def test_marking(tmp_path):
    """Read, and unread again."""
    with at_home(tmp_path) as (at, message):
        version = at.home.version
        asyncio.run(mail.unread(at, message))
        assert at.home.shelf.counts(BOB)[MailFolder.INBOX] == (1, 0)
        assert at.home.version > version


def test_saving_the_message(tmp_path, monkeypatch):
    """The message becomes a file under the name of its subject; of one with files it is asked which."""
    monkeypatch.chdir(tmp_path)
    with at_home(tmp_path, "message", lambda question: question.value) as (at, message):
        asyncio.run(mail.save(at, message))
        [file] = tmp_path.glob("*.eml")
        assert file.read_bytes() == MESSAGE
        assert isinstance(ui_of(at).asked[0], Pick)
        assert str(file) in ui_of(at).said[-1]


def test_saving_a_file(tmp_path, monkeypatch):
    """One of its files is written decoded, never over a file that is there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.png").write_bytes(b"mine")
    with at_home(tmp_path, "0", lambda question: question.value) as (at, message):
        asyncio.run(mail.save(at, message))
        assert (tmp_path / "a.png").read_bytes() == b"mine"
        assert (tmp_path / "a-1.png").read_bytes() == b"PNG"


def test_saving_a_part(tmp_path, monkeypatch):
    """The part that is selected is written decoded, and nothing else is asked for."""
    monkeypatch.chdir(tmp_path)
    with at_home(tmp_path, lambda question: question.value, octets=BOTH) as (at, message):
        asyncio.run(mail.save(at, MessagePart(message, 2)))
        assert (tmp_path / "part.html").read_bytes().startswith(b'<h1 class="x">Title')
        assert len(ui_of(at).asked) == 1


def test_leaving_the_question(tmp_path, monkeypatch):
    """Whoever leaves the question writes nothing."""
    monkeypatch.chdir(tmp_path)
    with at_home(tmp_path) as (at, message):
        asyncio.run(mail.save(at, message))
        assert not list(tmp_path.glob("*.eml"))


# ── in a browser ──


@pytest.fixture
def opened(monkeypatch):
    """What a browser was given; there is one."""
    given = []

    async def note(path):
        given.append(path)
        return True

    monkeypatch.setattr(browser, "open_in_browser", note)
    return given


def test_the_page_in_a_browser(tmp_path, opened):
    """After a question it is written to a file of its own, harmless, and opened."""
    with at_home(tmp_path, True, octets=BOTH) as (at, message):
        asyncio.run(mail.open_outside(at, MessagePage(message)))
        assert b"<h1" in opened[0].read_bytes()
        assert b"default-src 'none'" in opened[0].read_bytes()
        assert str(opened[0]) in ui_of(at).said[-1]


def test_never_without_the_question(tmp_path, opened):
    """Whoever does not say yes opens nothing, and no file is written."""
    with at_home(tmp_path, octets=BOTH) as (at, message):
        asyncio.run(mail.open_outside(at, MessagePage(message)))
        assert len(ui_of(at).asked) == 1
        assert opened == []


def test_a_part_in_a_browser(tmp_path, opened):
    """A picture is opened as it is; what is none that a browser shows is not, and it is said what to do with it."""
    with at_home(tmp_path, True, octets=MESSAGE) as (at, message):
        asyncio.run(mail.open_outside(at, MessagePart(message, 2)))
        assert opened[0].read_bytes() == b"PNG"
        asyncio.run(mail.open_outside(at, MessagePart(message, 0)))
        assert ui_of(at).complained == [at.texts("outside.kind", kind="multipart/mixed")]


def test_nothing_to_open(tmp_path, opened):
    """A message without HTML says where a part can be selected."""
    with at_home(tmp_path) as (at, message):
        asyncio.run(mail.open_outside(at, MessagePage(message)))
        assert ui_of(at).complained == [at.texts("needs.messagepage")]
        assert opened == []


def test_no_browser(tmp_path, monkeypatch):
    """Where there is none it is said, with the place of the file."""

    async def none(path):
        return False

    monkeypatch.setattr(browser, "open_in_browser", none)
    with at_home(tmp_path, True, octets=BOTH) as (at, message):
        asyncio.run(mail.open_outside(at, MessagePage(message)))
        assert "message.html" in ui_of(at).complained[-1]


# ── with a lab ──


def test_fetching(tmp_path):
    """New mail comes home; what is thrown away is deleted on the server at the next fetch."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        bob = PersonsMail(BOB)
        await mail.fetch(at, bob)
        assert at.texts("say.fetched", count=1) in ui_of(at).said
        await mail.delete(at, HeldMessage(at.messages.items(BOB, MailFolder.INBOX)[0]))
        await mail.fetch(at, bob)
        await happened(at, Removed, mailbox=BOB)

    living(context(tmp_path, config=BY_POP3), story)


def test_watching(tmp_path):
    """By IMAP the server tells of new mail, and it is listed at once; who watches no longer has said goodbye."""

    async def story(at):
        assert not mail.watched(at, BOB)
        mail.fetch_often(at)
        assert mail.watched(at, BOB)
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(mail.watch(at, BOB, ServerFolder()))
            await until(at, lambda: any(b"IDLE" in line for line in said(at)))
            assert at.home.watching == (BOB, "INBOX")
            await send.send(at)
            await until(at, lambda: at.home.on_server(BOB).items(ServerFolder()))
            watching.cancel()
        assert at.home.watching is None
        await until(at, lambda: b"DONE\r\n" in said(at))

    living(context(tmp_path), story)


def said(at):
    """What was said at the doors for readers."""
    events = (entry.event for entry in at.live.model.entries)
    return [event.line for event in events if isinstance(event, Said) and event.talk.startswith("retrieve")]


def test_a_watch_that_ends(tmp_path):
    """A server that is stopped ends the watch, and nothing fails."""

    async def story(at):
        mail.fetch_often(at)
        async with asyncio.TaskGroup() as group:
            group.create_task(mail.watch(at, BOB, ServerFolder()))
            await until(at, lambda: any(b"IDLE" in line for line in said(at)))
            await machines.power(at, Machine("recipient.test"))
        assert (at.home.watching, mail.watched(at, BOB)) == (None, False)

    living(context(tmp_path), story)


def test_where_it_came_from(tmp_path):
    """From a message one goes to the line that carried it; where that is known no longer it is said."""

    async def story(at):
        await send.send(at)
        await happened(at, Delivered)
        await mail.fetch(at, PersonsMail(BOB))
        await happened(at, Read, mailbox=BOB)
        message = HeldMessage(at.messages.items(BOB, MailFolder.INBOX)[0])
        await mail.in_wire(at, message)
        mode, _, number = ui_of(at).gone[-1]
        assert mode == "wire"
        assert at.live.model.entry(number).event.talk == "retrieve-1"
        at.home.shelf.put(BOB, b"Subject: other\r\n\r\n", 0.0)
        await mail.in_wire(at, HeldMessage(at.messages.items(BOB, MailFolder.INBOX)[0]))
        assert ui_of(at).complained == [at.texts("say.not_in_wire")]

    living(context(tmp_path, config=BY_POP3), story)


def test_answering(tmp_path):
    """A reply goes to the sender, with the thread; whom it leaves out is named; a message can be sent on as it is."""
    octets = b"Message-ID: <1@x.test>\r\nFrom: alice@sender.test\r\nTo: bob@recipient.test, the class\r\n\r\nhi\r\n"
    with at_home(tmp_path, octets=octets) as (at, message):
        asyncio.run(mail.answer(at, message, "reply_all"))
        form = at.drafting.form
        assert (form.sender, form.to, form.in_reply_to) == (BOB, "alice@sender.test", "<1@x.test>")
        assert "the class" in ui_of(at).complained[-1]
    with at_home(tmp_path, octets=octets) as (at, message):
        asyncio.run(mail.answer(at, message, "forward_attached"))
        assert at.drafting.form.files[0].type == "message/rfc822"


def test_what_cannot_be_changed(tmp_path):
    """While a session plays its messages can be read, and not changed."""
    with at_home(tmp_path) as (at, message):
        at.shown = SimpleNamespace()
        asyncio.run(mail.delete(at, message))
        assert ui_of(at).complained == [at.texts("say.replaying")]
        at.shown = at.live
        assert counts(at)["inbox"] == 1


def test_how_it_is_fetched(tmp_path):
    """By itself or not; left on the server or not: each is said."""
    at = context(tmp_path)
    mail.fetch_often(at)
    mail.keep(at)
    assert (at.home.often, at.home.leave) == (True, False)
    mail.fetch_often(at)
    assert ui_of(at).said == [at.texts("say.often_on"), at.texts("mail.takes"), at.texts("say.often_off")]


def test_watching_on_and_off(tmp_path):
    """By IMAP the server tells of what changes; whether it is asked to is said each time."""

    async def story(at):
        mail.fetch_often(at)
        mail.fetch_often(at)
        assert ui_of(at).said == [at.texts("say.watch_on"), at.texts("say.watch_off")]

    living(context(tmp_path), story)


def test_a_machine_that_is_stopped(tmp_path):
    """Who fetches from it hears what, why and what now; nobody else does, and no number of the system."""
    bob = PersonsMail("bob@recipient.test")

    async def story(at):
        await machines.power(at, Machine("recipient.test"))
        await mail.fetch(at, bob, asked=False)
        assert ui_of(at).complained == []
        await mail.fetch(at, bob)
        assert ui_of(at).complained == [at.texts("say.door_stopped", who="bob", site="recipient.test", service="POP3")]

    living(context(tmp_path, config=BY_POP3), story)


def test_no_password_without_tls(tmp_path):
    """It names the way out."""

    async def story(at):
        for change in ("tls recipient.test", "plaintext"):
            await settings.change(at, change)
        await mail.fetch(at, PersonsMail("bob@recipient.test"))
        assert ui_of(at).complained == [at.texts("say.no_tls_fetch", site="recipient.test", service="POP3")]

    living(context(tmp_path, config=BY_POP3), story)


# ── in a window ──


def test_messages_of_a_session(stage, tmp_path):
    """While a session plays Mail shows whose messages were fetched in it; they can be read and saved, not changed."""

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)
        seat.app.context.playback.pause()
        seat.app.context.playback.to(10**9)
        seat.app.ui.refresh()
        await seat.until(lambda: seat.app.context.model.held)
        await seat.press("2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        await seat.see("bob · Inbox · 1")
        await seat.press("enter")
        await seat.see("From ")
        await seat.press("d")
        await seat.until(lambda: seat.spoken)
        assert seat.app.context.messages.counts("bob@recipient.test")[MailFolder.INBOX] == (1, 0)
        await seat.press("s")
        await seat.see(seat.app.context.texts("save.title"))
        await seat.press("enter", "enter")
        await seat.until(lambda: list(tmp_path.glob("*.eml")))
        await seat.press("x")
        await seat.until(lambda: seat.app.current_mode == "wire")
        assert not seat.app.context.host.begun

    stage(story, replay=SESSION, lab=None)
