"""Finding words in everything that happened."""

from maillab.events import Carried, Entry, Side
from maillab.mail.content import Content
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.search import Search
from maillab.views.transcript import Transcript
from tests.recording.told import record, told


def searched(entries, words):
    model, view = Model(), Transcript()
    model.take(entries)
    search = Search(model, words, lambda entry: view.rows(entry)[0].text)
    search.advance()
    return search


def whole(search):
    view = FilteredView(search.model)
    view.advance()
    return view


def test_it_is_shown_as_it_was_typed():
    """Whatever its case: it is folded for looking alone."""
    search = searched(told("seven-steps"), " RCPT ")
    assert (search.typed, search.words) == ("RCPT", "rcpt")


def test_it_finds_everywhere_round_the_end():
    """One after the other, forward and back, in every talk; case does not matter."""
    search = searched(told("seven-steps"), " quit ")
    everything = whole(search)
    assert search.count(everything) == (3, 0)
    first = search.next(-1, 1)
    second = search.next(first, 1)
    third = search.next(second, 1)
    assert first < second < third
    assert search.next(third, 1) == first
    assert search.next(first, -1) == third
    assert search.next(second + 1, -1) == second
    assert [search.number(place, everything) for place in (first, second, third, first + 1)] == [1, 2, 3, 0]
    assert {search.model.at(place).event.talk for place in (first, second, third)} == {
        "submit-1",
        "relay-1",
        "retrieve-1",
    }


def test_what_is_in_other_talks_is_counted():
    """Where some talks are seen only, the others are not forgotten."""
    search = searched(told("seven-steps"), "354 send")
    view = FilteredView(search.model, talks={"relay-1"})
    view.advance()
    assert search.count(view) == (1, 1)
    here = search.next(-1, 1, view)
    assert search.model.at(here).event.talk == "relay-1"
    assert search.number(here, view) == 1
    assert search.next(here, 1, view) == here
    view = FilteredView(search.model, talks={"lookup-1"})
    view.advance()
    assert search.count(view) == (0, 2)
    assert search.next(-1, 1, view) is None


def test_what_is_decided_and_what_is_carried():
    """Sentences of the lab are found as they are shown, and words of a message, whatever is folded."""
    assert searched(told("seven-steps"), "hosts to try").count
    search = searched(told("seven-steps"), "dear bob")
    assert {type(search.model.at(search.next(-1, 1)).event)} == {Carried}
    assert searched([Entry(1, 0.0, Carried("a-1", Side.CLIENT, Content(b"abc")))], "1 line").next(-1, 1) == 0


def test_no_secret_is_found():
    """Whoever guesses a password learns nothing."""
    entries = told("classic")
    secrets = [e for e in entries if getattr(e.event, "secret", (0, 0)) != (0, 0)]
    assert secrets
    start, end = secrets[0].event.secret
    words = secrets[0].event.line[start:end].decode()
    assert searched(secrets[:1], words).next(-1, 1) is None


def test_where_it_stands_in_a_line():
    """All of its places, whatever their case; none where cases change the length."""
    search = searched(record("S: 250 ok"), "ok")
    assert search.spans("OK, ok: Ok") == [(0, 2), (4, 6), (8, 10)]
    assert search.spans("nothing") == []
    assert search.spans("İ ok") == []
    assert searched([], "").spans("x") == []


def test_it_goes_on_with_what_comes():
    """A slice at a time; what comes later is looked at later."""
    entries = told("seven-steps")
    search = searched(entries[:60], "quit")
    assert search.count(whole(search)) == (1, 0)
    search.model.take(entries[60:])
    assert not search.done
    search.advance()
    assert search.count(whole(search)) == (3, 0)


def test_a_verb_in_capitals_is_found_as_a_word_of_its_own():
    """RCPT is not in RCPTMAX; in small letters it is."""
    entries = record("C: EHLO x\nS: 250-mx\nS: 250 LIMITS RCPTMAX=9\nC: RCPT TO:<b@b.test>\nS: 250 ok")
    assert searched(entries, "RCPT").count(whole(searched(entries, "RCPT"))) == (1, 0)
    assert searched(entries, "rcpt").count(whole(searched(entries, "rcpt"))) == (2, 0)
    assert searched(entries, "RCPT").spans("LIMITS RCPTMAX=9 RCPT") == [(17, 21)]


def test_a_conversation_is_found_by_its_name():
    """As it stands over its lines, once."""
    search = searched(told("seven-steps"), "Relay-1")
    place = search.next(-1, 1)
    assert search.count(whole(search)) == (1, 0)
    assert search.model.at(place).event == next(e.event for e in told("seven-steps") if e.talk == "relay-1")
