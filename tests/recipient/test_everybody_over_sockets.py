"""A lab with everybody at one mailbox at once, over sockets: SMTP, POP3, two IMAP sessions, and a program on the files.

Nothing is lost, nothing is told twice, and in the end what each session believes is what lies on the disk.
"""

import contextlib
import itertools
import poplib
import random
import re
import select
import smtplib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from maillab.recipient.maildir_flags import LETTERS, flags_of
from tests.imap_values import lines, of_kind, parsed
from tests.serving import Serving

BOB = "bob@recipient.test"
SUBJECT = re.compile(rb"Subject: (n[0-9]+)\r?\n")
MARKS = ["\\Seen", "\\Flagged", "work"]
TAKEN = 0.05  # of what POP3, or another program, finds


def token(octets):
    """Which message this is."""
    found = SUBJECT.search(octets)
    assert found, octets
    return found[1].decode()


class Session:
    """One IMAP session that counts along with what it is told: UIDs by their numbers, None for one it has not asked for."""

    def __init__(self, port):
        self.wire = socket.create_connection(("127.0.0.1", port), 20)
        self.read = self.wire.makefile("rb")
        self.read.readline()
        self.known, self.flags, self.gone = [], {}, set()
        self.ask("LOGIN bob bob")
        self.ask("SELECT INBOX")
        self.look()

    def close(self):
        self.ask("LOGOUT")
        self.read.close()
        self.wire.close()

    # ── what is said ──

    def ask(self, command):
        """Say a command; gives what is told, as kinds and values."""
        self.wire.sendall(f"a {command}\r\n".encode())
        told = list(self._until(b"a "))
        last = told.pop()
        assert last.startswith(b"a OK"), (command, last)
        return self.hear(told)

    def _until(self, start):
        """Lines up to one that starts so."""
        line = b""
        while not line.startswith(start):
            line = self._line()
            yield line

    def _line(self):
        """One line, with the literals in it."""
        line = self.read.readline()
        assert line, "hung up"
        while literal := re.search(rb"\{([0-9]+)\}\r\n\Z", line):
            line += self.read.read(int(literal[1])) + self.read.readline()
        return line

    def look(self):
        """Ask for all UIDs and flags; gives the UIDs. What is told as new behind the answer has none yet."""
        self.ask("UID FETCH 1:* (FLAGS)")
        return [uid for uid in self.known if uid is not None]

    def catch_up(self):
        """Hear what is new, and ask only for what there was nothing told of; gives the UIDs."""
        self.ask("NOOP")
        new = [number for number, uid in enumerate(self.known, 1) if uid is None]
        if new:
            self.ask(f"FETCH {new[0]}:{new[-1]} (UID FLAGS)")
        return [uid for uid in self.known if uid is not None]

    # ── what is told ──

    def hear(self, told):
        """Count along; gives kinds and values."""
        heard = []
        for line in told:
            rest = line.removeprefix(b"* ").removesuffix(b"\r\n")
            if re.match(rb"OK|NO|BAD|BYE|\+", rest):
                continue
            kind, values = of_kind(parsed(*lines(rest + b"\r\n")))
            heard.append((kind, values))
            match kind:
                case "EXISTS":
                    assert values[0] >= len(self.known), "there are fewer, and nobody said which are gone"
                    self.known += [None] * (values[0] - len(self.known))
                case "EXPUNGE":
                    uid = self.known.pop(values[0] - 1)
                    assert uid is None or uid not in self.gone, "it was gone already"
                    self.gone.add(uid)
                    self.flags.pop(uid, None)
                case "FETCH" if "UID" in values[1]:
                    self._means(values[0], int(values[1]["UID"]))
                    if "FLAGS" in values[1]:
                        self.flags[int(values[1]["UID"])] = set(values[1]["FLAGS"])
        return heard

    def _means(self, number, uid):
        before = self.known[number - 1]
        assert before in (None, uid), "another message has this number"
        assert before == uid or (uid not in self.known and uid not in self.gone), "it was told before"
        self.known[number - 1] = uid
        there = [one for one in self.known if one is not None]
        assert there == sorted(there), "the order is that of UIDs"

    def texts(self, uids):
        """Which messages these are, by UID, without those that are gone."""
        said = f"UID FETCH {','.join(map(str, uids))} (BODY.PEEK[HEADER.FIELDS (SUBJECT)])"
        heard = self.ask(said) if uids else []
        found = [values[1] for kind, values in heard if kind == "FETCH" and len(values[1]) > 1]
        return {
            int(items["UID"]): token(octets) for items in found for octets in items.values() if type(octets) is bytes
        }

    def idle(self, seconds):
        """Wait until something is told, or so long."""
        self.wire.sendall(b"a IDLE\r\n")
        self.hear(self._until(b"+"))
        if select.select([self.wire], [], [], seconds)[0]:
            self.hear([self._line()])
        self.wire.sendall(b"DONE\r\n")
        self.hear(list(self._until(b"a "))[:-1])


