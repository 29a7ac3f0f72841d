"""Run as a program: kills what IMAP does with folders at every file operation, and looks at what a restart finds.

    python tests/recipient/crashing_folders.py FOLDER append|store|expunge|copy|move|rename|remake

Prints the number of places where it was killed; a broken promise is an AssertionError.
"""

import itertools
import json
import sys
from pathlib import Path

from maillab.durable import promising
from maillab.mail.content import Content
from maillab.recipient.folders import Appending, Change
from tests.disk import TELL, in_child
from tests.recipient.stores import BOB, opened

TEXTS = ["one\r\n", "two\r\n", "three\r\n", "four\r\n"]
SEEN, DELETED = "\\Seen", "\\Deleted"


def tell(told, value):
    TELL(told, json.dumps(value).encode() + b"\n")


def put(account, name, *numbers, flags=()):
    messages = [Appending(Content(TEXTS[number].encode()), frozenset(flags), 1e9) for number in numbers]
    return account.append(name, messages)


def within(work):
    """The work of a child: something with bob's account."""

    async def play(folder, told):
        with promising(False):  # who is killed loses nothing that was written: here the order of things is tried
            async with opened(folder) as boxes:
                work(boxes.account(BOB), lambda value: tell(told, value))

    return play


def fill(bob, told):
    put(bob, "INBOX", 0, 1, 2)
    put(bob, "INBOX", 3, flags=[SEEN, DELETED])
    told(None)


def append(bob, told):
    for numbers, flags in (([0], [SEEN]), ([1, 2], [])):
        done = put(bob, "Sent", *numbers, flags=flags)
        told([[done.validity, uid, TEXTS[number], flags] for uid, number in zip(done.uids, numbers, strict=True)])


def store(bob, told):
    view = bob.select("INBOX", lambda: None)
    view.store([1, 2], Change.ADD, [SEEN])
    told([1, 2])
    view.store([3], Change.ADD, [SEEN])
    told([3])


def expunge(bob, told):
    view = bob.select("INBOX", lambda: None)
    view.store([2], Change.ADD, [DELETED])
    told(list(view.expunge()))


def copy(bob, told):
    told(list(bob.select("INBOX", lambda: None).copy([1, 4], "Archive").targets))


def move(bob, told):
    told(list(bob.select("INBOX", lambda: None).move([1, 4], "Archive").targets))


def rename(bob, told):
    bob.create("a/b")
    put(bob, "a/b", 0)
    told("begun")
    bob.rename("a", "c")
    told("done")


def remake(bob, told):
    for number in range(2):
        done = put(bob, "Trash", number)
        told([done.validity, *done.uids])
        bob.delete("Trash")
        bob.create("Trash")


def look(bob, told):
    """What is there after a restart; every message must be whole."""
    found = {}
    for info in bob.folders():
        if not info.exists:
            continue
        view = bob.select(info.name, lambda: None)
        messages = [
            [row.uid, view.content(row.uid).whole().decode(), sorted(row.flags), row.internal] for row in view.rows
        ]
        assert all(text in TEXTS for _, text, _, _ in messages), messages
        assert all(internal == 1e9 for _, _, _, internal in messages)
        found[info.name] = [view.status.validity, messages]
        view.close()
    told(found)
    if "Trash" in found:
        done = put(bob, "Trash", 2)
        told([done.validity, *done.uids])


def check(name, base):
    """Every place to die, until the work comes to its end."""
    work = {work.__name__: work for work in (append, store, expunge, copy, move, rename, remake)}[name]
    for after in itertools.count():
        folder = base / str(after)
        assert in_child(within(fill), folder)[0] == 0
        code, promised = in_child(within(work), folder, after)
        assert code in (0, 9), f"after {after} operations: exit {code}"
        looked, found = in_child(within(look), folder)
        assert looked == 0, f"after {after} operations the restart fails"
        promises = [json.loads(line) for line in promised.splitlines()]
        there, *more = [json.loads(line) for line in found.splitlines()]
        inbox = {uid: (text, flags) for uid, text, flags, _ in there["INBOX"][1]}
        archive = [text for _, text, _, _ in there["Archive"][1]]
        whole = {1: (TEXTS[0], []), 2: (TEXTS[1], []), 3: (TEXTS[2], []), 4: (TEXTS[3], [DELETED, SEEN])}
        where = f"after {after} operations, promised {promises}, found {there}"
        if work is append:
            sent = [(there["Sent"][0], uid, text, flags) for uid, text, flags, _ in there["Sent"][1]]
            assert all(tuple(one) in sent for promise in promises for one in promise), where
            texts = [text for _, _, text, _ in sent]
            assert len(texts) == len({*texts}), where
            assert inbox == whole, where
        elif work is store:
            assert all(SEEN in inbox[uid][1] for promise in promises for uid in promise), where
            assert {uid: text for uid, (text, _) in inbox.items()} == {uid: text for uid, (text, _) in whole.items()}, (
                where
            )
        elif work is expunge:
            assert {1, 3} <= inbox.keys(), where
            assert not promises or inbox.keys() == {1, 3}, where
        elif work is copy:
            assert inbox == whole, where
            assert len(archive) <= 2, where
            assert not promises or archive == [TEXTS[0], TEXTS[3]], where
        elif work is move:
            assert {*archive, *(text for text, _ in inbox.values())} == {*TEXTS}, where
            assert not promises or (archive == [TEXTS[0], TEXTS[3]] and inbox.keys() == {2, 3}), where
        elif work is rename:
            names = [name for name in ("a/b", "c/b") if name in there and there[name][1]]
            assert len(names) == bool(promises) or not promises, where
            assert "done" not in promises or names == ["c/b"], where
        elif work is remake:
            given = [tuple(one) for one in (*promises, *more)]
            assert len(given) == len({*given}), f"a UID was given twice: {given}"
        if code == 0:
            return after
    raise AssertionError


if __name__ == "__main__":
    print(check(sys.argv[2], Path(sys.argv[1])))
