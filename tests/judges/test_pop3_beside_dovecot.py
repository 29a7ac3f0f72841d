"""Dovecot and the lab answer the same commands of POP3 on the same Maildir: by a list, and by chance.

What they may answer differently is the table PERMITTED, each with the section that leaves it open.
"""

import asyncio
import random
import re
import shutil

import pytest

from maillab.durable import promising
from maillab.recipient.pop3 import Pop3
from tests.dialogues import stage
from tests.judges.test_imap_beside_dovecot import MESSAGES, fill
from tests.recipient.shelf import config
from tests.recipient.stores import BOB, opened
from tests.support import run

pytestmark = pytest.mark.judge

DOTS = b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n\r\n.\r\nlast\r\n"
BOX = [(octets, letters) for octets, letters in MESSAGES if octets.endswith(b"\n")] + [
    (DOTS, ""),
    (b"Subject: long\r\n\r\n" + b"x" * 5000 + b"\r\n", ""),
]
SAID = """
NOOP x|RSET x|STAT x|LIST 00001|STAT|LIST|LIST 1|LIST 2|LIST 99|LIST 0|LIST -1|LIST 1x|LIST x|LIST 1 2|UIDL|UIDL 1|UIDL 99|UIDL x|stat|lIsT 1
RETR 1|RETR 2|RETR 3|RETR 4|RETR 5|RETR 6|RETR 7|RETR 8|RETR 9|RETR 10|RETR 11|RETR 12|RETR|RETR 0|RETR 99|RETR x|RETR 1 2
TOP 1 0|TOP 1 1|TOP 2 2|TOP 3 1000000|TOP 4 3|TOP 7 1|TOP 8 0|TOP 9 5|TOP 10 1|TOP 11 3|TOP 1|TOP|TOP 1 -1|TOP x 1|TOP 1 x|TOP 99 1|TOP 1 1 1
DELE 2|DELE 2|RETR 2|LIST 2|UIDL 2|TOP 2 0|STAT|LIST|DELE 99|DELE|DELE x|DELE 0|RSET|STAT|LIST 2|DELE 1|DELE 3|LIST|UIDL
NOOP|XYZZY|USER bob|PASS bob|APOP bob x|AUTH PLAIN|STLS|LAST|LIST 00001|LIST 4294967297|LIST 99999999999999999999
QUIT|STAT|LIST|UIDL|RETR 1|QUIT
"""
LONG = {"RETR", "TOP"}, {"LIST", "UIDL"}  # verbs whose good answer goes on: always, and without a number


def commands():
    """The written list; QUIT ends a session, and another one begins."""
    return [word.encode() for line in SAID.split("\n") if line for word in line.split("|")]


def by_chance(seed, count):
    """So many commands."""
    dice, numbers = random.Random(seed), [*range(1, 14), 0, 99]
    for _ in range(count):
        number, verb = (
            dice.choice(numbers),
            dice.choice(
                ["RETR", "TOP", "TOP", "LIST", "LIST", "UIDL", "DELE", "DELE", "STAT", "RSET", "NOOP", "all", "QUIT"]
            ),
        )
        match verb:
            case "TOP":
                yield f"TOP {number} {dice.choice([0, 1, 2, 3, 7, 1000])}".encode()
            case "RETR" | "LIST" | "UIDL" | "DELE":
                yield f"{verb} {number}".encode()
            case "all":
                yield dice.choice([b"LIST", b"UIDL"])
            case _:
                yield verb.encode()
    yield b"QUIT"


def goes_on(command):
    """Are there lines behind a good answer?"""
    verb, *arguments = command.decode().upper().split()
    return verb in LONG[0] or (verb in LONG[1] and not arguments)


class Ours:
    """The lab's dialogue with bob logged in, in front of his mailbox on the disk."""

    def __init__(self, boxes):
        self._stage = Played(Pop3(config(boxes, errors=10_000, junk=10_000), "retrieve-1"))
        for said in (b"USER bob\r\n", b"PASS bob\r\n"):
            assert self._stage.heard(said)[-1].startswith(b"+OK")

    def ask(self, command):
        """What is answered to a command."""
        return b"".join(line for line in self._stage.heard(command + b"\r\n") if isinstance(line, bytes))


class Played(stage.Stage):
    """What is decided is of no interest."""

    def words(self, event):
        return []


