"""The kind: a row of the queue that a damaged disk or a foreign hand has written."""

from typing import Any

import pytest

from maillab.sender.rows import RowError, job_row, message_row, read_envelope, read_jobs, recipient_rows
from maillab.sender.waiting import jobs_of
from tests.sender.hosts import message

ONE = message("bob@a.test", "zoë@bücher.test", ret="HDRS", envid="Q+2B", smtputf8=True)
JOBS = jobs_of("L7", ONE.envelope.recipients, 5.0)


def tables() -> list[list[list[Any]]]:
    """Messages, jobs and recipients, to be changed."""
    envelope = [*message_row("L7", ONE, 5.0)]
    envelope[8] = "blob"
    return [[envelope], [[*job_row(job)] for job in JOBS], [[*row] for job in JOBS for row in recipient_rows(job)]]


def read(messages: list[list[Any]], jobs: list[list[Any]], recipients: list[list[Any]]) -> Any:
    return read_jobs(*([tuple(row) for row in table] for table in (messages, jobs, recipients)), initial="L")


def test_round_trip() -> None:
    """What was written is read."""
    found = read(*tables())

    assert (found.jobs, found.broken) == (JOBS, ())


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *(
            (0, column, value)
            for column, value in [(1, "x"), (1, -1.0), (1, float("nan")), (2, 7), (3, None), (3, "a b")]
        ),
        *(
            (0, column, value)
            for column, value in [(4, 2), (5, "yes"), (6, "SOME"), (7, b"x"), (8, "text"), (9, -1), (10, "x")]
        ),
    ],
)
def test_a_message_that_cannot_be_read(table: int, column: int, value: Any) -> None:
    """A message with one wrong value sends nothing, and is named."""
    changed = tables()
    changed[table][0][column] = value
    found = read(*changed)

    assert found.jobs == ()
    assert [number for number, _ in found.broken] == [7]
    assert found.broken[0][1]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *(
            (1, column, value)
            for column, value in [(1, "x"), (1, 0), (2, "b.test"), (2, None), (3, -1), (4, "x"), (5, 3)]
        ),
        *((2, column, value) for column, value in [(3, None), (3, "b\udcffb"), (4, "b.test"), (5, "SOME"), (6, 1)]),
    ],
)
def test_a_job_that_cannot_be_read(table: int, column: int, value: Any) -> None:
    """A job with one wrong value sends nothing, above all not to another domain; the message's other job goes."""
    changed = tables()
    changed[table][0][column] = value
    found = read(*changed)

    assert found.jobs == JOBS[1:]
    assert [number for number, _ in found.broken] == [7]


@pytest.mark.parametrize(("table", "why"), [(0, "envelope"), (1, "no job"), (2, "recipients are missing")])
def test_rows_that_belong_to_nothing(table: int, why: str) -> None:
    """Foreign rows, and those whose others are gone, are named and send nothing."""
    changed = tables()
    changed[table] = []
    found = read(*changed)

    assert found.jobs == ()
    assert any(why in text for _, text in found.broken)


def test_an_envelope_alone() -> None:
    """A spoilt row is an error of its own, not one of whoever uses the value."""
    row = message_row("L7", ONE, 5.0)

    assert read_envelope(row).sender == ONE.envelope.sender
    with pytest.raises(RowError, match="address"):
        read_envelope((*row[:3], "a..b", *row[4:]))
