"""The window, opened: what it shows first, and the journey of a message by keys alone and by mouse alone."""

from maillab.events import Delivered, Read


def test_a_message_by_keys(stage):
    """Two keys send the message that is offered, one goes to the mailboxes, one opens it: Bob reads it."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered, mailbox="bob@recipient.test")
        await seat.press("2")
        await seat.heard(Read, mailbox="bob@recipient.test")
        await seat.see("Hello from the laboratory")
        await seat.press("enter")
        await seat.see("this message crosses two servers")

    stage(story)


def test_a_window_in_ascii(stage):
    """With --ascii nothing else is drawn, borders, lit ones, and dialogs among it."""

    async def story(seat):
        await seat.ready()
        await seat.see("+- New message --", "-++- sender.test * running --", "#= Wire ")  # each pane has its corners
        await seat.press("ctrl+p")
        await seat.until(lambda: seat.app.ui.is_asking)
        assert [line for line in seat.lines if not line.isascii()] == []
        await seat.press("escape")
        for mode in ("2", "3", "4", "1"):
            await seat.press(mode)
            await seat.until(
                lambda mode=mode: seat.app.current_mode == ("lab", "mail", "wire", "sessions")[int(mode) - 1]
            )
            assert [line for line in seat.lines if not line.isascii()] == []

    stage(story, ascii=True)
