"""A machine on the desk."""

from maillab.tui.machines.machine_rows import FlowRow, PortsRow, TextRow
from maillab.tui.subjects import Machine, MachineJob, MachineMailbox, ZoneText
from maillab.tui.widgets.machine import MachinePane, NameServerPane


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


def test_the_cursor_goes_from_thing_to_thing(stage):
    """Rows that stand for nothing are passed over; it is seen only where the focus is, and stays on its thing."""
    pane, other = MachinePane(id="sender"), MachinePane(id="recipient")
    plain = TextRow(("plain", "up"))
    alice, job = TextRow(("plain", "alice"), about="alice@a.test"), TextRow(("plain", "L1.1 waits"), about="L1.1")

    async def story(seat):
        pane.show_rows([plain, alice, plain])
        other.show_rows([plain])
        assert (pane.about, pane.has_cursor) == ("alice@a.test", False)
        await seat.focus(pane)
        assert pane.has_cursor
        pane.show_rows([plain, alice, plain, job, plain])
        await seat.press("j")
        assert pane.about == "L1.1"
        await seat.press("j")
        assert pane.about == "L1.1"
        pane.show_rows([alice, job])
        assert (pane.about, pane.cursor) == ("L1.1", 1)
        await seat.press("k")
        assert pane.about == "alice@a.test"
        await seat.focus(other)
        assert (pane.has_cursor, other.has_cursor) == (False, False)

    stage.alone(other, pane, story=story)


def test_the_name_server_hands_out_a_zone():
    """The one under the cursor; other rows are none."""
    pane = NameServerPane(id="names")
    assert pane.subject() is None
    pane.show_rows([TextRow(("plain", "DNS")), TextRow(("plain", "b.test"), about="zone:b.test.")])
    assert pane.subject() == ZoneText("b.test.")


def test_its_subject():
    """The job under the cursor, or the only one; a mailbox; else the machine itself, whose part all of them are."""
    pane, machine = MachinePane(id="sender"), Machine("sender.test")
    up = TextRow(("plain", "up"))
    jobs = [TextRow(("plain", job), about=job) for job in ("L1.1", "L2.1")]
    assert pane.subject() is None
    pane.machine = machine
    pane.show_rows([up, *jobs])
    assert pane.subject() == MachineJob(machine, "L1.1")
    assert pane.subject().within == machine
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


def test_ports_unfold(stage):
    """By Enter, and by a click on their sign; the others of the pane are as they were."""
    pane = MachinePane(id="sender")
    ports = [(("plain", f"{name} 41025"),) for name in ("SMTP", "submission", "POP3", "IMAP", "submissions", "IMAPS")]
    row = PortsRow(FlowRow(tuple(ports)), (FlowRow(tuple(ports[:4])),), about="ports")

    async def story(seat):
        pane.show_rows([TextRow(("plain", "alice"), about="alice@a.test"), row])
        await seat.see("IMAP 41025 ▸")
        await seat.click("▸")
        await seat.see("IMAPS 41025 ▾", "alice")
        await seat.click("▾")
        await seat.until(lambda: "IMAPS" not in seat.text)
        await seat.focus(pane)
        assert pane.check_action("ports", ())
        await seat.press("k", "enter")  # wherever the cursor is, which goes to them
        await seat.see("IMAPS 41025 ▾")
        assert pane.about == "ports"
        pane.show_rows([TextRow(("plain", "alice"), about="alice@a.test"), PortsRow(FlowRow(tuple(ports[:2])), ())])
        assert not pane.check_action("ports", ())  # all of them have room

    stage.alone(pane, story=story, size=(36, 20))
