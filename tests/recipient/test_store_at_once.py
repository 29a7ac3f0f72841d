"""The store with everybody at once: deliveries, IMAP sessions, POP3 and another program, each in a thread of its own.

Nothing is lost, nothing is told twice, and in the end what every session believes is what lies on the disk.
"""

import asyncio
import itertools
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from maillab.durable import promising
from maillab.mail.content import Content
from maillab.recipient.folders import Appending, Change
from maillab.recipient.maildir_flags import LETTERS, flags_of
from maillab.recipient.maildrop import InUse
from tests.recipient.stores import BOB, Ringing, Session, maildir, opened
from tests.support import run

NAMES = ["INBOX", "INBOX", "Archive"]


class Crowd:
    """Everybody; each does so many things, chosen by dice of its own."""

    def __init__(self, boxes, loop, folder, times):
        self.boxes, self.loop, self.folder, self.times = boxes, loop, folder, times
        self.bob = boxes.account(BOB)
        self.sessions = [Session(self.bob, name, Ringing()) for name in NAMES]
        self.numbers = itertools.count(1)
        self.made, self.taken = set(), set()  # messages by their text
        self.counting = threading.Lock()

    def text(self):
        with self.counting:
            text = b"%d\r\n" % next(self.numbers)
            self.made.add(text)
        return text

    def deliver(self, dice):
        for _ in range(self.times):
            content = Content(self.text())
            asyncio.run_coroutine_threadsafe(self.boxes.deliver(BOB, content), self.loop).result(30)

    def read(self, session, dice):
        for _ in range(self.times):
            uids = dice.sample([*session.belief], min(3, len(session.belief)))
            match dice.choice(["store", "mark", "expunge", "copy", "move", "append", "hear", "hear"]):
                case "store":
                    session.learn(session.view.store(uids, dice.choice([*Change]), ["\\Seen", "work"]).rows)
                case "mark":
                    session.learn(session.view.store(uids[:1], Change.ADD, ["\\Deleted"]).rows)
                case "expunge":
                    texts = self.texts(session, [uid for uid, flags in session.belief.items() if "\\Deleted" in flags])
                    gone = session.view.expunge([*texts])
                    self.taken |= {texts[uid] for uid in gone}
                    session.lose(uid for uid in gone if uid in session.belief)
                case "copy":
                    session.view.copy(uids, dice.choice(["Archive", "INBOX"]))
                case "move":
                    session.lose(session.view.move(uids[:1], "Archive" if session.name == "INBOX" else "INBOX").sources)
                case "append":
                    self.bob.append(session.name, [Appending(Content(self.text()), frozenset({"work"}))])
                case "hear":
                    session.hear()

    def texts(self, session, uids):
        texts = {}
        for uid in uids:
            try:
                texts[uid] = session.view.content(uid).whole()
            except FileNotFoundError:
                continue
        return texts

    def fetch(self, dice):
        for _ in range(self.times // 4):
            try:
                drop = self.boxes.open(BOB)
            except InUse:
                continue
            read = []
            for index in [index for index in range(len(drop.messages)) if dice.random() < 0.05]:
                try:
                    self.taken.add(drop.content(index).whole())
                except FileNotFoundError:
                    continue
                read.append(index)  # another, which has a new name by now, would be deleted unread
            drop.close(read)

    def meddle(self, dice):
        """As mutt does: read, flag, add; a file that is renamed meanwhile is let be."""
        for number in range(self.times):
            root = maildir(self.folder, dice.choice(["", ".Archive"]))
            if number % 5 == 0:
                name = f"16{number:08d}.{dice.random()}.theirs"
                (root / "tmp" / name).write_bytes(self.text())
                (root / "tmp" / name).rename(root / "new" / name)
            files = [file for part in ("new", "cur") for file in (root / part).iterdir()]
            if files:
                file = dice.choice(files)
                letters = "".join(sorted(dice.sample("FRS", 2)))
                try:
                    file.rename(root / "cur" / f"{file.name.partition(':')[0]}:2,{letters}")
                except FileNotFoundError:
                    continue

    def look(self, dice):
        for _ in range(self.times):
            self.boxes.look()

    def end(self):
        there = set()
        self.boxes.look()
        for session in self.sessions:
            session.hear()
            root = maildir(self.folder, "" if session.name == "INBOX" else ".Archive")
            files = [file for part in ("new", "cur") for file in (root / part).iterdir()]
            texts = self.texts(session, session.belief)
            told = [(texts[uid], sorted(flags & LETTERS.keys())) for uid, flags in session.belief.items()]
            lying = [(file.read_bytes(), sorted(flags_of(file.name))) for file in files]
            assert sorted(told) == sorted(lying)
            there |= {text for text, _ in lying}
            session.view.close()
        assert self.made - self.taken <= there  # what nobody took away is there


@pytest.mark.parametrize("times", [40, pytest.param(3000, marks=pytest.mark.slow)])
def test_everybody_at_once(tmp_path, times):
    """Seven threads for a while, and then all agree with the disk."""

    async def play():
        loop = asyncio.get_running_loop()
        async with opened(tmp_path) as boxes:
            crowd = await asyncio.to_thread(Crowd, boxes, loop, tmp_path, times)
            work = [crowd.deliver, crowd.fetch, crowd.meddle, crowd.look]
            work += [lambda dice, session=session: crowd.read(session, dice) for session in crowd.sessions]
            with ThreadPoolExecutor(len(work)) as threads:
                done = [loop.run_in_executor(threads, one, random.Random(seed)) for seed, one in enumerate(work)]
                await asyncio.gather(*done)
                await loop.run_in_executor(threads, crowd.end)

    with promising(False):
        run(play(), 900)
