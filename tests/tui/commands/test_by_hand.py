"""SMTP and POP3 typed by hand."""

from maillab.events import Authenticated, Delivered
from maillab.tui.commands import by_hand as by_hand_commands
from maillab.tui.state.conversation import Unconnected


async def by_hand(seat, door):
    """A conversation with a door begins, and it has greeted."""
    seat.app.ui.screen.query_one("ComposePane").show_tab("byhand")
    await seat.pilot.pause()
    seat.app.ui.screen.query_one("ComposePane").focus_tab()
    await seat.press("f10")
    await seat.answer(door)
    await seat.see("+OK" if door.startswith("pop3") else "220 ")


def test_by_hand(stage):
    """Verbs typed by a person, each reply explained; a message that is typed so arrives."""

    async def story(seat):
        await seat.ready()
        await by_hand(seat, "smtp sender")
        for line in ("EHLO me", "MAIL FROM:<alice@sender.test>", "RCPT TO:<bob@recipient.test>", "DATA"):
            await seat.write(line + "\n")
        await seat.until(
            lambda: any(b"354" in getattr(e.event, "line", b"") for e in seat.app.context.live.model.entries)
        )
        for line in ("Subject: typed", "", "by hand", ".", "QUIT"):
            await seat.write(line + "\n")
        await seat.heard(Delivered, mailbox="bob@recipient.test")
        await seat.until(lambda: seat.app.context.conversation.line == Unconnected())

    stage(story)


def test_elsewhere_meanwhile(stage):
    """What is said while another mode is shown, and after a change of the language, stands in the pane."""

    async def story(seat):
        await seat.ready()
        await by_hand(seat, "pop3 sender")
        await seat.see("POP3: ")
        await seat.press("escape")
        seat.app.ui.go("wire")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await by_hand_commands.say_by_hand(seat.app.context, "NOOP")
        await seat.until(
            lambda: any(getattr(e.event, "line", b"")[:4] == b"-ERR" for e in seat.app.context.live.model.entries)
        )
        seat.app.ui.go("lab")
        await seat.see("C: NOOP")
        seat.app.action_run("app.language")
        await seat.see("Thư mới")
        seat.app.ui.screen.query_one("ComposePane").show_tab("byhand")
        await seat.see("C: NOOP")

    stage(story)


def test_tls_and_a_login_by_hand(stage):
    """STARTTLS is done for the typist, and so are the base64 of a login."""

    async def story(seat):
        await seat.ready()
        await by_hand(seat, "submission sender")
        await seat.write("EHLO me\n")
        await seat.write("STARTTLS\n")
        await seat.until(lambda: any(type(e.event).__name__ == "Secured" for e in seat.app.context.live.model.entries))
        await seat.write("EHLO me\n")
        await seat.write(".auth alice@sender.test alice\n")
        await seat.heard(Authenticated, user="alice@sender.test")
        assert "YWxpY2U" not in seat.text
        await seat.press("f3")
        await seat.until(lambda: seat.app.context.conversation.line == Unconnected())

    stage(story)
