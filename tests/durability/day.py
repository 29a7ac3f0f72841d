"""A day in the life of a lab, from its first start on: what clients ask of it, and what it promises them.

It is watched by strace. At its end everything that was done to its files is known, and what had been promised when.
"""

import imaplib
import poplib
import smtplib
import socket
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from maillab.config import Config
from maillab.config_file import read as read_config
from tests.durability import calls
from tests.durability.after import AGAIN, BOB, PATIENCE
from tests.durability.calls import Call
from tests.durability.disk import Tree, read_tree
from tests.durability.promises import ANYWHERE, Place, Promise
from tests.serving import Serving
from tests.support import wait_until

ALICE, CAROL = "alice@sender.test", "carol@recipient.test"
CONFIGURATION = 'weaknesses = ["plaintext_auth"]\n[retry]\ngaps = [2]\n'
LATER = "carol+later@recipient.test"  # is refused for now, once
OLD_SESSION = b"an older session\n"
SESSION = "day.maillab"

Client = TypeVar("Client", poplib.POP3, imaplib.IMAP4)


@dataclass(slots=True)
class Record:
    """All that was done, and all that was promised."""

    before: Tree
    calls: list[Call]
    restarts: list[int]  # where in the log another process begins
    promises: list[Promise]
    originals: dict[str, bytes]
    spans: list[tuple[str, int, int]]  # what went on, and where in the log
    ready: int  # where the lab had said that it is ready
    saved: int  # where the session had been promised
    root: Path
    after: Tree

    def operation(self, moment: int) -> str:
        """What went on then."""
        return next((name for name, begun, over in reversed(self.spans) if begun <= moment < over), "in between")


def configuration() -> Config:
    """How the lab of the day is set; it warns of nothing."""
    return read_config(CONFIGURATION.encode(), "lab.toml")


@dataclass(slots=True)
class _Asked:
    """A promise of which we do not know yet when it was given."""

    operation: str
    port: int
    begun: int
    ended: int = 0  # marks
    over: int = 0
    is_answered: bool = False
    is_over: bool = False
    facts: list[tuple[Place, str, int, tuple[int, int], frozenset[str]]] = field(default_factory=list)

    def promise(
        self, place: Place, message: str, copies: int = 1, uid: tuple[int, int] = (0, 0), flags: Sequence[str] = ()
    ) -> None:
        """So many copies of it are there, if the answer is yes."""
        self.facts.append((place, message, copies, uid, frozenset(flags)))


@contextmanager
def closed(client: Client) -> Iterator[Client]:
    """Whatever a client of poplib or imaplib meets, its connection is closed."""
    try:
        yield client
    finally:
        with suppress(OSError):  # it may be closed already
            client.close() if isinstance(client, poplib.POP3) else client.shutdown()


