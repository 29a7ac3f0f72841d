"""When entries are shown."""

from maillab.events import Closed, Entry
from maillab.recording.pacing import paced
from maillab.recording.session import Comment, Mark, Told


def at(*moments):
    """Entries at these moments."""
    return [Entry(number, moment, Closed("submit-1", "quit")) for number, moment in enumerate(moments, 1)]


def pauses(items, **options):
    """The pauses only."""
    return [pause for pause, _ in paced(items, **options)]


def test_original_pauses():
    """Each entry comes as long after the one before as it did then."""
    assert pauses(at(100.0, 100.5, 102.5)) == [0.0, 0.5, 2.0]


def test_speed_and_idle_limit():
    """A pause is first cut to the limit, then divided by the speed; at speed 0 there are none."""
    items = at(0.0, 1.0, 11.0)
    assert pauses(items, speed=2.0) == [0.0, 0.5, 5.0]
    assert pauses(items, speed=2.0, idle_limit=4.0) == [0.0, 0.5, 2.0]
    assert pauses(items, speed=0.0) == [0.0, 0.0, 0.0]


def test_a_part():
    """Only what lies between start and stop is shown, and nothing before it is waited for."""
    items = at(10.0, 12.0, 15.0, 19.0)
    assert [(pause, item.seq) for pause, item in paced(items, start=2.0, stop=5.0)] == [(0.0, 2), (3.0, 3)]


def test_time_that_runs_backwards():
    """A clock that was set back makes no negative pause, and nothing is waited for twice."""
    assert pauses(at(10.0, 20.0, 5.0, 21.0)) == [0.0, 10.0, 0.0, 1.0]


def test_hostile_moments():
    """Moments at the ends of what a file may say give finite pauses."""
    assert pauses(at(0.0, 1e12), speed=1000.0) == [0.0, 1e9]


def test_notes():
    """Marks and narration have their moments; comments are left out."""
    items = [Mark("m", 0, 1.0), Comment("c", 0), Told("a", "b", 0, 2.0), *at(4.0)]
    assert pauses(items) == [0.0, 1.0, 2.0]