class Everybody:
    """All who have to do with bob's INBOX; each goes on until `over`, by dice of its own."""

    def __init__(self, lab, seconds):
        self.lab = lab
        self.over = time.monotonic() + seconds
        self.root = lab.maildir("bob").parent
        self.reader, self.idler = (Session(lab.port("imap")) for _ in range(2))
        self.numbers = itertools.count(1)
        self.made, self.taken, self.done = set(), set(), {}
        self.counting, self.came = threading.Lock(), threading.Event()

    def message(self):
        """A new one; it is noted as made when it is stored."""
        with self.counting:
            name = f"n{next(self.numbers)}"
        return name, f"From: alice@sender.test\r\nTo: {BOB}\r\nSubject: {name}\r\n\r\n{'x' * 500}\r\n".encode()

    def goes_on(self, name):
        """Is there time for one more?"""
        self.done[name] = self.done.get(name, 0) + 1
        return time.monotonic() < self.over

    def deliver(self, dice):
        while self.goes_on("deliveries"):
            with smtplib.SMTP("127.0.0.1", self.lab.port("smtp"), "client.test", timeout=20) as wire:
                for _ in range(dice.randrange(1, 6)):
                    name, octets = self.message()
                    wire.sendmail("alice@sender.test", [BOB], octets)
                    self.made.add(name)
                    self.came.set()

    def fetch_by_pop3(self, dice):
        while self.goes_on("POP3"):
            box = poplib.POP3("127.0.0.1", self.lab.port("pop3"), timeout=20)
            box.user("bob")
            box.pass_("bob")
            read = set()
            for number in range(1, box.stat()[0] + 1):
                if dice.random() < TAKEN:
                    with contextlib.suppress(poplib.error_proto):  # somebody was faster
                        read.add(token(b"\r\n".join(box.retr(number)[1]) + b"\r\n"))
                        box.dele(number)
            with self.counting:
                self.taken |= read
            with contextlib.suppress(poplib.error_proto):
                box.quit()

    def read(self, dice):
        session = self.reader
        while self.goes_on("IMAP"):
            uids = session.look()
            some = dice.sample(uids, min(3, len(uids)))
            named = ",".join(map(str, some))
            match dice.choice(["mark", "mark", "unmark", "expunge", "append", "read", "noop"]):
                case "mark" if some:
                    session.ask(f"UID STORE {named} +FLAGS ({dice.choice(MARKS)})")
                case "unmark" if some:
                    session.ask(f"UID STORE {named} FLAGS ()")
                case "read" if some:
                    session.ask(f"UID FETCH {named} (BODY[])")
                case "expunge" if some:
                    with self.counting:
                        self.taken |= {*session.texts(some[:1]).values()}
                    session.ask(f"UID STORE {some[0]} +FLAGS.SILENT (\\Deleted)")
                    session.ask(f"UID EXPUNGE {some[0]}")
                case "append":
                    name, octets = self.message()
                    session.ask(f"APPEND INBOX (\\Seen) {{{len(octets)}+}}\r\n{octets.decode()}")
                    self.made.add(name)
                case _:
                    session.ask("NOOP")

    def wait(self, dice):
        while self.goes_on("IDLE"):
            self.idler.idle(0.2)
            if dice.random() < 0.5:
                self.idler.look()

    def meddle(self, dice):
        """As mutt does: read, mark, add, remove; what was renamed meanwhile is let be."""
        while self.goes_on("files"):
            name, octets = self.message()
            file = self.root / "tmp" / f"16{dice.randrange(10**8):08d}.{name}.theirs"
            file.write_bytes(octets.replace(b"\r\n", b"\n"))
            file.rename(self.root / "new" / file.name)
            self.made.add(name)
            files = [file for part in ("new", "cur") for file in (self.root / part).iterdir()]
            for file in dice.sample(files, min(3, len(files))):
                with contextlib.suppress(FileNotFoundError):
                    if dice.random() < TAKEN:
                        name = token(file.read_bytes())
                        file.unlink()
                        self.taken.add(name)
                    else:
                        letters = "".join(sorted(dice.sample("FRS", 2)))
                        file.rename(self.root / "cur" / f"{file.name.partition(':')[0]}:2,{letters}")
            self.came.wait(0.05)
            self.came.clear()

    # ── in the end ──

    def on_disk(self):
        """Which messages lie there, each with its flags."""
        files = [file for part in ("new", "cur") for file in (self.root / part).iterdir()]
        return sorted((token(file.read_bytes()), sorted(map(str.upper, flags_of(file.name)))) for file in files)

    def believed(self, session):
        """The same, as a session has it."""
        uids, letters = session.catch_up(), {flag.upper() for flag in LETTERS}
        texts = session.texts(uids)
        return sorted((texts.get(uid, ""), sorted(session.flags[uid] & letters)) for uid in uids)

    def agree(self):
        """Everybody is done: the sessions know what lies there as soon as the files have been looked at."""
        there = self.on_disk()
        for session in (self.reader, self.idler):
            end = time.monotonic() + 20
            while (told := self.believed(session)) != there:
                assert time.monotonic() < end, (told, there)
        names = [name for name, _ in there]
        assert len(names) == len({*names})
        assert self.made - self.taken <= {*names}, "lost"
        assert {*names} <= self.made, "made up"
        with contextlib.closing(self.reader), contextlib.closing(self.idler):
            assert self.reader.known == self.idler.known


@pytest.mark.parametrize("seconds", [1.5, pytest.param(60, marks=pytest.mark.slow)])
def test_everybody_at_once(seconds):
    """Six at once for a while: nothing lost, nothing told twice, and each session's view is the disk in the end."""
    with Serving("--quiet", keep=False) as lab:
        everybody = Everybody(lab, seconds)
        work = [
            everybody.deliver,
            everybody.deliver,
            everybody.fetch_by_pop3,
            everybody.read,
            everybody.wait,
            everybody.meddle,
        ]
        with ThreadPoolExecutor(len(work)) as threads:
            for done in [threads.submit(one, random.Random(seed)) for seed, one in enumerate(work)]:
                done.result(seconds + 60)
        everybody.agree()
        assert min(everybody.done.values()) > 1, everybody.done
