"""What is done with messages that are at home."""

from maillab.client.local_store import MailFolder
from maillab.tui.commands import lab as lab_commands
from maillab.tui.commands import machines
from maillab.tui.commands import mail as mail_commands
from maillab.tui.subjects import Machine, PersonsMail
from tests.house import ROOT
from tests.tui.fake_ui import context, living, ui_of

SESSION = ROOT / "examples" / "sessions" / "attachment.maillab"


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
        await seat.see("bob@recipient.test · Inbox · 1")
        await seat.press("enter")
        await seat.see("From ")
        await seat.press("d")
        await seat.until(lambda: seat.app._notifications)
        assert seat.app.context.messages.counts("bob@recipient.test")[MailFolder.INBOX] == (1, 0)
        await seat.press("s")
        await seat.see(seat.app.context.texts("save.message"))
        await seat.press("enter", "enter")
        await seat.until(lambda: list(tmp_path.glob("*.eml")))
        await seat.press("x")
        await seat.until(lambda: seat.app.current_mode == "wire")
        assert not seat.app.context.host.begun

    stage(story, replay=SESSION, lab=None)


def test_the_living_messages_are_back(stage):
    """When the session is left, the messages of the living lab's people are there."""

    async def story(seat):
        await seat.until(lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole)
        await seat.press("Q")
        await seat.ready()
        assert seat.app.context.messages is seat.app.context.home.shelf
        assert seat.app.context.readers == [
            "alice@sender.test", "caught@sender.test", "bob@recipient.test", "carol@recipient.test", "caught@recipient.test",
        ]  # fmt: skip

    stage(story, replay=SESSION)


def test_a_machine_that_is_stopped(tmp_path):
    """Who fetches from it hears what, why and what now; nobody else does, and no number of the system."""
    bob = PersonsMail("bob@recipient.test")

    async def story(at):
        await machines.power(at, Machine("recipient.test"))
        await mail_commands.fetch(at, bob, asked=False)
        assert ui_of(at).complained == []
        await mail_commands.fetch(at, bob)
        assert ui_of(at).complained == [at.texts("say.pop3_stopped", who="bob", site="recipient.test")]

    living(context(tmp_path), story)


def test_no_password_without_tls(tmp_path):
    """It names the way out."""

    async def story(at):
        for change in ("tls recipient.test", "plaintext"):
            await lab_commands.change(at, change)
        await mail_commands.fetch(at, PersonsMail("bob@recipient.test"))
        assert ui_of(at).complained == [at.texts("say.no_tls_fetch", site="recipient.test")]

    living(context(tmp_path), story)
