"""Damages the files of a lab, and looks what it makes of the rest."""

import asyncio
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tests.durability.after import BOB, look
from tests.durability.day import ALICE, CAROL, Day, configuration, prepare
from tests.durability.disk import Tree, read_tree, write_tree
from tests.durability.promises import Found

ALICE_INBOX = (ALICE, "INBOX")
WAITING = "carol+{}@recipient.test"  # is refused for now as long as the first lab lives


@dataclass(frozen=True, slots=True)
class Folder:
    """A lab folder with mail in mailboxes and in the queue; what a lab makes of it when it is whole; who holds what."""

    tree: Tree
    originals: dict[str, bytes]
    whole: Found
    holders: dict[str, str]  # by path of a file: the message that is in it
    waiting: frozenset[str]  # messages in the queue


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with something wrong in it."""

    path: str
    how: str
    octets: bytes


def folder(root: Path, *, killed: bool) -> Folder:
    """Play until there is something in every kind of file; then the lab is killed, or ends as it should."""
    prepare(root)
    day = Day(root)
    with day.lab("--rule", "at recipient.test rcpt to:carol+* answer 451") as lab:
        day.mark(lab)
        for to in ([BOB], [BOB], [BOB], [BOB, CAROL], [BOB]):
            day.send(lab, "accept", to)
        day.read_by_imap(lab)
        waiting = [
            day.send(lab, "wait", [WAITING.format(number)], site="sender.test", octets=octets)
            for number, octets in enumerate((300, 300, 200_000))
        ]
        lab.kill() if killed else lab.stop()
    tree = {path: octets for path, octets in read_tree(root).items() if path.startswith("lab")}
    holders = {
        path: message
        for path, octets in tree.items()
        if octets is not None and ("/mail/" in path or "/spool/" in path)
        for message, original in day.originals.items()
        if octets.endswith(original)
    }
    return Folder(tree, day.originals, _look(root.parent / "whole", tree, day.originals), holders, frozenset(waiting))


def mutants(tree: Tree, seed: int, count: int) -> Iterator[Mutant]:
    """So many, each in one file; nine of ten in one octet."""
    dice = random.Random(seed)
    paths = sorted(path for path, octets in tree.items() if octets)
    for number in range(count):
        path = paths[number % len(paths)]
        octets = bytearray(tree[path] or b"")
        place = dice.randrange(len(octets))
        match dice.randrange(30):
            case 0:
                del octets[place:]
                how = f"ends at {place}"
            case 1:
                octets[place : place + 512] = bytes(len(octets[place : place + 512]))
                how = f"zeros from {place} on"
            case 2:
                octets[place:place] = dice.randbytes(7)
                how = f"seven more octets at {place}"
            case _:
                octets[place] ^= 1 << dice.randrange(8)
                how = f"octet {place} is {octets[place]}"
        yield Mutant(path, how, bytes(octets))


def verdict(here: Folder, mutant: Mutant, root: Path) -> list[str]:
    """What is wrong with what the lab makes of it."""
    try:
        found = _look(root, {**here.tree, mutant.path: mutant.octets}, here.originals)
    except Exception as error:
        return [f"the lab does not start: {type(error).__name__}: {error}"]
    finally:
        left = read_tree(root)
        shutil.rmtree(root)
    hurt = here.holders.get(mutant.path, "")
    return [
        *_missing(here, found, mutant, hurt, left),
        *(
            f"more than before: {message} at {place}"
            for place, message in found.copies - here.whole.copies
            if message.removeprefix("report of ") not in here.waiting  # what cannot be delivered now is reported
        ),
        *(found.torn if len(found.torn) > bool(hurt or _is_queue(mutant)) else ()),
        *(
            f"other flags: {message} at {place}"
            for (place, message), flags in here.whole.flags.items()
            if found.flags.get((place, message), flags) != flags
        ),
        *_uids(here, found, mutant, hurt),
        *(
            f"set aside without a word: {path}"
            for path in left
            if ".bad" in path and not any(Path(path).name.partition(".bad")[0] in said for said in found.complaints)
        ),
        *(
            ["another certificate authority"]
            if found.authority != here.whole.authority and not ("/ca/" in mutant.path and found.complaints)
            else ()
        ),
    ]


def _missing(here: Folder, found: Found, mutant: Mutant, hurt: str, left: Tree) -> Iterator[str]:
    for place, message in here.whole.copies - found.copies:
        if message == hurt:
            continue
        if not (_is_queue(mutant) and message in here.waiting):
            yield f"lost: {message} at {place}"
            continue
        if (ALICE_INBOX, f"report of {message}") in found.copies:
            continue  # its address is another one now, and its sender knows
        if not (found.complaints or found.torn or mutant.path.endswith("-wal")):
            yield f"lost without a word: {message}"
        content = here.originals[message]
        if message in here.holders.values() and not any(
            octets and octets.endswith(content) for octets in left.values()
        ):
            yield f"lost: the content of {message}, which is in a file of its own"


def _uids(here: Folder, found: Found, mutant: Mutant, hurt: str) -> Iterator[str]:
    """UIDs that were told, and mean another message now. Of a journal that just ends nobody can know how it went on."""
    if mutant.path.endswith("-wal") and mutant.how.startswith("ends"):
        return
    for key, (message, _) in found.uids.items():
        before, _ = here.whole.uids.get(key, (message, None))
        if before not in (message, hurt, *here.waiting):
            yield f"{message} at {key[0]} has the UID of {before}"


def _is_queue(mutant: Mutant) -> bool:
    return "/queue.db" in mutant.path


def _look(root: Path, tree: Tree, originals: dict[str, bytes]) -> Found:
    write_tree(root, tree)
    with mock.patch("os.fsync"):  # while we look nobody cuts the power
        return asyncio.run(look(root, configuration(), originals))
