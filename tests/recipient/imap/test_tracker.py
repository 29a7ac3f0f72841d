"""What a session's sequence numbers mean while others come and go: a table of cases, without a socket."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from maillab.protocols.imap.sequence import parse_sequence_set
from maillab.recipient.folder_state import FolderState, filed
from maillab.recipient.folders import MessageRow, News
from maillab.recipient.imap.tracker import Tracker
from maillab.recipient.index import FolderKey, FolderRecord, IndexRow
from maillab.recipient.view_list import ViewList
from tests.chance import play_by_chance


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
    assert found == named


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
    assert tracker.those({7, 5, 4}) == [(2, 5)]


class Client:
    """A session over a folder, and a client that does what it is told: UIDs by their numbers, and their flags."""

    def __init__(self, folder):
        self.view = ViewList(folder)
        self.tracker = Tracker(row.uid for row in self.view.rows)
        self.uids = list(self.tracker.uids)
        self.flags = {row.uid: row.flags for row in self.view.rows}
        self.lost = set()

    def learn(self):
        self.tracker.learn(self.view.news())

    def hear(self, *, expunges):
        told = self.tracker.tell(expunges=expunges)
        gone = [self.uids.pop(number - 1) for number in told.expunged]
        assert (gone, bool(gone) <= expunges) == ([*told.uids], True)
        assert not self.lost & {*gone}, "it was told before"
        self.lost |= {*gone}
        if told.exists is not None:
            assert told.exists > len(self.uids), "it was told before"
            self.uids += list(self.tracker.uids)[len(self.uids) :]
            assert told.exists == len(self.uids)
        for uid in self.uids:
            if (row := self.view.row(uid)) is not None:
                self.flags.setdefault(uid, row.flags)  # it asks for those of new ones
        for number, row in told.changed:
            assert self.uids[number - 1] == row.uid
            self.flags[row.uid] = row.flags
        return told

    def agrees(self):
        """Client and session mean the same by every number."""
        assert self.uids == list(self.tracker.uids) == sorted({*self.uids})
        assert self.tracker.count == len(self.uids)
        assert [self.tracker.number(uid) for uid in self.uids] == list(range(1, len(self.uids) + 1))
        everything = [*enumerate(self.uids, 1)]
        assert self.tracker.named(parse_sequence_set(b"1:*"), by_uid=False) == everything
        assert self.tracker.those([*self.uids, 10_000]) == everything


class Counting(RuleBasedStateMachine):
    """A folder in memory, two sessions over it, and whoever else changes it."""

    who = st.integers(0, 1)
    flags = st.frozensets(st.sampled_from(["\\Seen", "\\Deleted", "work"]))

    @initialize(count=st.integers(0, 4))
    def begin(self, count):
        rows = [IndexRow(uid, f"{uid}.mx", 10, 10, 10, 1) for uid in range(1, count + 1)]
        self.folder = FolderState(FolderRecord(FolderKey("bob"), 100, count + 1, 1, ""), rows)
        self.clients = [Client(self.folder) for _ in range(2)]

    @property
    def modseq(self):
        return self.folder.modseq + 1

    def picked(self, picks):
        return [uid for at, uid in enumerate(self.folder.messages) if at in picks]

    picks = st.sets(st.integers(0, 6), min_size=1, max_size=3)

    @rule(count=st.integers(1, 3))
    def messages_come(self, count):
        first = self.folder.uid_next
        self.folder.add(
            filed(IndexRow(uid, f"{uid}.mx", 10, 10, 10, self.modseq)) for uid in range(first, first + count)
        )

    @rule(picks=picks, flags=flags)
    def somebody_marks(self, picks, flags):
        self.folder.change(dict.fromkeys(self.picked(picks), flags), self.modseq)

    @rule(picks=picks)
    def messages_go(self, picks):
        self.folder.remove(self.picked(picks), self.modseq)

    @rule(who=who, picks=picks, flags=flags)
    def the_client_marks(self, who, picks, flags):
        client = self.clients[who]
        uids = [uid for uid in self.picked(picks) if uid in client.uids]
        self.folder.change(dict.fromkeys(uids, flags), self.modseq)
        client.view.know([self.folder.messages[uid].row for uid in uids])
        client.flags |= dict.fromkeys(uids, flags)

    @rule(who=who, picks=picks)
    def the_client_expunges(self, who, picks):
        client = self.clients[who]
        uids = [uid for uid in self.picked(picks) if uid in client.uids]
        self.folder.remove(uids, self.modseq)
        client.view.remove(uids)
        client.tracker.learn(News(gone=uids))
        client.hear(expunges=True)

    @rule(who=who, expunges=st.booleans(), rung=st.booleans())
    def an_answer_ends(self, who, expunges, rung):
        """What was heard of changes is told at once; only what is gone may have to wait."""
        if rung:
            self.clients[who].learn()
        self.clients[who].hear(expunges=expunges)

    @invariant()
    def numbers_mean_the_same(self):
        for client in getattr(self, "clients", ()):
            client.agrees()

    def teardown(self):
        for client in getattr(self, "clients", ()):
            client.learn()
            client.hear(expunges=True)
            client.agrees()
            there = {uid: message.row.flags for uid, message in self.folder.messages.items()}
            assert {uid: client.flags[uid] for uid in client.uids} == there
            again = client.hear(expunges=True)
            assert (again.expunged, again.exists, again.changed) == ([], None, [])


def test_clients_that_count_along():
    """Whoever does what they are told numbers the messages as the session does, and has all of them, and their flags."""  # T324
    play_by_chance(Counting, 30, 25)
