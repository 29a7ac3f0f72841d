"""One folder in memory: its numbers are always those that one would count, and every touch is remembered, or known not to be."""

import pytest

from maillab.recipient import folder_state
from maillab.recipient.folder_state import Differences, FolderState, filed
from maillab.recipient.folders import FolderStatus
from maillab.recipient.index import FolderKey, FolderRecord, IndexRow

SEEN, DELETED = "\\Seen", "\\Deleted"


def row(uid, flags="", modseq=1):
    return IndexRow(uid, f"{uid}.mx", 12, 10, 11, modseq, flags, 5.0, 6.0, f"M{uid}")


@pytest.fixture
def state():
    """Three messages, the second seen and to be deleted."""
    rows = [row(1), row(2, f"{DELETED} {SEEN} work"), row(5)]
    state = FolderState(FolderRecord(FolderKey("bob"), 100, 6, 1, ""), rows)
    for message in state.messages.values():
        message.place = f"cur/{message.file}:2,{'ST' if message.row.uid == 2 else ''}"
    return state


def test_numbers(state):
    """Messages, unseen ones, those to be deleted, octets: as they are after every change."""
    assert state.status == FolderStatus(3, 2, 1, 33, 6, 100, 1, "F100")
    state.change({1: frozenset({SEEN, DELETED})}, 2)
    assert state.status == FolderStatus(3, 1, 2, 33, 6, 100, 2, "F100")
    state.add([filed(row(7, SEEN, 3))])
    assert state.status == FolderStatus(4, 1, 2, 44, 8, 100, 3, "F100")
    state.remove([1, 2, 9], 4)
    assert state.status == FolderStatus(2, 1, 0, 22, 8, 100, 4, "F100")
    state.end()
    assert state.deleted
    assert state.status.messages == 0


def test_a_changed_row(state):
    """Flags and MODSEQ are new, the rest stays."""
    before = state.messages[5].row
    state.change({5: frozenset({SEEN})}, 9)
    after = state.messages[5].row

    assert (after.flags, after.modseq) == ({SEEN}, 9)
    assert (after.uid, after.internal, after.octets, after.saved, after.email_id) == (5, 5.0, 11, 6.0, "M5")
    assert (before.uid, before.internal, before.octets, before.saved, before.email_id) == (5, 5.0, 11, 6.0, "M5")


def test_touches(state):
    """What was touched since a moment is known, each once."""
    state.change({1: frozenset({SEEN})}, 2)
    moment = state.touches
    assert state.touched_since(moment) == set()
    state.change({2: frozenset()}, 3)
    state.change({2: frozenset({SEEN})}, 4)
    state.remove([5], 5)
    assert state.touched_since(moment) == {2, 5}
    assert state.touched_since(0) == {1, 2, 5}


def test_touches_are_not_remembered_for_ever(state, monkeypatch):
    """Of what is too long ago nobody knows any more, and says so."""
    monkeypatch.setattr(folder_state, "TOUCHED", 3)
    moment = state.touches
    for modseq in range(2, 6):
        state.change({1: frozenset({SEEN} if modseq % 2 else ())}, modseq)

    assert state.touched_since(moment) is None
    assert state.touched_since(state.touches - 1) == {1}


def test_one_spelling(state):
    """A keyword is spelled as it was first, system flags as they are (RFC 9051 §2.3.2)."""
    assert state.spelled(["WORK", SEEN, "Home"]) == {"work", SEEN, "Home"}
    assert state.spelled(["home"]) == {"Home"}


def test_nothing_new(state):
    """A Maildir that is as it was differs in nothing."""
    places = {message.file: message.place for message in state.messages.values()}

    assert state.differences(places) == Differences([], {}, {}, [])


def test_what_others_did(state):
    """Gone, moved, flagged, added: each is found by names alone; a keyword, which has no letter, stays."""
    places = {"1.mx": "cur/1.mx:2,F", "2.mx": "cur/2.mx:2,S", "9.mx": "new/9.mx"}
    found = state.differences(places)

    assert found.gone == [5]
    assert found.places == {1: "cur/1.mx:2,F", 2: "cur/2.mx:2,S"}
    assert found.flags == {1: {"\\Flagged"}, 2: {SEEN, "work"}}
    assert found.strangers == ["9.mx"]
