"""The logbook."""

from pathlib import Path

from maillab.events import Carried, Closed, Leg, Said, Side
from maillab.logbook import Logbook
from maillab.mail.content import Content


def book(kept=100):
    ticks = iter(range(1000))
    return Logbook(clock=lambda: float(next(ticks)), kept=kept)


def test_entries_are_numbered_and_stamped():
    """Entries count from 1 and carry the clock's time."""
    log = book()
    entries = [log.append(Closed(f"t-{n}", "quit")) for n in range(3)]

    assert [(entry.seq, entry.at) for entry in entries] == [(1, 0.0), (2, 1.0), (3, 2.0)]
    assert log.since(1) == entries[1:]
    assert log.since(0) == entries
    assert log.since(99) == []


def test_a_late_reader_hears_the_past_first():
    """Who subscribes late hears all that is kept, then the present, in order, until they leave."""
    log, heard = book(), []
    log.append(Closed("a", "quit"))
    leave = log.subscribe(lambda entry: heard.append(entry.event.talk))
    log.append(Closed("b", "quit"))
    leave()
    leave()
    log.append(Closed("c", "quit"))

    assert heard == ["a", "b"]


def test_only_the_present():
    """Who does not want the past hears what is to come."""
    log, heard = Logbook(clock=lambda: 0.0), []
    log.append(Closed("a", "quit"))
    log.subscribe(lambda entry: heard.append(entry.event.talk), past=False)
    log.append(Closed("b", "quit"))
    assert heard == ["b"]


def test_the_oldest_entries_go_first_and_are_counted():
    """A full logbook forgets its oldest entries, says how many, and keeps its numbering."""
    log = book(kept=10)
    for n in range(25):
        log.append(Closed(str(n), "quit"))

    kept = log.since(0)
    assert len(kept) <= 10
    assert kept[-1].seq == 25
    assert kept[0].seq == log.forgotten + 1
    assert log.since(20) == kept[-5:]


def test_talks_are_named_by_leg():
    """Names of talks are readable and count by leg."""
    log = book()
    assert [log.name_talk(leg) for leg in (Leg.SUBMIT, Leg.RELAY, Leg.SUBMIT)] == ["submit-1", "relay-1", "submit-2"]


def test_content_held_in_memory_has_a_bound():
    """Messages are forgotten before they fill the memory, and who keeps files for them is told."""
    gone = []
    log = Logbook(clock=lambda: 0.0, octets=1000, forget=gone.extend)
    for n in range(100):
        log.append(Carried(str(n), Side.CLIENT, Content(b"x" * 100)))

    assert sum(len(entry.event.content) for entry in log.since(0)) <= 1000
    assert [entry.seq for entry in gone] == list(range(1, log.forgotten + 1))


def test_lines_held_in_memory_have_a_bound():
    """The kind: memory that grows with what strangers send. Long lines count like content."""
    log = Logbook(clock=lambda: 0.0, octets=1000)
    for n in range(100):
        log.append(Said(str(n), Side.CLIENT, b"x" * 100))

    assert len(log.since(0)) <= 10


def test_content_in_files_has_a_bound():
    """Entries that point at files go before the files fill the disk; who keeps the files is told."""
    gone = []
    log = Logbook(clock=lambda: 0.0, filed=1000, forget=gone.extend)
    for n in range(100):
        log.append(Carried(str(n), Side.CLIENT, Content(b"", Path("body"), 0, 100)))

    assert sum(len(entry.event.content) for entry in log.since(0)) <= 1000
    assert len(gone) == log.forgotten > 80


def together(log, name, count=3):
    """Write down so many events together."""
    log.append_together(lambda: [Closed(f"{name}{n}", "quit") for n in range(count)], count, 10 * count)


def test_what_is_written_down_together_is_as_one_by_one():
    """Whoever looks from wherever sees numbered entries of one moment, in their order."""
    log = book()
    log.append(Closed("a", "quit"))
    together(log, "b")
    log.append(Closed("c", "quit"))
    together(log, "d")

    kept = log.since(0)
    assert [(entry.seq, entry.at, entry.event.talk) for entry in kept] == [
        (1, 0.0, "a"), (2, 1.0, "b0"), (3, 1.0, "b1"), (4, 1.0, "b2"), (5, 2.0, "c"), (6, 3.0, "d0"), (7, 3.0, "d1"),
        (8, 3.0, "d2"),
    ]  # fmt: skip
    assert [log.since(seq) for seq in range(9)] == [kept[seq:] for seq in range(9)]


def test_what_is_written_down_together_is_made_when_somebody_looks():
    """It is made once, by the first who looks; a reader hears of it at once."""
    log, made, heard = book(), [], []

    def events():
        made.append(len(made))
        return [Closed("a", "quit"), Closed("b", "quit")]

    log.append_together(events, 2, 0)
    assert (made, log.since(2), made) == ([], [], [])
    assert len(log.since(0)) == len(log.since(1)) + 1 == 2
    assert made == [0]
    log.subscribe(lambda entry: heard.append(entry.seq))
    log.append_together(events, 2, 0)
    assert (heard, made) == ([1, 2, 3, 4], [0, 1])


def test_what_is_written_down_together_goes_together():
    """The bound holds for it by number and by octets, and the numbering goes on."""
    log = book(kept=10)
    for n in range(9):
        together(log, n)
    kept = log.since(0)
    assert [entry.seq for entry in kept] == list(range(log.forgotten + 1, 28))
    assert len(kept) <= 10
    assert kept[0].event == Closed("6" + "0", "quit")
    bounded = Logbook(clock=lambda: 0.0, octets=100)
    for n in range(9):
        together(bounded, n)
    assert len(bounded.since(0)) == 9
