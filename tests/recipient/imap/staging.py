"""An IMAP dialogue on the stage, in front of folders that are lists."""

from pathlib import Path

from maillab.events import Authenticated, Read, Removed
from maillab.logbook import Logbook
from maillab.protocols.imap import IMAP
from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import Change
from maillab.recipient.imap.dialogue import Imap
from maillab.rules.language import parse
from maillab.rules.live import Rules
from maillab.wire.disturb import Point
from maillab.wire.disturber import Disturber
from tests.dialogues import stage
from tests.recipient.imap.shelves import HI, LONG, MIXED, Shelves, config

OPTIONS = {
    "tls": {"tls": True},
    "no plaintext": {"plaintext": False},
    "impatient": {"errors": 3},
    "small": {"limit": 100},
}


class Stage(stage.Stage):
    """An IMAP dialogue on the stage, in front of folders that are lists."""

    def __init__(self, words=(), spool=None):
        self.shelves = Shelves(() if "empty" in words else (HI, LONG, MIXED))
        options = {key: value for word in words for key, value in OPTIONS.get(word, {}).items()}
        imap = Imap(config(self.shelves, spool or Path("nowhere"), **options), "retrieve-1", secure="secure" in words)
        rules = Rules(rules=[parse(word.removeprefix("rule ")) for word in words if word.startswith("rule ")])
        point = Point(rules, Logbook(clock=lambda: 0.0), "retrieve-1", IMAP, "imap", "recipient.test")
        disturber = Disturber(point, imap.known, "127.0.0.1", secure=False)
        super().__init__(imap, tries=99 if "patient" in words else 3, disturber=disturber)
        self.has_room = "crowded" not in words
        if {"logged in", "selected"} & set(words):
            self.hear(b"a LOGIN bob bob\r\n")
        if "selected" in words:
            self.hear(b"b SELECT INBOX\r\n")
        if {"logged in", "selected"} & set(words):
            self.told = []

    def words(self, event):
        match event:
            case Read(_, mailbox, uid):
                assert mailbox == "bob@recipient.test"
                return [f"reads {uid}"]
            case Removed(_, _, uids):
                return [f"removes {' '.join(map(str, uids))}"]
            case Authenticated():
                return []
        return super().words(event)

    def happens(self, words):
        """Somebody else does something to bob's INBOX."""
        folder = self.shelves.bob.all[INBOX]
        match words:
            case ["comes"]:
                folder.put(HI)
            case ["goes", *uids]:
                folder.remove([int(uid) for uid in uids])
            case ["flags", uid, *flags]:
                view = self.shelves.bob.select(INBOX, lambda: None)
                view.store([int(uid)], Change.REPLACE, flags)
                view.close()
            case _:
                return False
        folder.ring()
        self.feed(b"")
        return True

    def left(self):
        """What lies in bob's INBOX."""
        rows = self.shelves.bob.all[INBOX].rows.values()
        return " ".join(f"{row.uid}{''.join(flag[1] for flag in sorted(row.flags))}" for row in rows)


def act(played, step, *, octet_by_octet=False):
    """One step of a script on the stage; gives a complaint or None."""
    if step.mark == "Left:":
        return None if played.left() == step.text else f"left is {played.left()!r}"
    if step.mark == "*" and step.text.startswith("else "):
        assert played.happens(step.text.split()[1:]), step.text
        return None
    return stage.act(played, step, octet_by_octet=octet_by_octet)
