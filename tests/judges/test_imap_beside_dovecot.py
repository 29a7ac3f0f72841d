"""Dovecot and the lab answer the same commands on the same Maildir: by a list that is written down, and by chance.

What they may tell differently is the table PERMITTED, each with the section that leaves it open.
"""

import asyncio
import os
import random
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from maillab.durable import promising
from maillab.recipient.imap.dialogue import Imap
from tests.dialogues import stage
from tests.imap_values import told
from tests.recipient.imap.shelves import HI, LONG, MIXED, config
from tests.recipient.stores import BOB, opened
from tests.support import run

pytestmark = pytest.mark.judge

WRITTEN = Path(__file__).with_name("beside_dovecot.txt")
ESCAPED = re.compile(rb"\\x[0-9a-f]{2}|\\r|\\n")
FIRST = 1_767_500_000  # 4 January 2026, 04:13:20 UTC: when the first message came; each next one six hours later
VIETNAMESE = (
    b"Subject: =?utf-8?b?VGjGsCBt4budaSBk4buxIGzhu4U=?=\r\nFrom: =?utf-8?q?=C3=81nh?= <anh@sender.test>\r\n"
    b"To: Bob <bob@recipient.test>\r\nCc: carol@recipient.test\r\nMessage-ID: <1@sender.test>\r\n"
    b"Date: Mon, 5 Jan 2026 17:00:00 +0700\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nM\xe1\xbb\x9di anh d\xe1\xbb\xb1 l\xe1\xbb\x85.\r\n"
)
ANSWERED = (
    b"Subject: Re: hi\r\nFrom: bob@recipient.test\r\nTo: alice@sender.test, anh@sender.test\r\nMessage-ID: <2@recipient.test>\r\n"
    b"In-Reply-To: <1@sender.test>\r\nReferences: <1@sender.test>\r\nDate: Tue, 6 Jan 2026 08:00:00 +0000\r\n\r\nHello Alice\r\n"
)
FORWARDED = (
    b"Subject: Fwd: hi\r\nFrom: carol@recipient.test\r\nTo: bob@recipient.test\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="f w"\r\n\r\nfor old programs\r\n--f w\r\n\r\nSee below\r\n--f w\r\n'
    b"Content-Type: message/rfc822\r\nContent-Description: that one\r\n\r\n" + MIXED + b"\r\n--f w--\r\nbehind\r\n"
)
MESSAGES = [  # octets as they lie in the file, letters of flags
    (HI, ""),
    (LONG, "S"),
    (VIETNAMESE, "F"),
    (MIXED, ""),
    (ANSWERED, "RS"),
    (FORWARDED, "FR"),
    (HI.replace(b"\r\n", b"\n"), "T"),  # lines end as other programs write them
    (b"Subject: no end", ""),
    (b"", "D"),
    (b"\r\nonly a body\r\n", "S"),
]  # fmt: skip


def fill(maildir, messages):
    """Messages that some program has left there, and a folder in a folder."""
    (maildir / ".Lists.linux").mkdir()
    for part in ("cur", "new", "tmp"):
        (maildir / ".Lists.linux" / part).mkdir()
    for number, (octets, letters) in enumerate(messages):
        moment = FIRST + 21_600 * number
        file = maildir / "cur" / f"{moment}.M{number}P1.other:2,{letters}"
        file.write_bytes(octets)
        os.utime(file, (moment, moment))


class Ours(stage.Stage):
    """The lab's dialogue with bob logged in, in front of his folders on the disk."""

    def __init__(self, boxes, spool):
        super().__init__(Imap(config(boxes, spool, errors=1000), "retrieve-1"))
        self.feed(b"a LOGIN bob bob\r\n")

    def words(self, event):
        return []

    def ask(self, command):
        """What is answered to a command, whose tag is "a"."""
        said = [line for line in self.heard(b"a " + command + b"\r\n") if isinstance(line, bytes)]
        assert self.inbox == b"" == self.half, (self.inbox, self.half)
        return b"".join(said)


