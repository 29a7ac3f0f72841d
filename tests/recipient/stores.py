"""A store with two people in a folder of a test, and what lies on its disk."""

import contextlib
import itertools
import os
import threading

from maillab.mail.content import Content
from maillab.recipient.folders import Appending
from maillab.recipient.mailbox import Mailboxes
from maillab.recipient.summaries import NO_SUMMARIES

BOB, CAROL = "bob@recipient.test", "carol@recipient.test"
HI = Content(b"Subject: hi\r\n\r\nHello\r\n")
NOW = 1_700_000_000.0


@contextlib.asynccontextmanager
async def opened(folder, *, now=lambda: NOW, tell=lambda _: None, summarising=NO_SUMMARIES):
    """The mailboxes of bob and carol."""
    names = itertools.count(len(list(folder.rglob("*.mx*"))) + 1)
    boxes = Mailboxes(
        {BOB: folder / "recipient.test" / "bob", CAROL: folder / "recipient.test" / "carol"},
        folder / "index.db",
        names=lambda: f"1700000000.M{next(names)}.mx",
        now=now,
        tell=tell,
        summarising=summarising,
    )
    await boxes.start()
    try:
        yield boxes
    finally:
        await boxes.close()


def maildir(folder, name=""):
    """Where a folder of bob lies."""
    return folder / "recipient.test" / "bob" / name


def on_disk(folder, name=""):
    """What lies in a folder of bob: new/NAME and cur/NAME:2,FLAGS."""
    root = maildir(folder, name)
    return sorted(f"{part}/{entry}" for part in ("new", "cur") for entry in os.listdir(root / part))


def put(account, name, *texts, flags=(), internal=None):
    """Append messages; gives their UIDs."""
    messages = [Appending(Content(text), frozenset(flags), internal) for text in texts]
    return [*account.append(name, messages).uids]


def told(news):
    """News as three lists of UIDs."""
    return [row.uid for row in news.added], [row.uid for row in news.changed], [*news.gone]


def flags_of(view):
    """The flags of every message that a view knows."""
    return {row.uid: row.flags for row in view.rows}


class Ringing:
    """A bell that counts how often it rang; `wait` for the next."""

    def __init__(self):
        self.count = 0
        self._rung = threading.Event()

    def __call__(self):
        self.count += 1
        self._rung.set()

    def wait(self, seconds=5):
        assert self._rung.wait(seconds), "nobody rang"
        self._rung.clear()


class Session:
    """A client: its view, and what it believes of the folder."""

    def __init__(self, bob, name, bell=lambda: None):
        self.name = name
        self.view = bob.select(name, bell)
        self.belief = {row.uid: row.flags for row in self.view.rows}

    def picked(self, picks):
        uids = [*self.belief]
        return [uid for n, uid in enumerate(uids) if n in picks]

    def learn(self, rows):
        self.belief |= {row.uid: row.flags for row in rows}

    def lose(self, uids):
        for uid in uids:
            del self.belief[uid]

    def hear(self):
        news = self.view.news()
        self.lose(news.gone)
        assert all(row.uid in self.belief for row in news.changed)
        self.learn(news.changed)
        assert all(row.uid not in self.belief for row in news.added)
        self.learn(news.added)
        assert self.belief == {row.uid: row.flags for row in self.view.rows}
