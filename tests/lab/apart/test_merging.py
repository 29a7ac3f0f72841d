"""Entries of several processes in one order."""

import random

from maillab.events import Closed
from maillab.lab.apart.merging import Merging


def noted(at, name):
    return at, Closed(name, "")


def names(found):
    return [event.talk for _, event in found]


def test_nothing_is_told_on_before_everybody_has_spoken():
    """What one source tells waits until the others are as far."""
    merging = Merging(2)
    merging.take(0, [noted(1.0, "a")], until=1.0)
    assert (merging.ready(), merging.waits) == ([], True)
    merging.take(1, [], until=0.5)
    assert (merging.ready(), merging.waits) == ([], True)
    merging.take(1, [], until=1.0)
    assert (names(merging.ready()), merging.waits) == (["a"], False)


def test_one_source_keeps_its_order():
    """Entries of one moment stay as they were told, also when they are told in two pieces."""
    merging = Merging(2)
    merging.take(0, [noted(1.0, "a"), noted(1.0, "b")], until=1.0)
    merging.take(1, [noted(1.0, "c")], until=2.0)
    first = names(merging.ready())
    merging.take(0, [noted(1.0, "d")], until=2.0)
    told = first + names(merging.ready())
    assert sorted(told) == ["a", "b", "c", "d"]
    assert [name for name in told if name != "c"] == ["a", "b", "d"]


def test_one_who_has_left_holds_nobody_up():
    """What it told is told on, and the others go on without it."""
    merging = Merging(2)
    merging.take(0, [noted(5.0, "last words")], until=5.0)
    merging.leave(0)
    assert merging.has_left(0)
    merging.take(1, [noted(7.0, "a")], until=7.0)
    assert names(merging.ready()) == ["last words", "a"]


def test_whatever_the_pieces_are():
    """However much of it each tells at a time, all of it comes once, and in the order of its moments."""
    for seed in range(50):
        dice = random.Random(seed)
        moments = [sorted(dice.randrange(100) / 10 for _ in range(30)) for _ in range(3)]
        logs = [[noted(at, f"{source}-{n}") for n, at in enumerate(moments[source])] for source in range(3)]
        merging, told, left = Merging(3), [], [list(log) for log in logs]
        while any(left):
            source = dice.choice([number for number, log in enumerate(left) if log])
            count = dice.randint(1, 5)
            piece, left[source] = left[source][:count], left[source][count:]
            merging.take(source, piece, until=piece[-1][0] if left[source] else 100.0)
            told += merging.ready()
        for source in range(3):
            merging.take(source, [], until=100.0)
        told += merging.ready()
        assert [at for at, _ in told] == sorted(at for log in logs for at, _ in log)
        for source, log in enumerate(logs):
            assert [pair for pair in told if pair[1].talk.startswith(f"{source}-")] == log
        assert not merging.waits
