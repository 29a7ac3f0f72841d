"""The feed: lines are made once, in order, within a bound."""

import json

import pytest

from maillab.events import Leg, Opened, Said, Side, Warned
from maillab.logbook import Logbook
from maillab.protocols.services import SMTP
from maillab.views.filter import FilterError
from maillab.web.ours.feed import EntryFeed, EntryFeeds


def book(*events):
    logbook = Logbook(clock=lambda: 0.0)
    for event in events:
        logbook.append(event)
    return logbook


TALK = [
    Opened("submit-1", Leg.SUBMIT, SMTP.name, ""),
    *(Said("submit-1", Side.CLIENT, b"NOOP %d\r\n" % n) for n in range(9)),
]


def test_everybody_reads_at_their_own_pace():
    """Who asks again gets what is new, at most as much as they take."""
    feed = EntryFeed(book(*TALK), "", "en")

    lines, told = feed.since(0, 4)
    assert ([seq for seq, _ in lines], told) == ([1, 2, 3, 4], 4)
    assert [seq for seq, _ in feed.since(told, 100)[0]] == [5, 6, 7, 8, 9, 10]
    assert feed.since(10, 100) == ([], 10)


def test_who_has_heard_everything_is_not_behind():
    """Nobody is asked in a thread for what has not happened."""
    logbook = book(*TALK)
    feed = EntryFeed(logbook, "", "en")

    assert (feed.is_behind(0), feed.is_behind(10), feed.is_behind(10**9)) == (True, False, False)
    logbook.append(Warned("lab", "careful"))
    assert feed.is_behind(10)


def test_what_is_ready_is_had_at_once():
    """What one has asked for is there for the others, if it is not much and nobody else looks; nothing is made for it."""
    feed = EntryFeed(book(*TALK), "", "en")

    assert feed.at_once(0, 100) is None
    feed.since(0, 4)
    assert feed.at_once(4, 100) == feed.since(4, 100)
    assert [feed.at_once(*asked) for asked in ((0, 9), (10, 100), (11, 100))] == [None] * 3
    with feed._lock:
        assert feed.at_once(4, 100) is None


def test_a_filter_passes_over_the_rest():
    """What does not match is told of by its number alone, so that nobody asks for it again; the leg is still known."""
    feed = EntryFeed(book(*TALK, Warned("lab", "careful")), "leg:submit /NOOP 7/", "en")

    [(seq, line)], told = feed.since(0, 10)
    assert (seq, told, json.loads(line)["leg"]) == (9, 11, "submit")
    with pytest.raises(FilterError):
        EntryFeed(book(), "odd:x", "en")


def test_a_bound():
    """Who is too far behind begins with what is left."""
    feed = EntryFeed(book(*TALK), "", "en", most=500)

    lines, told = feed.since(0, 100)
    assert (told, 0 < len(lines) < 10, lines[-1][0]) == (10, True, 10)


def test_feeds_are_shared():
    """One filter in one language is one feed; the one that nobody asked for longest goes."""
    feeds = EntryFeeds(lambda expression, lang: EntryFeed(book(), expression, lang), most=2)

    first = feeds.feed("", "en")
    assert feeds.feed("", "en") is first
    feeds.feed("", "vi")
    feeds.feed("", "en")
    feeds.feed("leg:relay", "en")
    assert feeds.feed("", "en") is first