class Day:
    """Plays the day in a lab in `root`/lab, and notes what was promised."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.originals: dict[str, bytes] = {}
        self.asked: list[_Asked] = []
        self.second = -1  # the mark after the second start
        self.program = "maillab"
        self._marks: list[int] = []  # ports from which somebody called only to leave a mark in the log

    def lab(self, *arguments: str, under: Sequence[str] = ()) -> Serving:
        """`maillab serve` in the folder of the day."""
        common = ("--quiet", "--config", str(self.root.parent / "lab.toml"))
        return Serving(*common, *arguments, folder=self.root / "lab", under=under, program=self.program)

    def mark(self, lab: Serving) -> int:
        """Leave a mark in the log; gives its number."""
        with socket.create_connection(("127.0.0.1", lab.port("pop3", "sender.test")), PATIENCE) as caller:
            self._marks.append(caller.getsockname()[1])
            caller.recv(100)
        return len(self._marks) - 1

    @contextmanager
    def operation(self, lab: Serving, name: str, port: int) -> Iterator[_Asked]:
        """Something is asked of the lab on the connection from this port of ours."""
        asked = _Asked(name, port, len(self._marks) - 1)
        self.asked.append(asked)
        yield asked
        asked.is_answered = asked.is_over = True
        asked.ended = asked.over = self.mark(lab)

    def promises(self) -> list[Promise]:
        """All of them, as they stand now: at moment 0 what was answered is given, and what was not is asked."""
        return [
            Promise(
                asked.operation,
                place,
                message,
                copies,
                -1,
                -1 if asked.is_answered else 1,
                -1 if asked.is_over else 1,
                uid,
                flags,
            )
            for asked in self.asked
            for place, message, copies, uid, flags in asked.facts
        ]

    def message(self, octets: int = 300) -> str:
        """A new message; gives its name."""
        name = f"m{len(self.originals):03}"
        lines = b"".join(b"%s line %06d\r\n" % (name.encode(), number) for number in range(octets // 18))
        self.originals[name] = b"Subject: %s\r\n\r\n%s" % (name.encode(), lines)
        return name

    # ── what is asked ──

    def send(
        self, lab: Serving, name: str, to: Sequence[str], *, site: str = "recipient.test", octets: int = 300
    ) -> str:
        """Hand a message over at a door of SMTP. At the sender's it goes through the queue."""
        message = self.message(octets)
        with (
            smtplib.SMTP("127.0.0.1", lab.port("smtp", site), "client.test", timeout=PATIENCE) as smtp,
            self.operation(lab, name, smtp.sock.getsockname()[1]) as asked,
        ):
            for address in to:
                user = CAROL if address.startswith("carol+") else address
                if user in (BOB, CAROL):
                    asked.promise((user, "INBOX"), message)
                else:
                    asked.promise((ALICE, "INBOX"), f"report of {message}")
            smtp.sendmail(ALICE, to, self.originals[message])
            asked.is_answered = True
            if site == "sender.test" and not to[0].startswith("carol+"):
                self.wait_until_empty(lab)
        return message

    def send_together(self, lab: Serving, name: str, to: str, count: int) -> list[str]:
        """Many clients at the same time."""
        messages = [self.message() for _ in range(count)]
        begun = len(self._marks) - 1

        def one(message: str) -> None:
            with smtplib.SMTP("127.0.0.1", lab.port("smtp"), "client.test", timeout=PATIENCE) as smtp:
                asked = _Asked(name, smtp.sock.getsockname()[1], begun)
                asked.promise((to, "INBOX"), message)
                self.asked.append(asked)
                smtp.sendmail(ALICE, [to], self.originals[message])

        threads = [threading.Thread(target=one, args=(message,)) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended = self.mark(lab)
        for asked in self.asked[-count:]:
            asked.ended = asked.over = ended
        return messages

    def wait_until_empty(self, lab: Serving) -> None:
        """The queue of the sending machine has settled everything. Raises `ConnectionError` when the lab is dead."""

        def settled() -> bool:
            if lab.has_ended:
                raise ConnectionResetError("the lab has ended before its queue was empty")
            return not any(self._count(lab, site) for site in ("sender.test", "recipient.test"))

        wait_until(settled, PATIENCE)

    def _count(self, lab: Serving, site: str) -> int:
        database = sqlite3.connect(f"file:{lab.lab}/queue/{site}/queue.db?mode=ro", uri=True)
        try:
            return int(database.execute("SELECT count(*) FROM jobs").fetchone()[0])
        finally:
            database.close()

    def read_by_pop3(self, lab: Serving, user: str, messages: Sequence[str]) -> None:
        """Delete these messages, and say goodbye."""
        with closed(poplib.POP3("127.0.0.1", lab.port("pop3"), timeout=PATIENCE)) as pop3:
            pop3.user(user)
            pop3.pass_(user.partition("@")[0])
            with self.operation(lab, "expunge by POP3", pop3.sock.getsockname()[1]) as asked:
                for number in range(1, pop3.stat()[0] + 1):
                    name = next((line for line in pop3.top(number, 0)[1] if line.startswith(b"Subject: m")), b"")[
                        9:
                    ].decode()
                    if name in messages:
                        pop3.dele(number)
                        asked.promise((user, "INBOX"), name, 0)
                assert pop3.quit().startswith(b"+OK")
                assert len(asked.facts) == len(messages)

    def read_by_imap(self, lab: Serving) -> None:
        """All that bob does with his folders."""
        with closed(imaplib.IMAP4("127.0.0.1", lab.port("imap"), timeout=PATIENCE)) as imap:
            imap.login(BOB, "bob")
            self._use(lab, imap)

    def _use(self, lab: Serving, imap: imaplib.IMAP4) -> None:
        port = imap.sock.getsockname()[1]
        sent, archive, trash, inbox = ((BOB, name) for name in ("Sent", "Archive", "Trash", "INBOX"))

        def ok(answer: tuple[str, list]) -> list:
            assert answer[0] == "OK", answer
            return answer[1]

        for flags in ("", "(\\Seen)"):
            message = self.message()
            with self.operation(lab, "append", port) as asked:
                asked.promise(sent, message)
                uid = _told(ok(imap.append("Sent", flags, None, self.originals[message])))
                asked.facts.clear()
                asked.promise(sent, message, uid=uid, flags=["\\Seen"] if flags else [])
        ok(imap.select("INBOX"))
        names = {}
        for uid in ok(imap.uid("SEARCH", "ALL"))[0].split():
            text = ok(imap.uid("FETCH", uid.decode(), "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))[0][1]
            names[text.split()[1].decode()] = uid.decode()
        moved, kept, copied, *gone = sorted(names)[:5]  # UIDs that were given are not in order any more
        with self.operation(lab, "flag", port) as asked:
            asked.promise(inbox, kept, flags=["\\Seen", "\\Flagged"])
            ok(imap.uid("STORE", names[kept], "+FLAGS", "(\\Seen \\Flagged)"))
        with self.operation(lab, "copy", port) as asked:
            asked.promise(archive, copied)
            ok(imap.uid("COPY", names[copied], "Archive"))
        with self.operation(lab, "move", port) as asked:
            asked.promise(inbox, moved, 0)
            asked.promise(trash, moved)
            asked.promise(ANYWHERE, moved)  # it may be at both meanwhile, never at neither
            ok(imap.uid("MOVE", names[moved], "Trash"))
        with self.operation(lab, "expunge by IMAP", port) as asked:
            for name in gone:
                asked.promise(inbox, name, 0)
            ok(imap.uid("STORE", ",".join(names[name] for name in gone), "+FLAGS", "(\\Deleted)"))
            ok(imap.expunge())
        message = self.message()
        with self.operation(lab, "rename", port) as asked:
            asked.promise((BOB, "one"), message)
            asked.promise(ANYWHERE, message)
            ok(imap.create("one"))
            ok(imap.append("one", "", None, self.originals[message]))
        with self.operation(lab, "rename", port) as asked:
            asked.promise((BOB, "one"), message, 0)
            asked.promise((BOB, "two"), message)
            ok(imap.rename("one", "two"))
        with self.operation(lab, "delete a folder", port) as asked:
            asked.promise((BOB, "two"), message, 0)
            asked.promise(ANYWHERE, message, 0)
            ok(imap.delete("two"))
        for _ in range(2):  # no UID of the first may come back in the second, nor in what comes after a crash
            message = self.message()
            with self.operation(lab, "make a folder again", port) as asked:
                asked.promise((BOB, AGAIN), message)
                ok(imap.create(AGAIN))
                uid = _told(ok(imap.append(AGAIN, "", None, self.originals[message])))
                asked.facts.clear()
                asked.promise((BOB, AGAIN), message, uid=uid)
            with self.operation(lab, "make a folder again", port) as asked:
                asked.promise((BOB, AGAIN), message, 0)
                ok(imap.delete(AGAIN))
        ok(imap.create(AGAIN))
        imap.logout()


def _told(answer: list[bytes]) -> tuple[int, int]:
    """UIDVALIDITY and UID of a message that was appended (RFC 4315 §3)."""
    validity, uid = answer[0].split(b"]")[0].split()[1:3]
    return int(validity), int(uid)


def play(root: Path, log: Path) -> Record:
    """The whole day in `root`; the log of strace goes to files that begin with `log`."""
    prepare(root)
    day, logs = Day(root), [log.with_suffix(".1"), log.with_suffix(".2")]
    before = read_tree(root)
    with day.lab("--rule", f"at recipient.test rcpt to:{LATER} answer 451 once", under=calls.command(logs[0])) as lab:
        day.mark(lab)
        morning(day, lab)
        lab.kill()
    # the second start finds what a killed process has left, and work that waits
    with day.lab("--record", str(root / "sessions" / SESSION), "--force", under=calls.command(logs[1])) as lab:
        afternoon(day, lab)
        code, _ = lab.stop()
        assert code == 0, lab.errors()
    return record(day, before, logs)


def prepare(root: Path) -> None:
    """What is there before the first start: an older session."""
    (root / "sessions").mkdir(parents=True, mode=0o700)
    (root / "sessions" / SESSION).write_bytes(OLD_SESSION)
    (root.parent / "lab.toml").write_text(CONFIGURATION)


def morning(day: Day, lab: Serving) -> None:
    """Mail comes, goes and is read; one message has to wait."""
    for_carol = [day.send(lab, "accept", [CAROL])]
    for _ in range(4):
        day.send(lab, "accept", [BOB])
    day.send(lab, "accept, large", [BOB], octets=200_000)
    for_carol.append(day.send(lab, "accept for two", [BOB, CAROL]))
    for_carol += day.send_together(lab, "accept, many at once", CAROL, 4)
    day.send(lab, "deliver", [BOB], site="sender.test")
    day.send(lab, "deliver to two", [BOB, CAROL], site="sender.test")
    day.send(lab, "deliver, large", [CAROL], site="sender.test", octets=200_000)
    day.send(lab, "bounce", ["nobody@recipient.test"], site="sender.test")
    day.read_by_pop3(lab, CAROL, for_carol[::2])
    day.read_by_imap(lab)
    day.send(lab, "wait for the next attempt", [LATER], site="sender.test")


def afternoon(day: Day, lab: Serving) -> None:
    """What waited is delivered; the record is saved."""
    day.second = day.mark(lab)
    day.wait_until_empty(lab)
    day.asked[-1].over = day.mark(lab)
    day.send(lab, "accept", [BOB])


def brief(day: Day, lab: Serving) -> None:
    """The same, as short as can be."""
    for user in (CAROL, BOB, BOB, BOB, CAROL):
        day.send(lab, "accept", [user])
    day.send(lab, "accept, large", [CAROL], octets=200_000)
    day.send(lab, "deliver, large", [BOB], site="sender.test", octets=200_000)
    day.send(lab, "bounce", ["nobody@recipient.test"], site="sender.test")
    day.read_by_pop3(lab, CAROL, ["m000", "m004"])
    day.read_by_imap(lab)


def record(day: Day, before: Tree, logs: Sequence[Path]) -> Record:
    """What the logs tell of the day."""
    done: list[Call] = []
    restarts, offset = [], 0
    for log in logs:
        restarts.append(offset)
        done += [replace(call, began=call.began + offset, ended=call.ended + offset) for call in calls.read(log)]
        offset = done[-1].ended + 1
    sends = [call for call in done if call.peer and call.name in ("write", *calls.SENDS)]
    greetings = iter([call for call in sends if b"".join(call.texts).startswith(b"+OK")])
    marks = [next(call.began for call in greetings if call.peer == port) for port in day._marks]
    ready = next(call.began for call in done if call.name == "write" and call.words.startswith("1<"))
    spans, promises = [("first start", 0, marks[0])], []
    if day.second >= 0:
        spans += [("start after a kill", restarts[1], marks[day.second]), ("end, save the session", marks[-1], offset)]
        spans.append(("next attempt", marks[day.second], marks[day.second + 1]))
    for asked in sorted(day.asked, key=lambda asked: asked.ended):
        begun, over = marks[asked.begun], marks[asked.over]
        given = max(call.began for call in sends if call.peer == asked.port and begun < call.began < marks[asked.ended])
        spans.append((asked.operation, begun, marks[asked.ended]))
        promises += [
            Promise(asked.operation, place, message, copies, begun, given, over, uid, flags)
            for place, message, copies, uid, flags in asked.facts
        ]
    return Record(
        before, done, restarts, promises, day.originals, spans, ready, offset - 1, day.root, read_tree(day.root)
    )