def commands():
    """The written list: the number of a session, and what it says."""
    _, _, body = WRITTEN.read_text(encoding="utf-8").partition("\n\n")
    for line in body.splitlines():
        if line:
            who, _, command = line.partition(" ")
            octets = ESCAPED.sub(lambda match: match[0].decode("unicode_escape").encode("latin-1"), command.encode())
            yield int(who), octets


# ── what may be told differently ──


def with_one_line_of_each(command, told, other):
    items = {}
    for number, more in told.of("FETCH"):
        items[number] = items.get(number, {}) | more
    told.lines = [line for line in told.lines if line[0] != "FETCH"]
    told.lines += [("FETCH", [number, all_items]) for number, all_items in items.items()]


def without_recent(command, told, other):
    told.lines = [line for line in told.lines if line[0] != "RECENT"]
    for _, *items in told.of("FETCH"):
        if "FLAGS" in items[0]:
            items[0]["FLAGS"] = [flag for flag in items[0]["FLAGS"] if flag != "\\RECENT"]


def without_growing_numbers(command, told, other):
    told.remarks.pop("UIDVALIDITY", None)
    told.code = re.sub(r"(APPENDUID|COPYUID) [0-9]+", r"\1", told.code)
    for _, items in told.of("FETCH"):
        if "MODSEQ" in items:
            items["MODSEQ"] = "..."
    if "COPYUID" in told.remarks:
        told.remarks["COPYUID"] = told.remarks["COPYUID"].partition(" ")[2]


def without_reasons(command, told, other):
    if told.word != "OK" and told.code != "TRYCREATE":
        told.code = ""


def without_remarks(command, told, other):
    told.remarks = {code: words for code, words in told.remarks.items() if code in ("UIDNEXT", "UNSEEN", "COPYUID")}
    if told.code.startswith(("MAILBOXID", "HIGHESTMODSEQ", "CLIENTBUG")):
        told.code = ""


def without_all_flags(command, told, other):
    told.lines = [line for line in told.lines if line[0] != "FLAGS"]


def without_attributes(command, told, other):
    asked = {b"CHILDREN": ("\\HASCHILDREN", "\\HASNOCHILDREN")} if b"RETURN" in command else {}
    unasked = {*SPECIAL_ATTRIBUTES, *(name for word, names in asked.items() if word not in command for name in names)}
    for words in told.of("LIST"):
        words[0] = [name for name in words[0] if name not in unasked]


def in_one_order(command, told, other):
    told.lines.sort(key=lambda line: "" if line[0] == "EXPUNGE" else str(line))


def with_numbers_before(command, told, other):
    """EXPUNGE counts what is left; here each number is the one that the message had before."""
    left = list(range(1, 1000))
    numbers = sorted(left.pop(number - 1) for (number,) in told.of("EXPUNGE"))
    told.lines = [line for line in told.lines if line[0] != "EXPUNGE"]
    told.lines += [("EXPUNGE", [number]) for number in numbers]


def with_dates_in_one_form(command, told, other):
    for _, items in told.of("FETCH"):
        if "INTERNALDATE" in items:
            items["INTERNALDATE"] = items["INTERNALDATE"].lstrip(b" 0")


def with_nothing_in_one_form(command, told, other):
    for _, items in told.of("FETCH"):
        for name, value in items.items():
            if value == "NIL" and name.startswith("BODY["):
                items[name] = b""


def without_unasked_items(command, told, other):
    for _, items in told.of("FETCH"):
        for name in ("UID", "MODSEQ"):
            if not re.search(rb"\b" + name.encode() + rb"\b", command):
                items.pop(name, None)


def without_flags_that_stay(command, told, other):
    if b"STORE" in command:
        there = {number for number, _ in other.of("FETCH")}
        told.lines = [line for line in told.lines if line[0] != "FETCH" or line[1][0] in there]


def with_stars_of_nothing(command, told, other):
    if b"*" in command and (told.word, other.word, other.lines) == ("BAD", "OK", []):
        told.word = "OK"


