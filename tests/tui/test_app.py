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
