"""Which entries are seen."""

from maillab import events as e
from maillab.events import Side
from maillab.tui.reading.filtered_view import SLICE, FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.wire_lines import WireLines
from maillab.tui.texts import Texts
from maillab.views.filter import parse
from maillab.views.gloss import LANGS
from tests.recording.told import record, told


def model_of(entries):
    model = Model()
    model.take(entries)
    return model


def seqs(view):
    while view.advance() and not view.done:
        pass
    return [view.entry(row).seq for row in range(len(view))]


def test_it_shows_all():
    """Without a filter every entry is seen, and nothing has to be looked at."""
    model = model_of(told("seven-steps"))
    view = FilteredView(model)
    assert view.shows_all
    assert view.done
    assert seqs(view) == [entry.seq for entry in model.entries]
    assert (view.place(3), view.row(3), view.row(10**9)) == (3, 3, len(view))


def test_a_filter():
    """Only what matches, in its order, as the same filter finds it everywhere."""
    model = model_of(told("bounce"))
    view = FilteredView(model, parse("code:550"))
    found = seqs(view)
    assert found
    assert all(
        b"550" in view.entry(row).event.line for row in range(len(view)) if hasattr(view.entry(row).event, "line")
    )
    assert view.row(view.place(0)) == 0
    assert view.row(view.place(0) + 1) == min(1, len(view))


def test_a_word_that_stands_in_a_row():
    """A decision is found by every word of its row, as the window says it in its language, and in English."""
    events = [
        e.Opened("relay-1", e.Leg.RELAY, "smtp", "mx.recipient.test"),
        e.Secured("relay-1", "TLSv1.3", "", e.Certificate("CN=x", "O=lab", ("mx.recipient.test",), "", by_lab=True)),
        e.Attempted("L1.1", "mx.recipient.test", 451),
        e.Deferred("L1.1", ("bob@recipient.test",), "451 4.3.0 later", 300),
        e.Failed("L1.1", ("bob@recipient.test",), "no address of mx.recipient.test"),
    ]
    model = model_of([e.Entry(number, 0.0, event) for number, event in enumerate(events, 1)])
    for lang in LANGS:
        lines = WireLines(model, Texts(lang))
        for entry in model.entries:
            text = lines.text(entry)
            for word in (*text.split(), text):
                assert entry.seq in seqs(FilteredView(model, parse(f'"{word}"'), says=lines.text)), word
        assert seqs(FilteredView(model, parse('"retry in"'), says=lines.text)) == [4]


def test_talks_and_sides():
    """Talks that were chosen, and one side of them."""
    model = model_of(told("seven-steps"))
    talk = seqs(FilteredView(model, talks={"submit-1"}))
    mine = seqs(FilteredView(model, talks={"submit-1"}, side=Side.CLIENT))
    assert 0 < len(mine) < len(talk)
    assert all(model.entry(seq).event.side is Side.CLIENT for seq in mine)
    assert seqs(FilteredView(model, talks=())) == []


def test_it_follows():
    """What comes later is looked at later, and nothing twice."""
    entries = told("seven-steps")
    model, view = Model(), None
    view = FilteredView(model, parse("leg:relay"))
    seen = []
    for entry in entries:
        model.take([entry])
        if view.advance():
            seen.append(entry.seq)
    assert seen == seqs(FilteredView(model_of(entries), parse("leg:relay")))


def test_it_stops_when_it_is_enough():
    """Looking is done in slices, so that a frame is never late for it."""
    model = model_of([entry for _ in range(200) for entry in record("C: EHLO me\nS: 250 you")])
    view = FilteredView(model, parse("EHLO"))
    view.advance(lambda: True)
    assert not view.done or len(model.entries) <= SLICE
    model.take([entry for _ in range(1_000) for entry in record("C: EHLO me\nS: 250 you")])
    view.advance(lambda: True)
    assert not view.done
    assert len(seqs(view)) == 1_200


def test_a_model_that_forgets():
    """What is kept no longer is not seen any more; nothing else is looked at again."""
    model = model_of(told("seven-steps"))
    view = FilteredView(model, parse("leg:relay"))
    before = seqs(view)
    model.forget(before[3])
    assert seqs(view) == before[3:]
    assert view.sees(model.place(before[3]))
    assert not view.sees(model.place(before[3]) - 1)
    assert list(view.places(0, model.place(before[5]))) == [model.place(seq) for seq in before[3:5]]
    model.reset()
    assert view.is_old
    assert seqs(view) == []
