"""What a session was told: nothing twice, nothing forgotten, nothing that it did itself."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from maillab.recipient import folder_state, view_list
from maillab.recipient.folder_state import FolderState, filed
from maillab.recipient.folders import NO_NEWS
from maillab.recipient.index import FolderKey, FolderRecord, IndexRow
from maillab.recipient.view_list import ViewList
from tests.chance import play_by_chance

SEEN = frozenset({"\\Seen"})


def row(uid, modseq=1):
    return IndexRow(uid, f"{uid}.mx", 10, 10, 10, modseq)


@pytest.fixture
def state():
    return FolderState(FolderRecord(FolderKey("bob"), 100, 4, 1, ""), [row(1), row(2), row(3)])


def told(news):
    return [row.uid for row in news.added], [row.uid for row in news.changed], [*news.gone]


def test_news(state):
    """Added, changed and gone are told once, and the list is as it was told."""
    view = ViewList(state)
    state.add([filed(row(4, 2))])
    state.change({1: SEEN}, 3)
    state.remove([2], 4)

    assert [row.uid for row in view.rows] == [1, 2, 3]
    assert told(view.news()) == ([4], [1], [2])
    assert [row.uid for row in view.rows] == [1, 3, 4]
    assert view.row(1).flags == SEEN
    assert view.row(2) is None
    assert view.news() is NO_NEWS


def test_what_came_and_went(state):
    """A message that was never told of is not told to be gone."""
    view = ViewList(state)
    state.add([filed(row(4, 2))])
    state.remove([4], 3)

    assert view.news() is NO_NEWS


def test_ones_own_doing(state):
    """What a session did itself is no news to it, and is to another."""
    mine, other = ViewList(state), ViewList(state)
    state.change({1: SEEN}, 2)
    mine.know([state.messages[1].row])
    state.remove([2], 3)
    mine.remove([2])

    assert mine.news() is NO_NEWS
    assert told(other.news()) == ([], [1], [2])


def test_a_folder_that_is_gone(state):
    """Of a folder that was deleted every message is gone; an empty one is noticed, too."""
    view = ViewList(state)
    state.end()
    assert told(view.news()) == ([], [], [1, 2, 3])
    empty = FolderState(FolderRecord(FolderKey("bob"), 101, 1, 1, ""), [])
    view = ViewList(empty)
    empty.end()
    assert not view.is_up_to_date


class Sessions(RuleBasedStateMachine):
    """A folder, three sessions, and for each what a client would believe from the news alone."""

    @initialize()
    def begin(self):
        self.state = FolderState(FolderRecord(FolderKey("bob"), 100, 1, 1, ""), [])
        self.modseq = 1
        self.views = [ViewList(self.state) for _ in range(3)]
        self.beliefs = [{} for _ in range(3)]

    def bump(self):
        self.modseq += 1
        return self.modseq

    @rule(count=st.integers(1, 3))
    def arrive(self, count):
        modseq = self.bump()
        self.state.add([filed(row(self.state.uid_next + n, modseq)) for n in range(count)])

    @rule(
        who=st.integers(-1, 2), flags=st.frozensets(st.sampled_from(["\\Seen", "a"])), picks=st.sets(st.integers(0, 9))
    )
    def store(self, who, flags, picks):
        known = [row.uid for row in self.views[who].rows] if who >= 0 else [*self.state.messages]
        uids = [uid for n, uid in enumerate(known) if n in picks and uid in self.state.messages]
        self.state.change(dict.fromkeys(uids, flags), self.bump())
        if who >= 0:
            rows = [self.state.messages[uid].row for uid in uids]
            self.views[who].know(rows)
            self.beliefs[who] |= {row.uid: row.flags for row in rows}

    @rule(who=st.integers(-1, 2), picks=st.sets(st.integers(0, 9)))
    def expunge(self, who, picks):
        known = [row.uid for row in self.views[who].rows] if who >= 0 else [*self.state.messages]
        uids = [uid for n, uid in enumerate(known) if n in picks and uid in self.state.messages]
        self.state.remove(uids, self.bump())
        if who >= 0:
            self.views[who].remove(uids)
            for uid in uids:
                del self.beliefs[who][uid]

    @rule(who=st.integers(0, 2))
    def ask(self, who):
        news, belief = self.views[who].news(), self.beliefs[who]
        for uid in news.gone:
            del belief[uid]
        for changed in news.changed:
            assert changed.uid in belief
            belief[changed.uid] = changed.flags
        for added in news.added:
            assert all(added.uid > uid for uid in belief)
            belief[added.uid] = added.flags
        assert belief == {uid: message.row.flags for uid, message in self.state.messages.items()}

    @invariant()
    def each_list_is_what_was_told(self):
        for view, belief in zip(self.views, self.beliefs, strict=True):
            assert {row.uid: row.flags for row in view.rows} == belief
            assert [row.uid for row in view.rows] == sorted(belief)


@pytest.mark.parametrize("many", [1, 100])
@pytest.mark.parametrize("remembered", [2, 1000])
def test_sessions_with_a_model(monkeypatch, remembered, many):
    """Whatever happens in whatever order, a client that believes the news believes what is true."""
    monkeypatch.setattr(folder_state, "TOUCHED", remembered)
    monkeypatch.setattr(view_list, "_MANY", many)
    play_by_chance(Sessions, 60, 30)
