"""What is done with messages that are at home."""

from maillab.client.local_store import MailFolder
from tests.house import ROOT

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
