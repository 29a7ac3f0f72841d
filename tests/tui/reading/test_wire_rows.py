"""The rows of the wire."""

import pytest
from msgspec.structs import replace

from maillab.events import Closed, Entry, Leg, Opened, Queued, RulePlayed, Said, Side
from maillab.stories.script import NAMES
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.wire_rows import RowKind, WireRows
from maillab.views.filter import parse
from tests.recording.told import record, told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


def rows_of(model, *given, **named):
    rows = WireRows(FilteredView(model, *given, **named))
    rows.view.advance()
    rows.grow()
    return rows


def seen(rows):
    """A letter for the kind of each row, and the number of its entry."""
    return " ".join(f"{RowKind(kind).name[0]}{place}" for kind, place in (rows.at(n) for n in range(len(rows))))


def talks(*names):
    """A line of each of these talks, which begin when they are named first; x-1! ends x-1."""
    known, events = set(), []
    for name in names:
        name, ends = name.rstrip("!"), name.endswith("!")
        if name not in known:
            events.append(Opened(name, Leg.RELAY, "smtp", "mx.recipient.test"))
        known.add(name)
        events.append(Closed(name, "quit") if ends else Said(name, Side.CLIENT, b"NOOP\r\n"))
    return [Entry(number, number / 8, event) for number, event in enumerate(events, 1)]


def test_a_talk_that_is_gone_back_to_has_another_heading():
    """The first row of a talk is where it was opened; an end that was due has no row."""
    rows = rows_of(model_of(talks("a-1", "b-1", "b-1!", "a-1", "a-1!")))
    assert seen(rows) == "L0 L1 L2 L3 H5 L5"


def test_talks_that_go_on_beside_each_other_are_tagged():
    """Two that speak in turn get no heading at each turn."""
    rows = rows_of(model_of(talks("a-1", "b-1", "a-1", "b-1", "a-1", "b-1!", "a-1")))
    assert seen(rows) == "L0 L1 L2 L3 T4 L5 T6 H8 L8"


def test_what_is_of_no_talk_needs_no_heading():
    """A decision about a job interrupts no talk."""
    entries = talks("a-1", "a-1")
    entries.insert(2, Entry(2, 0.0, Queued("L1.1", "L1", "b.test", ())))
    assert seen(rows_of(model_of(entries))) == "L0 L1 L2 L3"


def test_a_long_answer_is_one_row():
    """Its first line stands for all of them, unfolds, and folds again; every line of it has a row to go to."""
    rows = rows_of(
        model_of(record("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250-SIZE 10\nS: 250 HELP\nC: NOOP\nS: 250 ok"))
    )
    folded = seen(rows)
    assert folded == "L0 L1 L2 L3 L6 L7"
    assert list(rows.more(3)) == [4, 5]
    assert rows.folds(3)
    assert not rows.folds(2)
    assert (rows.head(5), rows.head(2)) == (3, 2)
    assert rows.row(5) == 4
    assert rows.unfold(3)
    assert seen(rows) == "L0 L1 L2 L3 L4 L5 L6 L7"
    assert rows.row(5) == 5
    assert not rows.folds(3)
    assert rows.unfold(3)
    assert seen(rows) == folded
    assert not rows.unfold(2)


def test_an_unfolded_answer_that_goes_on():
    """What comes of it is shown; the next one is folded."""
    entries = record("S: 220 hi\nC: EHLO me\nS: 250-mx\nS: 250-SIZE 10\nS: 250 HELP\nC: EHLO me\nS: 250-mx\nS: 250 DSN")
    model = model_of(entries[:5])
    rows = rows_of(model)
    assert rows.unfold(3)
    model.take(entries[5:])
    rows.grow()
    assert seen(rows) == "L0 L1 L2 L3 L4 L5 L6 L7"


def asked(*answers, before="", behind=""):
    """The status of as many folders, each with its answer, which may have several lines."""
    lines = [f"C: a{n} STATUS f{n} (MESSAGES)\n" + "\n".join(f"S: {line}" for line in answer.format(n).split("|"))
             for n, answer in enumerate(answers)]  # fmt: skip
    return record("\n".join(["S: * OK hi", before, *lines, behind]), service="imap")


FINE = "* STATUS f{0} (MESSAGES 1)|a{0} OK Done"


def test_a_run_of_requests_is_one_row():
    """Of one kind, behind the first, which is read with its answer; the row unfolds, and folds again."""
    rows = rows_of(model_of(asked(FINE, FINE, FINE, FINE, behind="C: b NOOP\nS: b OK")))
    assert seen(rows) == "L0 L1 L2 L3 L5 L14 L15"
    assert [rows.folds(place) for place in (2, 3, 5, 14)] == [False, True, True, False]
    assert list(rows.more(5)) == [*range(6, 14)]
    assert rows.head(12) == 5
    assert rows.unfold(5)
    assert seen(rows) == "L0 L1 L2 L3 " + " ".join(f"L{n}" for n in range(5, 16))
    assert rows.unfold(5)
    assert seen(rows) == "L0 L1 L2 L3 L5 L14 L15"


