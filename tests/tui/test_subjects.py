"""What a pane hands to a command."""

from pathlib import Path

from maillab.tui.subjects import Machine, MachineJob, MachineMailbox, PersonsMail, SavedRun, SeenLines, and_around


def test_a_thing_and_what_it_is_part_of():
    """A job is in its machine, a mailbox too; the nearest comes first."""
    machine = Machine("sender.test")
    job, box = MachineJob(machine, "L1.1"), MachineMailbox(machine, "alice@sender.test")
    assert list(and_around(job)) == [job, machine]
    assert list(and_around(box)) == [box, machine]
    assert list(and_around(None)) == []
    for alone in (PersonsMail("a@x"), SavedRun(Path("a")), SeenLines(tuple)):
        assert list(and_around(alone)) == [alone]
