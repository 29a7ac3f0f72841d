"""What a session's sequence numbers mean while others come and go: a table of cases, without a socket."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.protocols.imap.sequence import parse_sequence_set
from maillab.recipient.folders import MessageRow, News
from maillab.recipient.imap.tracker import NamedMessage, Tracker


def row(uid, *flags):
    return MessageRow(uid, frozenset(flags), 1, 0.0, 10, 0.0, "M1")


SEEN = row(5, "\\Seen")

CASES = {  # what happened, whether what is gone may be told: numbers that are gone, how many there are, what changed
    "nothing": ([], True, [], None, []),
    "one is gone": ([News(gone=[5])], True, [2], None, []),
    "each number counts what is left": ([News(gone=[3, 5, 9])], True, [1, 1, 1], None, []),
    "the first and the last": ([News(gone=[3, 9])], True, [1, 2], None, []),
    "in two pieces of news": ([News(gone=[9]), News(gone=[3])], True, [1, 2], None, []),
    "not now": ([News(gone=[5])], False, [], None, []),
    "one is new": ([News(added=[row(12)])], True, [], 4, []),
    "one is new while a gone one still counts": ([News(added=[row(12)], gone=[5])], False, [], 4, []),
    "one is new and one is gone": ([News(added=[row(12)], gone=[5])], True, [2], 3, []),
    "new and gone before anybody knew": ([News(added=[row(12)]), News(gone=[12])], True, [], None, []),
    "flags": ([News(changed=[SEEN])], True, [], None, [(2, SEEN)]),
    "flags behind one that is gone": ([News(changed=[SEEN], gone=[3])], True, [1], None, [(1, SEEN)]),
    "flags behind one that is not told as gone": ([News(changed=[SEEN], gone=[3])], False, [], None, [(2, SEEN)]),
    "flags of one that is gone": ([News(changed=[SEEN]), News(gone=[5])], False, [], None, []),
    "flags twice are told once": ([News(changed=[row(5)]), News(changed=[SEEN])], True, [], None, [(2, SEEN)]),
    "flags of a new one": ([News(added=[row(12)], changed=[])], True, [], 4, []),
    "a stranger is gone": ([News(gone=[99])], True, [], None, []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told(case):
    """Each piece of news is told once, in numbers that the client understands at that moment."""  # T211
    news, expunges, expunged, exists, changed = CASES[case]
    tracker = Tracker([3, 5, 9])
    for piece in news:
        tracker.learn(piece)
    told = tracker.tell(expunges=expunges)

    assert (list(told.expunged), told.exists, list(told.changed)) == (expunged, exists, changed)
    again = tracker.tell(expunges=expunges)
    assert (list(again.expunged), again.exists, list(again.changed)) == ([], None, [])


def test_what_waits_is_told_later():
    """A message that is gone keeps its number until that may be told."""
    tracker = Tracker([3, 5, 9])
    tracker.learn(News(gone=[5]))
    tracker.tell(expunges=False)
    assert (tracker.number(5), tracker.number(9), tracker.is_gone(5), tracker.count) == (2, 3, True, 3)
    told = tracker.tell()
    assert (told.expunged, told.uids) == ([2], [5])
    assert (tracker.number(5), tracker.number(9), tracker.is_gone(5), list(tracker.uids)) == (0, 2, False, [3, 9])


@pytest.mark.parametrize(
    ("said", "by_uid", "named"),
    [
        (b"1", False, [(1, 3)]),
        (b"2:*", False, [(2, 5), (3, 9)]),
        (b"*", False, [(3, 9)]),
        (b"3,1", False, [(1, 3), (3, 9)]),
        (b"5", True, [(2, 5)]),
        (b"4:8", True, [(2, 5)]),
        (b"100:*", True, [(3, 9)]),  # RFC 9051 §9: the order does not matter, and * is the last one
        (b"1:4294967295", True, [(1, 3), (2, 5), (3, 9)]),
        (b"1,2,4", True, []),
    ],
)
def test_names(said, by_uid, named):
    """A set names messages by their numbers or by their UIDs; a UID that nobody has names nothing."""
    found = Tracker([3, 5, 9]).named(parse_sequence_set(said), by_uid=by_uid)
    assert found == [NamedMessage(*pair) for pair in named]


@pytest.mark.parametrize(("uids", "said"), [([3, 5, 9], b"4"), ([3, 5, 9], b"2:4"), ([3], b"2:*"), ([], b"1")])
def test_numbers_that_no_message_has(uids, said):
    """A number beyond the last one is an error; a UID is not."""
    with pytest.raises(LookupError):
        Tracker(uids).named(parse_sequence_set(said), by_uid=False)
    assert isinstance(Tracker(uids).named(parse_sequence_set(said), by_uid=True), list)


def test_nothing_in_an_empty_folder():
    """All messages of an empty folder are none; that is no error."""
    for said in (b"*", b"1:*"):
        assert Tracker([]).named(parse_sequence_set(said), by_uid=False) == []


def test_those():
    """UIDs that the client was told of, in their order; what is new waits."""
    tracker = Tracker([3, 5])
    tracker.learn(News(added=[row(7)]))
    assert tracker.those({7, 5, 4}) == [NamedMessage(2, 5)]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_client_that_counts_along(data):
    """A client that does what it is told always numbers the messages as the session does, and in the end has them all."""  # T324
    folder, tracker, client, top = [1, 2, 3], Tracker([1, 2, 3]), [1, 2, 3], 3
    for _ in range(data.draw(st.integers(0, 20))):
        match data.draw(st.sampled_from(["add", "remove", "tell", "tell not"])):
            case "add":
                top += 1
                folder.append(top)
                tracker.learn(News(added=[row(top)]))
            case "remove" if folder:
                uid = data.draw(st.sampled_from(folder))
                folder.remove(uid)
                tracker.learn(News(gone=[uid]))
            case word:
                told = tracker.tell(expunges=word == "tell")
                for number in told.expunged:
                    client.pop(number - 1)
                if told.exists is not None:
                    client += list(tracker.uids)[len(client) :]
                    assert len(client) == told.exists
                assert client == list(tracker.uids)
    for number in tracker.tell().expunged:
        client.pop(number - 1)
    assert list(tracker.uids) == folder
