"""What may be done to the machines."""

import asyncio
import socket

from maillab.events import Deferred, Delivered, Failed, Queued
from maillab.tui.commands import machines, send
from maillab.tui.machines.machines_now import runs
from maillab.tui.subjects import Machine, MachineJob
from tests.tui.fake_ui import context, happened, heard, living, ui_of

SENDER, RECIPIENT = Machine("sender.test"), Machine("recipient.test")


def waiting(at):
    return {job.job for job in heard(at).queues.waiting}


def test_the_queue_by_hand(tmp_path):
    """Held and resumed; a job sent back or thrown away, each after a question; one that has left says so."""

    async def story(at):
        await machines.hold(at, SENDER)
        for message in ("L1", "L2"):
            await send.send(at)
            await happened(at, Queued, message=message)
        gone = MachineJob(SENDER, "L1.1")
        await machines.remove(at, gone)  # the answer is no
        assert waiting(at) == {"L1.1", "L2.1"}
        await machines.remove(at, gone)
        assert waiting(at) == {"L2.1"}
        assert ui_of(at).said[-1] == "L1.1 removed from the queue. Its sender gets no report."
        await machines.bounce(at, MachineJob(SENDER, "L2.1"))  # the answer is no
        heard(at).journeys.of_job("L2.1").sender = ""
        await machines.bounce(at, MachineJob(SENDER, "L2.1"))
        assert ui_of(at).asked[-2:] == [
            "Send L2.1 back to its sender?",
            "Give L2.1 up? Its sender is <>, so nobody gets a report.",
        ]
        await happened(at, Failed, job="L2.1")
        for late in (machines.retry, machines.remove, machines.bounce):
            await late(at, gone)
        assert ui_of(at).complained == [at.texts("say.no_job")] * 3
        await machines.hold(at, SENDER)
        await send.send(at)
        await happened(at, Delivered, mailbox="bob@recipient.test")

    living(context(tmp_path, False, True, False, True, True, True), story)


def test_trying_again(tmp_path):
    """A message that waits for a machine that is stopped goes when that runs again, and somebody says so."""

    async def story(at):
        lab = at.host.lab
        await machines.power(at, RECIPIENT)
        assert not lab.is_open("recipient.test", "smtp")
        await send.send(at)
        await happened(at, Deferred)
        await machines.power(at, RECIPIENT)
        assert lab.is_open("recipient.test", "smtp")
        assert ui_of(at).said[-1].startswith("recipient.test runs again, but sender.test does not know that: its next")
        await machines.retry(at, RECIPIENT)  # where nothing waits: what waits elsewhere is meant
        await happened(at, Delivered)
        assert ui_of(at).said[-1] == "Retrying 1 message…"

    living(context(tmp_path), story)


def test_a_port_that_somebody_has_taken_meanwhile(tmp_path):
    """The machine stays stopped, all of it; which port it is, who has it and which key tries again are said."""

    async def story(at):
        lab = at.host.lab
        await machines.power(at, RECIPIENT)
        port = next(door.port for door in lab.endpoints if (door.site, door.service) == ("recipient.test", "pop3"))
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", port))
            other.listen()
            await machines.power(at, RECIPIENT)
            [said] = ui_of(at).complained
            assert said.startswith(f"recipient.test did not start: Port {port} (POP3) is taken by ")
            assert not runs(lab, "recipient.test")
        await machines.power(at, RECIPIENT)
        assert runs(lab, "recipient.test")

    living(context(tmp_path), story)


def test_trying_everything_again(tmp_path):
    """From any pane: an empty queue says so, one that is held too, and what waits goes."""

    async def story(at):
        await machines.retry_all(at)
        assert ui_of(at).said[-1] == "Nothing is queued."
        await machines.power(at, RECIPIENT)
        await send.send(at)
        await happened(at, Deferred)
        await machines.hold(at, SENDER)
        await machines.retry_all(at)
        assert ui_of(at).complained[-1] == "The queue of sender.test is on hold. In Lab (1), p in its pane resumes it."
        await machines.hold(at, SENDER)
        await machines.power(at, RECIPIENT)
        await machines.retry_all(at)
        await happened(at, Delivered)

    living(context(tmp_path), story)


def test_a_queue_that_stands_still(tmp_path):
    """What the key did is said; one message of it tried alone is not, and the key that helps is."""

    async def story(at):
        await machines.hold(at, SENDER)
        assert ui_of(at).said[-1] == at.texts("say.hold", site="sender.test")
        await send.send(at)
        await happened(at, Queued)
        await machines.retry(at, MachineJob(SENDER, "L1.1"))
        assert ui_of(at).complained == [at.texts("say.queue_held", sites="sender.test")]
        await machines.power(at, SENDER)
        assert ui_of(at).said[-1] == at.texts("say.hold_gone", site="sender.test")
        for key in (machines.retry_all(at), machines.hold(at, SENDER)):
            await key
            assert ui_of(at).complained.pop() == at.texts("say.queue_stopped", sites="sender.test")
        await machines.power(at, SENDER)
        await machines.hold(at, SENDER)
        await machines.hold(at, SENDER)
        assert ui_of(at).said[-1] == at.texts("say.hold_ended", site="sender.test")
        await happened(at, Delivered)

    living(context(tmp_path), story)


def test_its_settings(tmp_path):
    """Greylisting, TLS, a mailbox: of this machine, and what has changed is said by its name."""

    async def story(at):
        await machines.greylist(at, RECIPIENT)
        await machines.tls(at, RECIPIENT)
        site = at.host.lab.config.sites[1]
        assert (site.greylist, site.tls) == (120, False)
        assert ui_of(at).said[-2:] == [
            at.texts("settings.now.greylist.on", site="recipient.test", state="120 s"),
            at.texts("settings.now.tls.off", site="recipient.test"),
        ]
        await machines.add_mailbox(at, RECIPIENT)
        assert ui_of(at).asked[0].value == "@recipient.test"
        assert "dave@recipient.test" in at.readers

    living(context(tmp_path, "dave@recipient.test", "secret"), story)


def test_its_rules(tmp_path):
    """A fault is injected here, and nowhere else."""

    async def story(at):
        await machines.rules(at, RECIPIENT)
        assert "recipient.test" in ui_of(at).asked[0].title

    living(context(tmp_path), story)


def test_no_lab(tmp_path):
    """Whoever asks in between hears it as an error, and nothing ends."""
    at = context(tmp_path)

    async def story():
        at.ui.attempt(machines.hold(at, SENDER))
        await ui_of(at).settled()

    asyncio.run(story())
    assert len(ui_of(at).complained) == 1
