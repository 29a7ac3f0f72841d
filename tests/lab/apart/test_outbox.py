"""What a site has not told yet."""

import itertools

from maillab.events import Closed
from maillab.lab.apart.outbox import AT_ONCE, Outbox
from maillab.logbook import Logbook


def box(kept=100_000):
    """A logbook whose clock counts, its outbox, and a list with a ring for each time that it rang."""
    ticks, rings = itertools.count(), []
    now = lambda: float(next(ticks))  # noqa: E731
    logbook = Logbook(now, kept=kept)
    return logbook, Outbox(logbook, now, lambda: rings.append("ring")), rings


def test_it_rings_once():
    """For everything that comes before it is asked, and again for what comes afterwards."""
    logbook, outbox, rings = box()
    for name in "abc":
        logbook.append(Closed(name, ""))
    assert rings == ["ring"]
    news = outbox.news()
    assert [event.talk for _, event in news.noted] == ["a", "b", "c"]
    assert (news.until, news.lost) == (3.0, 0)
    assert outbox.news().noted == []
    logbook.append(Closed("d", ""))
    assert rings == ["ring", "ring"]


def test_much_is_told_in_pieces():
    """It says up to which moment it has told all, and rings for the rest."""
    logbook, outbox, rings = box()
    for number in range(AT_ONCE + 1):
        logbook.append(Closed(f"t-{number}", ""))
    news = outbox.news()
    assert (len(news.noted), news.until) == (AT_ONCE, news.noted[-1][0])
    assert rings == ["ring", "ring"]
    assert [event.talk for _, event in outbox.news().noted] == [f"t-{AT_ONCE}"]
    assert rings == ["ring", "ring"]


def test_what_was_forgotten_is_counted():
    """A lab that does not ask for long hears how much it has missed."""
    logbook, outbox, _ = box(kept=10)
    for number in range(25):
        logbook.append(Closed(f"t-{number}", ""))
    news = outbox.news()
    assert news.lost + len(news.noted) == 25
    assert news.lost > 0
    assert news.noted[-1][1].talk == "t-24"