# ── what may be answered differently ──

PERMITTED = {  # what makes two answers alike: where it is left open
    "words": "RFC 1939 §3: behind +OK and -ERR stands any text, but for STAT, and LIST and UIDL with a number (§5, §7)",
    "names": "RFC 1939 §7: a unique id is any word that no other message has",
    "size": "RFC 1939 §11: a message without a last line end is as large as it is sent; Dovecot counts without the end that it adds",
}
OTHERWISE = {  # commands that are answered otherwise, and why that is right
    b"NOOP x": "RFC 1939 §5: there are no arguments",
    b"RSET x": "the same",
    b"STAT x": "the same",
}


class Names:
    """What one of them calls its messages: each new name becomes the next number."""

    def __init__(self):
        self._known = {}

    def of(self, command, answer):
        """An answer in which unique ids are these numbers."""
        if not command.upper().startswith(b"UIDL"):
            return answer
        return re.sub(
            rb"(?m)^(\+OK )?(\d+) (\S+)\r$",
            lambda found: (found[1] or b"") + found[2] + b" " + self._number(found[3]) + b"\r",
            answer,
        )

    def _number(self, name):
        return b"<%d>" % self._known.setdefault(name, len(self._known) + 1)


def plain(command, answer):
    """An answer without the text that means nothing: of STAT, and of LIST and UIDL with a number, all is kept."""
    verb, *arguments = command.decode("latin-1").upper().split()
    if answer.startswith(b"+OK") and (verb == "STAT" or (verb in LONG[1] and arguments)):
        return answer
    return re.sub(rb"\A(\+OK|-ERR)[^\r\n]*", rb"\1", answer)


def side_by_side(tmp_path, dovecot, said, messages=BOX):
    """Say all of it to both; gives the commands, each with both answers."""
    ours, theirs = tmp_path / "recipient.test" / "bob", tmp_path / "other" / "bob"

    def work(boxes):
        fill(ours, messages)
        boxes.account(BOB)
        shutil.copytree(ours, theirs)
        yard, names, answers = dovecot(tmp_path / "other", theirs), (Names(), Names()), []
        waiting = list(said)
        while waiting:
            session, waiting = waiting[: waiting.index(b"QUIT") + 1], waiting[waiting.index(b"QUIT") + 1 :]
            our = Ours(boxes)
            with yard.pop3() as their:
                for command in session:
                    pair = our.ask(command), their.ask(command, lines=goes_on(command))
                    answers.append(
                        (
                            command,
                            [plain(command, name.of(command, one)) for name, one in zip(names, pair, strict=True)],
                            pair,
                        )
                    )
        return answers

    async def play():
        async with opened(tmp_path) as boxes:
            return await asyncio.to_thread(work, boxes)

    with promising(False):
        return run(play(), 300)


def report(wrong):
    """Fail with all that both answered."""
    if wrong:
        pytest.fail(
            "\n".join(
                f"{command!r}\n  lab     {one[-300:]!r}\n  Dovecot {other[-300:]!r}" for command, (one, other) in wrong
            ),
            pytrace=False,
        )


def test_the_written_list(tmp_path, dovecot):
    """Both answer alike; and what is answered otherwise is still so."""
    rows = side_by_side(tmp_path, dovecot, commands())
    report([(command, pair) for command, (one, other), pair in rows if (one == other) == (command in OTHERWISE)])
    assert len(rows) == len(commands())


def test_a_message_without_an_end(tmp_path, dovecot):
    """Both send it with an end; the lab counts that, and Dovecot does not."""
    [_, (_, _, sizes), (_, (one, other), _), _] = side_by_side(
        tmp_path, dovecot, [b"NOOP", b"LIST 1", b"RETR 1", b"QUIT"], [(b"Subject: no end", "")]
    )
    assert sizes == (b"+OK 1 17\r\n", b"+OK 1 15\r\n")
    assert one == other == b"+OK\r\nSubject: no end\r\n.\r\n"


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 23))])
def test_by_chance(tmp_path, dovecot, seed):
    """Commands by chance, in one session after the other: both tell the same, to the end."""
    rows = side_by_side(tmp_path, dovecot, by_chance(seed, 150 if seed < 3 else 1000))
    report([(command, pair) for command, (one, other), pair in rows if one != other])
