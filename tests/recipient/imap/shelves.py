"""Folders that are lists, and people who are a dictionary: what an IMAP dialogue needs to be played without a disk."""

import errno
import itertools

from maillab.mail.content import Content
from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import (
    SPECIAL,
    Appended,
    BadName,
    BadUse,
    Change,
    Copied,
    FolderExists,
    FolderInfo,
    FolderStatus,
    FolderStays,
    MessageRow,
    News,
    NoFolder,
    NoTarget,
    Stored,
    Usage,
)
from maillab.recipient.imap.config import ImapConfig
from maillab.recipient.structure.summary import make_words, summarise
from tests.recipient.shelf import People

HI = b"Subject: hi\r\nFrom: Alice <alice@sender.test>\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\n\r\nHello Bob\r\n"
LONG = b"Subject: long\r\nFrom: carol@recipient.test\r\nTo: bob@recipient.test\r\n\r\none\r\ntwo\r\n"
MIXED = (
    b"Subject: mixed\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
    b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n"
)
NOON = 1_767_614_400.0  # 5 January 2026, 12:00 UTC


class Folder:
    """One folder: rows and octets by UID, who watches it, and what has happened."""

    def __init__(self, validity, special=None):
        self.validity, self.special = validity, special
        self.rows, self.octets = {}, {}
        self.uid_next, self.modseq = 1, 1
        self.gone = {}  # UID: MODSEQ
        self.views = []
        self.deleted = False

    def put(self, octets, flags=(), internal=NOON):
        uid, self.uid_next, self.modseq = self.uid_next, self.uid_next + 1, self.modseq + 1
        row = MessageRow(uid, frozenset(flags), self.modseq, internal, len(octets), NOON, f"M{len(octets)}")
        self.rows[uid] = row
        self.octets[uid] = octets
        return uid

    def remove(self, uids):
        self.modseq += 1
        for uid in uids:
            del self.rows[uid], self.octets[uid]
            self.gone[uid] = self.modseq

    def ring(self, but=None):
        for view in self.views:
            if view is not but:
                view.bell()

    @property
    def status(self):
        rows = self.rows.values()
        unseen = sum("\\Seen" not in row.flags for row in rows)
        deleted = sum("\\Deleted" in row.flags for row in rows)
        octets = sum(row.octets for row in rows)
        return FolderStatus(
            len(self.rows), unseen, deleted, octets, self.uid_next, self.validity, self.modseq, f"F{self.validity}"
        )


class View:
    """One session's view of a folder."""

    def __init__(self, account, folder, bell):
        self.account, self.folder, self.bell = account, folder, bell
        self.rows = list(folder.rows.values())
        self.closed = False

    @property
    def status(self):
        return self.folder.status

    def row(self, uid):
        return next((row for row in self.rows if row.uid == uid), None)

    def news(self):
        before = {row.uid: row for row in self.rows}
        now = dict(self.folder.rows)
        self.rows[:] = now.values()
        added = [row for uid, row in now.items() if uid not in before]
        changed = [row for uid, row in now.items() if uid in before and before[uid] != row]
        return News(added, changed, [uid for uid in before if uid not in now])

    def news_at_once(self):
        return None

    def _learn(self, uids=()):
        """What this view does itself is no news to it."""
        self.rows[:] = [self.folder.rows[row.uid] if row.uid in uids else row for row in self.rows]

    def content(self, uid):
        try:
            return Content(self.folder.octets[uid])
        except KeyError:
            raise FileNotFoundError(uid) from None

    def summaries(self, uids):
        return [summarise(Content(self.folder.octets[uid])) if uid in self.folder.octets else None for uid in uids]

    headings = summaries

    def words(self, uids):
        """What is searched in them."""
        octets = self.folder.octets
        return [make_words(Content(octets[uid])).words if uid in octets else None for uid in uids]

    def mentioning(self, octets):
        """Perhaps any of them."""
        return [row.uid for row in self.rows]

    def store(self, uids, change, flags, unchanged_since=None):
        self.folder.modseq += 1
        kept, refused = [], []
        for uid in sorted(set(uids) & self.folder.rows.keys()):
            row = self.folder.rows[uid]
            if unchanged_since is not None and row.modseq > unchanged_since:
                refused.append(uid)
                continue
            match change:
                case Change.ADD:
                    new = row.flags | set(flags)
                case Change.REMOVE:
                    new = row.flags - set(flags)
                case _:
                    new = frozenset(flags)
            if new != row.flags:
                row = MessageRow(
                    uid, frozenset(new), self.folder.modseq, row.internal, row.octets, row.saved, row.email_id
                )
                self.folder.rows[uid] = row
            kept.append(row)
        self._learn({row.uid for row in kept})
        self.folder.ring(self)
        return Stored(kept, refused)

    def expunge(self, uids=None):
        gone = [
            uid for uid, row in self.folder.rows.items() if "\\Deleted" in row.flags and (uids is None or uid in uids)
        ]
        return self._remove(gone)

    def _remove(self, gone):
        self.folder.remove(gone)
        self.rows[:] = [row for row in self.rows if row.uid not in gone]
        self.folder.ring(self)
        return tuple(gone)

    def copy(self, uids, name):
        target = self.account.folder(name, NoTarget)
        there = [uid for uid in sorted(uids) if uid in self.folder.rows]
        new = []
        for uid in there:
            row = self.folder.rows[uid]
            new.append(target.put(self.folder.octets[uid], row.flags, row.internal))
        target.ring()
        return Copied(target.validity, tuple(there), tuple(new))

    def move(self, uids, name):
        done = self.copy(uids, name)
        self._remove(list(done.sources))
        return done

    def vanished_since(self, modseq):
        return tuple(uid for uid, at in self.folder.gone.items() if at > modseq)

    def close(self):
        self.closed = True
        if self in self.folder.views:
            self.folder.views.remove(self)


