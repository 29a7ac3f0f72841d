"""The store played by chance: IMAP sessions, POP3, deliveries and other programs at once, with restarts in between.

What a client believes from news alone is, whenever it asks after a look, what lies on the disk; and a UID means the same
message for ever under its UIDVALIDITY (T209).
"""

import asyncio
import itertools
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from maillab.durable import promising
from maillab.mail.content import Content
from maillab.recipient.folders import Appending, Change, FolderRefusal, NoFolder
from maillab.recipient.mailbox import Mailboxes
from maillab.recipient.maildir_flags import LETTERS, flags_of
from tests.chance import play_by_chance
from tests.recipient.stores import BOB, NOW, Session

FOLDERS = st.sampled_from(["INBOX", "Sent", "Lists/linux"])
FLAGS = st.frozensets(st.sampled_from(["\\Seen", "\\Deleted", "$Forwarded", "work"]), max_size=3)
PICKS = st.sets(st.integers(0, 5), min_size=1, max_size=3)
SESSIONS = st.integers(0, 2)


class Store(RuleBasedStateMachine):
    """A lab's mailboxes, and everybody who has to do with them."""

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.stack.enter_context(promising(False))
        self.folder = Path(tempfile.mkdtemp(prefix="store-"))
        self.stack.callback(shutil.rmtree, self.folder)
        self.numbers, self.files = itertools.count(1), itertools.count(1)
        self.meaning = {}  # (validity, uid): text
        self.open()
        self.bob.create("Lists/linux")
        for name in ("INBOX", "Sent", "Lists/linux"):
            self.append(name, frozenset(), 4)
        self.look_again(["INBOX", "INBOX", "Lists/linux"])

    def open(self):
        self.loop = asyncio.new_event_loop()
        self.boxes = Mailboxes(
            {BOB: self.folder / "bob"},
            self.folder / "index.db",
            names=lambda: f"1700000000.M{next(self.files)}.mx",
            now=lambda: NOW,
        )
        self.loop.run_until_complete(self.boxes.start())
        self.bob = self.boxes.account(BOB)
        self.sessions = {}

    def look_again(self, names):
        for number, name in enumerate(names):
            self.select(number, name)

    def shut(self):
        for session in self.sessions.values():
            session.view.close()
        self.loop.run_until_complete(self.boxes.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def teardown(self):
        if hasattr(self, "stack"):
            try:
                self.everybody_looks()
            finally:
                self.shut()
                self.stack.close()

    def text(self):
        return b"%d\r\n" % next(self.numbers)

    def read(self, session, uids):
        """Messages of other programs have a meaning as soon as anybody reads them."""
        for uid in uids:
            try:
                self.means(session.view.status.validity, [(uid, session.view.content(uid).whole())])
            except FileNotFoundError:
                pass
            except NoFolder:
                return

    def place(self, name):
        return self.folder / "bob" / {"INBOX": "", "Sent": ".Sent", "Lists/linux": ".Lists.linux"}[name]

    def on_disk(self, name):
        return [file for part in ("new", "cur") for file in sorted((self.place(name) / part).glob("*"))]

    # ── people ──

    @rule(number=SESSIONS, name=FOLDERS)
    def select(self, number, name):
        if number in self.sessions:
            self.sessions.pop(number).view.close()
        try:
            self.sessions[number] = Session(self.bob, name)
        except NoFolder:
            assert not self.place(name).exists()

    @rule(name=FOLDERS, flags=FLAGS, count=st.integers(1, 3))
    def append(self, name, flags, count):
        texts = [self.text() for _ in range(count)]
        try:
            done = self.bob.append(name, [Appending(Content(text), flags, None) for text in texts])
        except FolderRefusal:
            return
        self.means(done.validity, zip(done.uids, texts, strict=True))

    @rule()
    def deliver(self):
        text = self.text()
        uid = self.loop.run_until_complete(self.boxes.deliver(BOB, Content(text)))
        self.means(self.bob.status("INBOX").validity, [(uid, text)])

    @rule(picks=PICKS)
    def fetch_by_pop3(self, picks):
        drop = self.boxes.open(BOB)
        chosen = [index for index in range(len(drop.messages)) if index in picks]
        assert drop.close(chosen) == tuple(drop.messages[index].uid for index in chosen)

    @rule(number=SESSIONS, change=st.sampled_from(Change), flags=FLAGS, picks=PICKS)
    def store(self, number, change, flags, picks):
        if (session := self.sessions.get(number)) is None:
            return
        try:
            done = session.view.store(session.picked(picks), change, flags)
        except NoFolder:
            return
        assert done.refused == []
        session.learn(done.rows)

    @rule(number=SESSIONS, picks=st.none() | PICKS)
    def expunge(self, number, picks):
        if (session := self.sessions.get(number)) is None:
            return
        try:
            gone = session.view.expunge(None if picks is None else session.picked(picks))
        except NoFolder:
            return
        session.lose(uid for uid in gone if uid in session.belief)

    @rule(number=SESSIONS, name=FOLDERS, picks=PICKS, moving=st.booleans())
    def carry(self, number, name, picks, moving):
        if (session := self.sessions.get(number)) is None:
            return
        source = session.view.status.validity
        self.read(session, session.picked(picks))
        try:
            done = (session.view.move if moving else session.view.copy)(session.picked(picks), name)
        except FolderRefusal:
            return
        self.means(
            done.validity,
            ((new, self.meaning[source, old]) for old, new in zip(done.sources, done.targets, strict=True)),
        )
        if moving:
            session.lose(done.sources)

    @rule(number=SESSIONS)
    def ask(self, number):
        if session := self.sessions.get(number):
            session.hear()

    @rule()
    def remake(self):
        try:
            self.bob.delete("Lists/linux")
        except NoFolder:
            self.bob.create("Lists/linux")

    # ── other programs ──

    @rule(name=FOLDERS, letters=st.sets(st.sampled_from("STP")), is_new=st.booleans())
    def drop_a_file(self, name, letters, is_new):
        if self.place(name).exists():
            base = f"16{next(self.files):08d}.theirs"
            place = f"new/{base}" if is_new else f"cur/{base}:2,{''.join(sorted(letters))}"
            (self.place(name) / place).write_bytes(self.text())

    @rule(name=FOLDERS, pick=st.integers(0, 5), letters=st.none() | st.sets(st.sampled_from("STP")))
    def meddle(self, name, pick, letters):
        files = self.on_disk(name)
        if pick < len(files):
            file = files[pick]
            if letters is None:
                file.unlink()
            else:
                base = file.name.partition(":")[0]
                file.rename(self.place(name) / "cur" / f"{base}:2,{''.join(sorted(letters))}")

    # ── time ──

    @rule()
    def restart(self):
        names = [session.name for session in self.sessions.values()]
        self.shut()
        self.open()
        self.look_again(names)

    @rule()
    def everybody_looks(self):
        """A second passes."""
        self.boxes.look()
        for session in self.sessions.values():
            session.hear()
            view = session.view
            if self.place(session.name).exists() and view.status.validity == self.bob.status(session.name).validity:
                texts = {uid: view.content(uid).whole() for uid in session.belief}
                self.means(view.status.validity, texts.items())
                told = [(texts[uid], sorted(flags & LETTERS.keys())) for uid, flags in session.belief.items()]
                there = [(file.read_bytes(), sorted(flags_of(file.name))) for file in self.on_disk(session.name)]
                assert sorted(told) == sorted(there)
                assert view.status.messages == len(there)
            else:
                assert session.belief == {}

    def means(self, validity, texts):
        for uid, text in texts:
            assert self.meaning.setdefault((validity, uid), text) == text, f"UID {uid} of {validity} was given twice"


def test_by_chance():
    """Whatever happens in whatever order: nothing lost, nothing told twice, no UID given twice, nobody wrong in the end."""
    play_by_chance(Store, 10, 40)
