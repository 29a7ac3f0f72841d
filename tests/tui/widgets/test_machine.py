"""A machine on the desk."""

from maillab.tui.machine_rows import TextRow
from maillab.tui.subjects import Machine, MachineJob, MachineMailbox
from maillab.tui.widgets.machine import MachinePane


def test_what_may_be_done(stage):
    """Each key is an action of the table; left and right go to the machine of another site."""
    pane = MachinePane(id="sender")

    async def story(seat):
        await seat.focus(pane)
        await seat.press(*"prDBobays", "left", "right")
        names = "hold retry remove bounce power rules add_mailbox greylist tls"
        assert seat.app.ran == [f"machine.{name}" for name in names.split()]
        assert [m.by for m in seat.app.told if isinstance(m, MachinePane.SiteStepped)] == [-1, 1]

    stage.alone(pane, story=story)


def test_its_subject():
    """The job under the cursor, or the only one; a mailbox; else the machine itself, whose part all of them are."""
    pane, machine = MachinePane(id="sender"), Machine("sender.test")
    up = TextRow(("plain", "up"))
    jobs = [TextRow(("plain", job), about=job) for job in ("L1.1", "L2.1")]
    assert pane.subject() is None
    pane.machine = machine
    pane.show_rows([up, *jobs])
    assert pane.subject() == machine
    pane.set_reactive(MachinePane.cursor, 1)
    assert pane.subject() == MachineJob(machine, "L1.1")
    assert pane.subject().within == machine
    pane.set_reactive(MachinePane.cursor, 0)
    pane.show_rows([up, jobs[1]])
    assert pane.subject() == MachineJob(machine, "L2.1")
    pane.show_rows([TextRow(("plain", "alice"), about="alice@sender.test")])
    assert pane.subject() == MachineMailbox(machine, "alice@sender.test")


def test_long_reasons(stage):
    """A long reason goes on below, and not without end."""
    pane = MachinePane(id="sender")

    async def story(seat):
        pane.show_rows([TextRow(("dim", "word " * 500), "L1.1", "L1.1"), TextRow(("plain", "after"))])
        await seat.see("L1.1", "after")
        assert sum("word" in line for line in seat.lines) == 4

    stage.alone(pane, story=story, size=(40, 12))
