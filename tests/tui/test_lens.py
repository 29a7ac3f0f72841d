"""Which entries are seen."""

from maillab.events import Side
from maillab.tui.lens import SLICE, Lens
from maillab.tui.model import Model
from maillab.views.filter import parse
from tests.recording.told import record, told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


def seqs(lens):
    while lens.advance() and not lens.done:
        pass
    return [lens.entry(row).seq for row in range(len(lens))]


def test_it_shows_all():
    """Without a filter every entry is seen, and nothing has to be looked at."""
    model = model_of(told("seven-steps"))
    lens = Lens(model)
    assert lens.shows_all
    assert lens.done
    assert seqs(lens) == [entry.seq for entry in model.entries]
    assert (lens.place(3), lens.row(3), lens.row(10**9)) == (3, 3, len(lens))


def test_a_filter():
    """Only what matches, in its order, as the same filter finds it everywhere."""
    model = model_of(told("bounce"))
    lens = Lens(model, parse("code:550"))
    found = seqs(lens)
    assert found
    assert all(
        b"550" in lens.entry(row).event.line for row in range(len(lens)) if hasattr(lens.entry(row).event, "line")
    )
    assert lens.row(lens.place(0)) == 0
    assert lens.row(lens.place(0) + 1) == min(1, len(lens))


def test_talks_and_sides():
    """Talks that were chosen, and one side of them."""
    model = model_of(told("seven-steps"))
    talk = seqs(Lens(model, talks={"submit-1"}))
    mine = seqs(Lens(model, talks={"submit-1"}, side=Side.CLIENT))
    assert 0 < len(mine) < len(talk)
    assert all(model.entry(seq).event.side is Side.CLIENT for seq in mine)
    assert seqs(Lens(model, talks=())) == []


def test_it_follows():
    """What comes later is looked at later, and nothing twice."""
    entries = told("seven-steps")
    model, lens = Model(), None
    lens = Lens(model, parse("leg:relay"))
    seen = []
    for entry in entries:
        model.take([entry])
        if lens.advance():
            seen.append(entry.seq)
    assert seen == seqs(Lens(model_of(entries), parse("leg:relay")))


def test_it_stops_when_it_is_enough():
    """Looking is done in slices, so that a frame is never late for it."""
    model = model_of([entry for _ in range(200) for entry in record("C: EHLO me\nS: 250 you")])
    lens = Lens(model, parse("EHLO"))
    lens.advance(lambda: True)
    assert not lens.done or len(model.entries) <= SLICE
    model.take([entry for _ in range(1_000) for entry in record("C: EHLO me\nS: 250 you")])
    lens.advance(lambda: True)
    assert not lens.done
    assert len(seqs(lens)) == 1_200


def test_a_model_that_forgets():
    """When entries are no longer where they were, it begins again."""
    model = model_of(told("seven-steps"))
    lens = Lens(model, parse("leg:relay"))
    before = seqs(lens)
    model.forget(before[3])
    assert seqs(lens) == before[3:]