def without_empty_enabled(command, told, other):
    told.lines = [line for line in told.lines if line != ("ENABLED", [])]


SPECIAL_ATTRIBUTES = {"\\ARCHIVE", "\\DRAFTS", "\\JUNK", "\\SENT", "\\TRASH"}
PERMITTED = {  # what makes two answers alike: where it is left open, and what
    with_one_line_of_each: "RFC 9051 §7.5.2: what is told of a message may be told in several lines",
    without_recent: "RFC 9051 appendix E: nothing is recent any more; RFC 3501 §2.3.2: only one session hears of it",
    without_growing_numbers: "RFC 9051 §2.3.1.1, RFC 7162 §3.1: UIDVALIDITY and MODSEQ are any numbers that grow",
    without_reasons: "RFC 9051 §7.1: codes are for clients that want to know why; RFC 5530 §2: none must be told",
    without_remarks: "RFC 9051 §7.1: a remark may come at any time; RFC 8474 §4, RFC 5530 §3 (CLIENTBUG): one has more of them",
    without_all_flags: "RFC 9051 §7.3.5: FLAGS may come again whenever there are new keywords",
    without_attributes: "RFC 5258 §4: CHILDREN may be told unasked; RFC 6154 §2: the use of a folder, too",
    in_one_order: "RFC 9051 §6.3.9: LIST has no order",
    with_numbers_before: "RFC 9051 §7.5.1: messages may go in any order",
    with_dates_in_one_form: "RFC 9051 §9: date-day-fixed begins with a blank or with 0",
    with_nothing_in_one_form: "RFC 9051 §7.5.2: what there is not is NIL, or an empty string",
    without_unasked_items: "RFC 9051 §7.5.2: FETCH may tell more than was asked for",
    without_flags_that_stay: "RFC 9051 §6.4.6: STORE tells of a message that it does not change, or does not",
    with_stars_of_nothing: "RFC 9051 §9 (seq-number): a server should say BAD to * in an empty folder, where most say nothing",
    without_empty_enabled: "RFC 5161 §3.2: ENABLED may be empty",
}
OTHERWISE = {  # commands that are answered otherwise, and why that is right
    b"STORE 1 +FLAGS (\\Answered)": "RFC 9051 §6.3.3: nothing changes after EXAMINE; NO says so, and Dovecot says nothing",
    b"UID EXPUNGE 7": "the same",
    b"FETCH 1:* BODY.PEEK[1.1]": "RFC 9051 §6.4.5.1: part 1 has no part where it is neither multipart nor a message",
    b"FETCH 1:* BODY.PEEK[2.1]": "the same",
    b"FETCH 9 BODY.PEEK[HEADER.FIELDS (Subject)]": "RFC 9051 §6.4.5.1: no blank line of a message that has none",
    b"SEARCH NEW": "RFC 9051 appendix E: nothing is recent any more",
    b"SEARCH SENTBEFORE 5-Jan-2026": "RFC 9051 §6.4.4: what has no Date was not sent before any day",
    b"SEARCH SINCE 32-Jan-2026": "RFC 9051 §6.4.4: that is no day",
    b"STORE 1 +FLAGS": "RFC 9051 §9 (store-att-flags): a flag is named, or an empty list",
    b"NOOP x": "RFC 9051 §6.1.2: there are no arguments",
    'STATUS "Th\u01b0" (MESSAGES)'.encode(): "RFC 9051 §5.1: whoever says a name in UTF-8 means it so, enabled or not",
    b'LIST "" Groups/%': "RFC 9051 §6.3.5: a folder that is deleted and has others below it is \\Noselect",
}


def alike(command, answers, rows=tuple(PERMITTED)):
    """Do both tell the same, but for what is permitted by these rows?"""
    read = [told(octets) for octets in answers]
    for row in rows:
        for one, other in (read, read[::-1]):
            row(command, one, other)
    return read[0] == read[1]


