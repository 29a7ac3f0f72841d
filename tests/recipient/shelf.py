"""Mailboxes that are lists, and people who are a dictionary: what a dialogue needs to be played without a disk."""

import itertools

from maillab.mail.content import Content
from maillab.protocols.pop3 import Measure
from maillab.recipient.login import Pop3Config
from maillab.recipient.maildrop import InUse, Kept, NotRemoved

HI = b"Subject: hi\r\n\r\n.dot\r\n"  # 21 octets
LONG = b"Subject: long\r\nFrom: a@sender.test\r\n\r\none\r\n..\r\n.\r\nfour"  # 56 octets, with the CRLF that it lacks


class People:
    """Bob, carol and tuấn."""

    takes_anything = False

    passwords = {"bob@recipient.test": "bob", "carol@recipient.test": "two  words ", "tuấn@recipient.test": "mật khẩu"}

    def password(self, user):
        return self.passwords.get(self.canonical(user))

    def canonical(self, user):
        return user if "@" in user else f"{user}@recipient.test"


class Drop:
    """One mailbox, open."""

    def __init__(self, shelf, user):
        self.shelf, self.user = shelf, user
        self.names = list(shelf.boxes[user])
        self.messages = []
        for name in self.names:
            measure = Measure()
            measure.feed(shelf.boxes[user][name])
            self.messages.append(Kept(name, measure.octets, f"u{name}"))

    def content(self, index):
        try:
            return Content(self.shelf.boxes[self.user][self.names[index]])
        except KeyError:
            raise FileNotFoundError(self.names[index]) from None

    def close(self, remove=()):
        self.shelf.open_boxes.discard(self.user)
        if self.shelf.stuck and remove:
            raise NotRemoved((), "OSError: [Errno 5] Input/output error")
        for index in remove:
            self.shelf.boxes[self.user].pop(self.names[index], None)
        return tuple(self.names[index] for index in remove)


class Shelf:
    """Everybody's mailboxes: user -> uid -> octets."""

    def __init__(self, messages=(HI, LONG)):
        self.boxes = {user: {} for user in People.passwords}
        self.boxes["bob@recipient.test"] = dict(enumerate(messages, 1))
        self.open_boxes = set()
        self.stuck = False  # nothing can be deleted
        self.broken = False  # opening fails in an unforeseen way

    def open(self, user):
        if self.broken:
            raise RuntimeError("the shelf fell off the wall")
        if user in self.open_boxes:
            raise InUse(user)
        self.open_boxes.add(user)
        return Drop(self, user)


def config(shelf, **options):
    """A POP3 service in front of the shelf, with tokens n1, n2, n3..."""
    tokens = itertools.count(1)
    return Pop3Config("mail.recipient.test", People(), shelf, nonce=lambda: f"n{next(tokens)}", **options)