@pytest.mark.parametrize("slices", [1, 3])
def test_a_run_that_grows(slices):
    """However little of it comes at a time."""
    model, entries = Model(), asked(FINE, FINE, FINE)
    rows = rows_of(model)
    for begin in range(0, len(entries), slices):
        model.take(entries[begin : begin + slices])
        rows.view.advance()
        rows.grow()
    assert seen(rows) == "L0 L1 L2 L3 L5"


def test_what_a_run_does_not_hide():
    """A refusal, news that nobody asked for, a decision, another command: what comes then is no part of the run."""
    refused = rows_of(model_of(asked(FINE, FINE, "a{0} NO no such folder", FINE, FINE)))
    assert seen(refused) == "L0 L1 L2 L3 L5 L9 L10 L11 L13"
    news = rows_of(model_of(asked(FINE, FINE + "|* 7 EXISTS", FINE, FINE)))
    assert seen(news) == "L0 L1 L2 L3 L5 L8 L9 L10 L12"
    entries = asked(FINE, FINE, FINE, FINE)
    decided = Entry(9, entries[8].at, RulePlayed("relay-1", "be-slow", "delay"))
    others = rows_of(model_of([*entries[:8], decided, *(replace(entry, seq=entry.seq + 1) for entry in entries[8:])]))
    assert seen(others) == "L0 L1 L2 L3 L5 L8 L9 L10 L12"
    assert seen(rows_of(model_of(asked(FINE, before="C: x NOOP\nS: x OK\nC: y NOOP\nS: y OK")))) == (
        "L0 L1 L2 L3 L4 L5 L6 L7"
    )


def test_one_side_of_a_run():
    """Where only the server is seen, or only the client, nothing stands for what both said."""
    model = model_of(asked(FINE, FINE, FINE))
    assert seen(rows_of(model, side=Side.SERVER)) == "H1 L1 L3 L6 L9"
    assert seen(rows_of(model, side=Side.CLIENT)) == "H2 L2 L5 L8"


def test_a_filter_that_picks_lines_folds_nothing():
    """A line that matches is a row, with the name of its talk; a filter for talks keeps their looks."""
    model = model_of(told("seven-steps"))
    rows = rows_of(model, parse("250"))
    assert {rows.at(n)[0] for n in range(len(rows))} == {RowKind.TAGGED}
    assert len(rows) == len(rows.view)
    rows = rows_of(model, parse("leg:relay"))
    assert rows.at(0)[0] is RowKind.LINE
    assert len(rows) < len(rows.view)


def test_one_side_begins_with_a_heading():
    """Where the opening is not seen the heading stands above the first line that is."""
    rows = rows_of(model_of(talks("a-1", "a-1")), side=Side.CLIENT)
    assert seen(rows) == "H1 L1 L2"


@pytest.mark.parametrize("name", NAMES)
def test_one_by_one_or_at_once(name):
    """The rows are the same, whether entries come one by one or all at once."""
    entries = told(name)
    model = Model()
    rows = WireRows(FilteredView(model))
    for entry in entries:
        model.take([entry])
        rows.view.advance()
        assert not rows.grow()  # no row that was there is another now
    assert seen(rows) == seen(rows_of(model_of(entries)))


def test_rows_that_go():
    """What is kept no longer has no rows; a model that begins anew has none."""
    model = model_of(talks(*["a-1"] * 10))
    rows = rows_of(model)
    model.forget(5)
    rows.view.advance()
    assert rows.grow()
    assert seen(rows).startswith("L4 L5")
    assert not rows.grow()
    model.reset()
    rows.view.advance()
    assert rows.grow()
    assert len(rows) == 0


def test_rows_are_made_a_slice_at_a_time():
    """What was not laid out yet has a row all the same, so that the end can be seen at once."""
    model = model_of([Entry(n, n / 8, Said("a-1", Side.CLIENT, b"NOOP\r\n")) for n in range(1, 5_001)])
    model.learn()
    rows = WireRows(FilteredView(model))
    assert len(rows) == 5_000
    assert rows.at(4_999) == (RowKind.TAGGED, 4_999)
    assert rows.grow(lambda: True) is False
    assert not rows.done
    assert len(rows) == 5_001  # there is a heading
    assert rows.at(5_000) == (RowKind.TAGGED, 4_999)
    assert rows.row(4_999) == 5_000
    assert rows.grow()
    assert rows.done
    assert rows.at(5_000) == (RowKind.LINE, 4_999)
