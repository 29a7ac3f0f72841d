"""Several sessions at one folder, by chance: each counts along with what it is told, and always knows which message is which."""

import re

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from maillab.protocols.imap.names import INBOX
from tests.chance import play_by_chance
from tests.recipient.imap.shelves import HI
from tests.recipient.imap.staging import Stage

LINE = re.compile(rb"\* ([0-9]+) (EXISTS|EXPUNGE|FETCH)(?: \((?:UID ([0-9]+))?.*)?\r\n")
SESSIONS = 3


class Reader:
    """A client: the UIDs of the messages by their numbers, None where it has not asked yet."""

    def __init__(self, shelves):
        self.stage = Stage()
        self.stage.dialogue._config.accounts.people.update(shelves.people)
        self.stage.shelves = shelves
        self.stage.hear(b"a LOGIN bob bob\r\n")
        self.known = []
        self.says(b"SELECT INBOX")

    def says(self, command, *, expunges=True):
        """One command, answered by OK; `expunges`: what is gone may be told in its answer."""
        told = [line for line in self.stage.heard(b"a " + command + b"\r\n") if isinstance(line, bytes)]
        assert told[-1].startswith(b"a OK"), (command, told)
        self.hears(told[:-1], expunges=expunges)
        return told

    def hears(self, told, *, expunges=True):
        """Count along."""
        for line in told:
            match = LINE.fullmatch(line)
            if match is None:
                continue
            number, word = int(match[1]), match[2]
            if word == b"EXISTS":
                assert number >= len(self.known), "there are fewer, and nobody said which are gone"
                self.known += [None] * (number - len(self.known))
            elif word == b"EXPUNGE":
                assert expunges, "this answer speaks in numbers"
                assert 1 <= number <= len(self.known)
                self.known.pop(number - 1)
            elif match[3]:
                assert self.known[number - 1] in (None, int(match[3])), "another message has this number"
                self.known[number - 1] = int(match[3])


class Sessions(RuleBasedStateMachine):
    """Deliveries, other programs, and three sessions that do what clients do."""

    @initialize(count=st.integers(0, 4))
    def begin(self, count):
        from tests.recipient.imap.shelves import Shelves

        self.shelves = Shelves([HI] * count)
        self.folder = self.shelves.bob.all[INBOX]
        self.readers = [Reader(self.shelves) for _ in range(SESSIONS)]

    who = st.integers(0, SESSIONS - 1)

    @rule()
    def a_message_comes(self):
        self.folder.put(HI)
        self.folder.ring()

    @rule(which=st.integers(0, 10))
    def another_program_takes_one_away(self, which):
        uids = list(self.folder.rows)
        if uids:
            self.folder.remove([uids[which % len(uids)]])
            self.folder.ring()

    @rule(who=who)
    def noop(self, who):
        reader = self.readers[who]
        reader.says(b"NOOP")
        assert len(reader.known) == len(self.folder.rows)

    @rule(who=who)
    def fetch_by_numbers(self, who):
        self.readers[who].says(b"FETCH 1:* (UID FLAGS)", expunges=False)

    @rule(who=who)
    def fetch_by_uids(self, who):
        self.readers[who].says(b"UID FETCH 1:* (FLAGS)")

    @rule(
        who=who, which=st.integers(1, 5), flag=st.sampled_from([b"\\Seen", b"\\Deleted", b"Work"]), by_uid=st.booleans()
    )
    def mark(self, who, which, flag, by_uid):
        reader = self.readers[who]
        if by_uid or which <= len(reader.known):
            reader.says(b"%sSTORE %d +FLAGS (%s)" % (b"UID " * by_uid, which, flag), expunges=by_uid)

    @rule(who=who)
    def expunge(self, who):
        self.readers[who].says(b"EXPUNGE")

    @rule(who=who, which=st.integers(1, 5))
    def move(self, who, which):
        if which <= len(self.readers[who].known):
            self.readers[who].says(b"MOVE %d Archive" % which)

    @rule(who=who)
    def search(self, who):
        reader = self.readers[who]
        told = reader.says(b"SEARCH ALL", expunges=False)
        numbers = [int(word) for line in told if line.startswith(b"* SEARCH") for word in line.split()[2:]]
        assert all(number <= len(reader.known) for number in numbers)

    @rule(who=who)
    def idle(self, who):
        reader = self.readers[who]
        reader.hears([line for line in reader.stage.heard(b"a IDLE\r\n") if isinstance(line, bytes)])
        self.a_message_comes()
        reader.hears([line for line in reader.stage.heard(b"") if isinstance(line, bytes)])
        assert len(reader.known) == len(self.folder.rows)
        reader.hears([line for line in reader.stage.heard(b"DONE\r\n") if isinstance(line, bytes)])

    @invariant()
    def nobody_stumbled(self):
        for reader in getattr(self, "readers", ()):
            assert not reader.stage.over

    def teardown(self):
        for reader in getattr(self, "readers", ()):
            told = reader.says(b"UID FETCH 1:* (FLAGS)")
            reader.says(b"UID FETCH 1:* (FLAGS)")
            assert reader.known == list(self.folder.rows), told


def test_by_chance():
    """Whatever three sessions do in whatever order: what they count is what there is."""
    play_by_chance(Sessions, 30, 30)
