"""The rows of a machine's pane."""

import pytest

from maillab.tui.looks.sink import width
from maillab.tui.machines.machine_rows import FlowRow, JobRow, OneLine, TextRow


def text(lines):
    return ["".join(piece for _, piece in line).rstrip() for line in lines]


def part(words):
    return (("plain", words),)


def test_text_goes_on_under_itself():
    """A long text is broken at blanks, behind its label, and not without end."""
    row = TextRow(("warn", "strangers wait for two minutes"), "Notes")
    assert text(row.lines(24)) == ["Notes      strangers", "           wait for two", "           minutes"]
    assert len(TextRow(("plain", "word " * 500)).lines(20)) == 4
    assert text(TextRow(("plain", "")).lines(20)) == [""]


def test_parts_are_not_broken():
    """Parts stand side by side with dots between them, and a part that has no room begins the next line."""
    row = FlowRow((part("SMTP 1025"), part("submission 1587"), part("POP3 1110")))
    assert text(row.lines(34)) == ["SMTP 1025 · submission 1587", "POP3 1110"]
    assert text(row.lines(60)) == ["SMTP 1025 · submission 1587 · POP3 1110"]
    labelled = FlowRow((part("alice"), part("bob")), "Mailboxes")
    assert text(labelled.lines(17)) == ["Mailboxes  alice", "           bob"]


def test_one_line():
    """The longest way to say it that fits; where none does, the shortest is cut."""
    row = OneLine((part("0 accepted · 0 queued"), part("0 in · 0 out")))
    assert text(row.lines(30)) == ["0 accepted · 0 queued"]
    assert text(row.lines(20)) == ["0 in · 0 out"]
    assert text(row.lines(6)) == ["0 in …"]


JOB = JobRow("L2.1", "bob@recipient.test", "try 2", ("warn", "retry in 4:57"), "connection refused")


def test_a_job_beside():
    """Where there is room all columns of the queue stand in one line."""
    [line] = text(JOB.lines(76))
    assert line.split("  ") == ["L2.1   bob@recipient.test", "try 2", "retry in 4:57", "connection refused"] or (
        line.split() == ["L2.1", "bob@recipient.test", "try", "2", "retry", "in", "4:57", "connection", "refused"]
    )


def test_a_job_below():
    """Where there is none, which try it is and why it waits stand below, and only the name of the person is left."""
    assert text(JOB.lines(34)) == ["L2.1   bob           retry in 4:57", "       try 2 · connection refused"]


@pytest.mark.parametrize("cells", [1, 8, 20, 34, 35, 50, 60, 76, 120])
@pytest.mark.parametrize("row", [JOB, JobRow("L1.1", "b" * 90, "try 12", ("accent", "under way"), "550 " + "x" * 90)])
def test_nothing_goes_over_the_edge(cells, row):
    """However narrow it is, no line of a job is wider, as long as the columns of numbers have room."""
    assert cells < 34 or all(width(line) <= cells for line in row.lines(cells))
    assert 1 <= len(row.lines(cells)) <= 2
