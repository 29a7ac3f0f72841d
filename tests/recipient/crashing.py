"""Run as a program: kills a delivery, or a QUIT, at every one of its file operations, and looks at what a restart finds.

    python tests/recipient/crashing.py FOLDER deliver|remove

Prints the number of places where it was killed; a broken promise is an AssertionError.
"""

import contextlib
import itertools
import os
import sys
from pathlib import Path

from maillab.mail.content import Content
from maillab.recipient.mailbox import Mailboxes
from tests.disk import TELL, in_child

BOB, CAROL = "bob@recipient.test", "carol@recipient.test"
MESSAGES = [b"Subject: %d\r\n\r\n" % n + b"x" * 5000 + b"\r\n" for n in range(4)]


@contextlib.asynccontextmanager
async def store(folder):
    """The two mailboxes."""
    names = itertools.count()
    boxes = Mailboxes(
        {BOB: folder / "recipient.test" / "bob", CAROL: folder / "recipient.test" / "carol"},
        folder / "index.db",
        names=lambda: f"1700000000.M{next(names)}P{os.getpid()}.mx",
        now=lambda: 1_700_000_000.0,
    )
    await boxes.start()
    try:
        yield boxes
    finally:
        await boxes.close()


async def deliver(folder, told):
    """Store four messages, the last for both; tell of each as soon as it is promised."""
    async with store(folder) as boxes:
        for number, message in enumerate(MESSAGES[:3]):
            await boxes.deliver(BOB, Content(message))
            TELL(told, b"%d" % number)
        await boxes.deliver_all([(BOB, Content(MESSAGES[3])), (CAROL, Content(MESSAGES[3]))])
        TELL(told, b"3")


async def remove(folder, told):
    """Delete messages 0 and 2 of a mailbox that is full."""
    async with store(folder) as boxes:
        drop = boxes.open(BOB)
        TELL(told, b"%d" % len(drop.close([0, 2])))


async def look(folder, told):
    """Tell which messages are there after a restart; each must be whole."""
    async with store(folder) as boxes:
        for user, mark in ((BOB, b"b"), (CAROL, b"c")):
            drop = boxes.open(user)
            uids = [message.uid for message in drop.messages]
            assert uids == sorted(set(uids))
            for index in range(len(uids)):
                TELL(told, mark + b"%d" % MESSAGES.index(drop.content(index).whole()))
            drop.close()
        for box in ("bob", "carol"):
            assert len(list((folder / "recipient.test" / box / "tmp").iterdir())) <= 2  # swept when they are old


def check(work, base):
    """Every place to die, until the work comes to its end."""
    for after in itertools.count():
        folder = base / str(after)
        if work is remove:
            assert in_child(deliver, folder)[0] == 0
        code, promised = in_child(work, folder, after)
        assert code in (0, 9), f"after {after} operations: exit {code}"
        looked, found = in_child(look, folder)
        assert looked == 0, f"after {after} operations the restart fails"
        if work is deliver:
            messages = {b"b%d" % int(chr(digit)) for digit in promised}
            assert all(message in found for message in messages), (
                f"after {after}: {promised} was promised, {found} is there"
            )
            assert b"3" not in promised or b"c3" in found
            assert all(found.count(b"b%d" % n) <= 1 for n in range(4)), f"after {after}: twice in {found}"
        else:
            assert b"b1" in found, f"after {after}: a message is gone that was not marked"
            assert b"b3" in found
            assert not promised or found == b"b1b3c3"
        if code == 0:
            return after
    raise AssertionError


if __name__ == "__main__":
    print(check({"deliver": deliver, "remove": remove}[sys.argv[2]], Path(sys.argv[1])))
