"""What may be done to the machines."""

from maillab.events import Deferred, Delivered, Failed, Queued
from tests.tui.commands.test_everywhere import dialog


def test_the_queue_by_hand(stage):
    """Held, let go; a job tried now, sent back, thrown away: each after a question where it cannot be undone."""

    async def story(seat):
        await seat.ready()
        sender = seat.app.ui.screen.pane("sender")
        await seat.focus(sender)
        await seat.press("p")
        await seat.see(seat.app.context.texts("machine.held"))
        await seat.press("ctrl+s")
        await seat.heard(Queued, message="L1")
        await seat.press("ctrl+s")
        await seat.heard(Queued, message="L2")
        await seat.see("L1.1", "L2.1")
        await seat.focus(sender)
        await seat.press("D")
        await seat.see(seat.app.context.texts("say.no_job_here"))

        async def at(job):
            sender.cursor = next(n for n, row in enumerate(sender._rows) if row.about == job)
            await seat.focus(sender)

        await at("L1.1")
        await seat.press("D")
        await seat.until(lambda: dialog(seat) is not None)
        await seat.press("n")
        assert any(job.job == "L1.1" for job in seat.app.context.live.model.queues.waiting)
        await at("L1.1")
        await seat.press("D", "y")
        await seat.until(lambda: not any(job.job == "L1.1" for job in seat.app.context.live.model.queues.waiting))
        await at("L2.1")
        await seat.press("B", "y")
        await seat.heard(Failed, job="L2.1")
        await seat.press("p")
        await seat.until(lambda: seat.app.context.texts("machine.held") not in seat.text)
        await seat.press("ctrl+s")
        await seat.heard(Delivered)

    stage(story)


def test_trying_again(stage):
    """A message that waits for a machine that is off goes at once when it is told to, when that is on again."""

    async def story(seat):
        await seat.ready()
        await seat.switch_off()
        await seat.press("ctrl+s")
        await seat.heard(Deferred)
        await seat.focus(seat.app.ui.screen.pane("recipient"))
        await seat.press("o")
        await seat.see("recipient.test ● running")
        await seat.focus(seat.app.ui.screen.pane("sender"))
        await seat.press("r")
        await seat.heard(Delivered)

    stage(story)


def test_what_is_unusual_is_said(stage):
    """Greylisting and a machine without TLS are seen in its pane."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.pane("recipient"))
        await seat.press("y")
        await seat.see(seat.app.context.texts("note.greylist", seconds=120)[:20])
        await seat.press("s")
        await seat.see(seat.app.context.texts("note.no_tls")[:20])
        await seat.press("y", "s")
        gone = [seat.app.context.texts("note.no_tls")[:20], seat.app.context.texts("note.greylist", seconds=120)[:20]]
        await seat.until(lambda: not any(note in seat.text for note in gone))

    stage(story)