def difference(command, answers):
    """What both told, each for a person."""
    said = [
        f"    {name}: " + octets.decode("latin-1").replace("\r\n", "\n          ")
        for name, octets in zip(("lab    ", "Dovecot"), answers, strict=True)
    ]
    return f"{command!r}\n" + "\n".join(said)


# ── both ──


class Side:
    """A session at one of them. In what is said, <UIDVALIDITY> is what it was told last when it selected a folder."""

    def __init__(self, ask):
        self._ask = ask
        self._told = {}

    def ask(self, command):
        octets = self._ask(re.sub(rb"<([A-Z]+)>", lambda match: self._told[match[1]], command))
        if command.startswith(b"SELECT"):
            self._told = dict(re.findall(rb"(?m)^\* OK \[(UIDVALIDITY|HIGHESTMODSEQ) ([0-9]+)\]", octets))
        return octets


@contextmanager
def both(tmp_path, boxes, dovecot, messages):
    """Two sessions at the lab and two at Dovecot: gives what both answer to a command of one of them."""
    ours, theirs = tmp_path / "recipient.test" / "bob", tmp_path / "other" / "bob"
    fill(ours, messages)
    boxes.account(BOB)  # makes what everybody has
    shutil.copytree(ours, theirs)
    (tmp_path / "spool").mkdir()
    yard = dovecot(tmp_path / "other", theirs)
    with yard.talk() as one, yard.talk() as other:
        pairs = [[Side(talk.ask) for talk in (Ours(boxes, tmp_path / "spool"), their)] for their in (one, other)]
        yield lambda who, command: tuple(side.ask(command) for side in pairs[who - 1])


def side_by_side(tmp_path, dovecot, said, messages):
    """Say all of it to both; gives the commands, each with both answers."""

    def work(boxes):
        with both(tmp_path, boxes, dovecot, messages) as ask:
            return [(command, ask(who, command)) for who, command in said]

    async def play():
        async with opened(tmp_path) as boxes:
            return await asyncio.to_thread(work, boxes)

    with promising(False):
        return run(play(), 600)


def test_the_written_list(tmp_path, dovecot):
    """Both answer alike; what is permitted is needed, and what is answered otherwise is still so."""  # T214
    pairs = side_by_side(tmp_path, dovecot, commands(), MESSAGES)
    wrong = [difference(*pair) for pair in pairs if alike(*pair) == (pair[0] in OTHERWISE)]
    assert not wrong, "\n".join(wrong)
    for row, why in PERMITTED.items():
        rest = [other for other in PERMITTED if other is not row]
        assert any(not alike(*pair, rest) for pair in pairs if pair[0] not in OTHERWISE), why


SETS = ["1", "2", "*", "1:3", "2,4", "1:*", "3:5", "9", "40"]
FLAGS = ["\\Seen", "\\Flagged", "\\Answered", "\\Draft", "\\Deleted", "work", "$Forwarded", "\\Seen \\Deleted", "Work"]
FOLDERS = ["Archive", "Sent", "Lists/linux", "INBOX", "Nowhere"]
ITEMS = ["FLAGS", "(UID FLAGS RFC822.SIZE)", "ENVELOPE", "BODYSTRUCTURE", "BODY[]", "BODY.PEEK[HEADER]", "BODY[TEXT]<2.7>",
         "BODY.PEEK[HEADER.FIELDS (Subject To)]", "INTERNALDATE", "(UID BODY.PEEK[2])", "RFC822.TEXT"]  # fmt: skip
ORDERS = [
    "SUBJECT",
    "FROM",
    "SIZE",
    "ARRIVAL",
    "REVERSE SIZE",
    "REVERSE ARRIVAL",
]  # equal words in reverse are in no order at Dovecot
KEYS = ["ALL", "SEEN", "UNSEEN", "DELETED", "FLAGGED", "KEYWORD work", "UNKEYWORD work", "FROM alice", "SUBJECT hi", "BODY Hello", "TEXT a",
        "LARGER 90", "SMALLER 200", "SINCE 5-Jan-2026", "BEFORE 6-Jan-2026", "1:3", "UID 3:9", "HEADER To bob", "SENTSINCE 6-Jan-2026"]  # fmt: skip