class Account:
    """One person's folders."""

    def __init__(self, messages=(), limit=1_048_576):
        self.validity = itertools.count(1)
        self.all = {INBOX: Folder(next(self.validity))}
        for name, special in SPECIAL.items():
            self.all[name] = Folder(next(self.validity), special)
        self.subscribed = {INBOX}
        self.limit = limit
        for message in messages:
            self.all[INBOX].put(message)

    def folder(self, name, error=NoFolder):
        if name not in self.all:
            raise error(name)
        return self.all[name]

    def folders(self):
        there = [FolderInfo(name, folder.special, name in self.subscribed) for name, folder in self.all.items()]
        return there + [FolderInfo(name, None, True, False) for name in sorted(self.subscribed - self.all.keys())]

    def create(self, name, special=None):
        if special not in (None, *SPECIAL.values()):
            raise BadUse(special)
        if name in self.all:
            raise FolderExists(name)
        if ".." in name or name.startswith(("/", "~")):
            raise BadName(name)
        self.all[name] = Folder(next(self.validity), special)
        return f"F{self.all[name].validity}"

    def delete(self, name):
        if name == INBOX:
            raise FolderStays(name)
        folder = self.folder(name)
        folder.remove(list(folder.rows))
        del self.all[name]
        folder.ring()

    def rename(self, old, new):
        folder = self.folder(old)
        if new in self.all:
            raise FolderExists(new)
        self.all[new] = self.all.pop(old)
        assert folder

    def subscribe(self, name, wanted):
        (self.subscribed.add if wanted else self.subscribed.discard)(name)

    def status(self, name):
        return self.folder(name).status

    def select(self, name, bell):
        folder = self.folder(name)
        view = View(self, folder, bell)
        folder.views.append(view)
        return view

    def check_target(self, name):
        if ".." in name:
            raise BadName(name)
        self.folder(name, NoTarget)

    def append(self, name, messages):
        folder = self.folder(name, NoTarget)
        if sum(len(message.content) for message in messages) > self.limit:
            raise OSError(errno.ENOSPC, "No space left on device")
        uids = [
            folder.put(message.content.whole(), message.flags, NOON if message.internal is None else message.internal)
            for message in messages
        ]
        folder.ring()
        return Appended(folder.validity, tuple(uids))

    def usage(self):
        rows = [row for folder in self.all.values() for row in folder.rows.values()]
        return Usage(sum(row.octets for row in rows), len(rows), self.limit)


class Shelves:
    """Everybody's folders: `FolderAccounts`."""

    def __init__(self, messages=(HI, LONG, MIXED)):
        self.people = {user: Account() for user in People.passwords}
        self.people["bob@recipient.test"] = Account(messages)

    def account(self, user):
        return self.people[user]

    @property
    def bob(self):
        return self.people["bob@recipient.test"]

    @property
    def open_views(self):
        return [view for one in self.people.values() for folder in one.all.values() for view in folder.views]


def config(shelves, spool, **options):
    """An IMAP service in front of the shelves, with tokens n1, n2, n3..."""
    tokens = itertools.count(1)
    return ImapConfig(
        "mail.recipient.test",
        People(),
        shelves,
        nonce=lambda: f"n{next(tokens)}",
        spool=spool,
        now=lambda: NOON,
        **options,
    )