def by_chance(seed, count):
    """So many commands; after one that changes anything, the other session asks what is new."""
    dice, folders = random.Random(seed), {1: "INBOX", 2: "INBOX"}
    resynchronises = 2 if seed % 2 == 0 else 0
    if resynchronises:
        yield 2, b"ENABLE QRESYNC"
    yield from ((1, b"SELECT INBOX"), (2, b"SELECT INBOX"))
    for _ in range(count):
        who, uid = dice.choice((1, 2)), dice.choice(("", "UID "))
        some, keys = dice.choice(SETS), dice.choices(KEYS, k=dice.choice((1, 1, 2)))
        match dice.choice(
            (
                "FETCH",
                "FETCH",
                "SEARCH",
                "SEARCH",
                "STORE",
                "STORE",
                "COPY",
                "MOVE",
                "APPEND",
                "EXPUNGE",
                "STATUS",
                "SORT",
                "SELECT",
            )
        ):
            case "FETCH":
                said = f"{uid}FETCH {some} {dice.choice(ITEMS)}"
            case "SEARCH":
                condition = dice.choice((" ".join(keys), f"NOT ({' '.join(keys)})", f"OR {keys[0]} {keys[-1]}"))
                said = f"{uid}SEARCH {dice.choice(('', 'RETURN (MIN MAX COUNT) ', 'RETURN () '))}{condition}"
            case "SORT":
                said = f"{uid}SORT ({dice.choice(ORDERS)}) UTF-8 {keys[0]}"
            case "STORE":
                silent = dice.choice(("", ".SILENT"))
                said = f"{uid}STORE {some} {dice.choice('+- ').strip()}FLAGS{silent} ({dice.choice(FLAGS)})"
            case "COPY" | "MOVE" as word:
                said = f"{uid}{word} {some} {dice.choice(FOLDERS)}"
            case "APPEND":
                message = f"Subject: {dice.choice('abc')}\r\nFrom: alice@sender.test\r\n\r\n{'x' * dice.randrange(90)}"
                head = f"{dice.choice(FOLDERS)} ({dice.choice(FLAGS)}) "
                said = (
                    f'APPEND {head}"{dice.randrange(10, 29)}-Jan-2026 10:00:00 +0700" {{{len(message)}+}}\r\n{message}'
                )
            case "EXPUNGE":
                said = f"UID EXPUNGE {some}" if uid else "EXPUNGE"
            case "STATUS":
                said = f"STATUS {dice.choice(FOLDERS)} (MESSAGES UIDNEXT UNSEEN)"
            case _ if who == resynchronises and dice.random() < 0.7:
                yield who, b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE <HIGHESTMODSEQ> VANISHED)"
                yield who, b"UNSELECT"
                said = f"SELECT {folders[who]} (QRESYNC (<UIDVALIDITY> <HIGHESTMODSEQ>{dice.choice(('', ' 1:50'))}))"
            case _:
                folders[who] = dice.choice(FOLDERS[:4])
                said = f"SELECT {folders[who]}"
        yield who, said.encode()
        for one in (who, 3 - who):
            yield from ((one, b"NOOP"), (one, b"UID FETCH 1:* (FLAGS)"))


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 23))])
def test_by_chance(tmp_path, dovecot, seed):
    """Commands by chance of two sessions, in half of the runs one with QRESYNC: both tell the same, to the end."""  # T214
    messages = [one for one in MESSAGES if re.search(rb"(\n|\A)\r?\n", one[0])]  # without a blank line Dovecot wavers
    for pair in side_by_side(tmp_path, dovecot, by_chance(seed, 40 if seed < 3 else 300), messages):
        if not alike(*pair):
            pytest.fail(f"seed {seed}: {difference(*pair)}", pytrace=False)
