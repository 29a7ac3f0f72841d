"""Each door of a lab as a client meets it: one thing to do there, and what must be true of the files afterwards."""

import asyncio
import fnmatch
import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from maillab.config import Config
from maillab.config_file import read
from maillab.lab import Lab
from maillab.running import Running
from maillab.web.door import HttpDoor
from tests.support import wait_until

BOB, CAROL = "bob@recipient.test", "carol@recipient.test"  # she gets what comes, he reads and removes
SMALL = b"Subject: small\r\n\r\nhello\r\n"
LARGE = b"Subject: large\r\n\r\n" + b"0123456789abcde\r\n" * 9_000  # needs a file of its own on its way in
CONFIG = read(
    b"weaknesses = ['plaintext_auth']\n[[sites]]\ndomain = 'recipient.test'\ntrust_loopback = false\n"
    b"people = [{ name = 'bob', password = 'bob' }, { name = 'carol', password = 'carol' }]\n",
    "x",
)


class Wire:
    """A connection on which lines are said and heard."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._lines = self._socket.makefile("rb")
        self.greeting = ""

    def say(self, octets: bytes) -> None:
        """Send this."""
        self._socket.sendall(octets)

    def line(self) -> str:
        """The next line; "" when the server has hung up."""
        with suppress(ConnectionError):
            return self._lines.readline().decode().rstrip("\r\n")
        return ""

    def ask(self, command: str) -> str:
        """One command of SMTP or POP3, and the last line of its answer."""
        self.say(f"{command}\r\n".encode())
        return self.reply()

    def reply(self) -> str:
        """The last line of an answer of SMTP, the first of POP3."""
        while (line := self.line())[3:4] == "-" and line[:3].isdigit():
            pass
        return line

    def literal(self, octets: int) -> bytes:
        """So many octets."""
        return self._lines.read(octets)

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()


class Door:
    """One thing that is done at a door, again and again. `folder` is the lab's."""

    whose = BOB  # the inbox that changes
    place = ""  # what fails has this in its path
    most = 1000  # of its calls, so many fail one after the other
    good: str  # how the answer to it begins when all is well
    bad: tuple[str, ...]  # and what it may be when the machine has trouble

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.folder = lab.folder
        self.inbox = lab.folder / "mail" / "recipient.test" / self.whose.partition("@")[0]

    def prepare(self) -> None:
        """What has to be there before, while nothing fails."""

    def act(self) -> str:
        """Do it; gives the answer that decides."""
        raise NotImplementedError

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        """Is what is on the disk after that answer what the client was told?"""
        raise NotImplementedError

    def state(self) -> Any:
        """What the door changes, as it lies on the disk."""
        return messages_in(self.inbox)

    def close(self) -> None:
        """Go away."""

    def litter(self) -> list[str]:
        """Files that nobody needs any more."""
        places = [self.folder / "spool", *self.folder.glob("mail/*/*/tmp"), *self.folder.glob("mail/*/*/.*/tmp")]
        left = [str(path) for place in places for path in place.iterdir()]
        files = ((top, name) for top, _, names in os.walk(self.folder) for name in fnmatch.filter(names, ".*.[0-9]*"))
        return left + [os.path.join(*file) for file in files]


def messages_in(folder: Path) -> list[str]:
    """The base names of the messages of a Maildir."""
    return sorted(name.partition(":")[0] for part in ("new", "cur") for name in os.listdir(folder / part))


def flags_in(folder: Path) -> dict[str, frozenset[str]]:
    """The letters of the flags of each message of a Maildir, by its base name."""
    names = (name.partition(":2,") for part in ("new", "cur") for name in os.listdir(folder / part))
    return {base: frozenset(letters) for base, _, letters in names}


def marked(flags: dict[str, frozenset[str]], letter: str, wanted: bool) -> dict[str, frozenset[str]]:
    """What these become when each message has a flag, or none has it."""
    return {base: letters | {letter} if wanted else letters - {letter} for base, letters in flags.items()}


def folders_in(inbox: Path) -> dict[str, bool]:
    """The folders beside an inbox, and whether each is a whole Maildir; what begins with two dots is none."""
    names = [path.name for path in inbox.glob(".[!.]*") if path.is_dir()]
    return {name: {"cur", "new", "tmp"} <= {*os.listdir(inbox / name)} for name in names}


class Smtp(Door):
    """A message that comes from another server."""

    whose = CAROL
    good, bad = "250", ("451", "452")
    service, content = "smtp", SMALL

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.wire = Wire(lab.endpoint("recipient.test", self.service).port)
        self.wire.line()
        self.wire.ask("EHLO x")

    def act(self) -> str:
        for command in (f"MAIL FROM:<{BOB}>", f"RCPT TO:<{self.whose}>", "DATA"):
            if (answer := self.wire.ask(command))[:1] not in "23":
                self.wire.ask("RSET")
                return answer
        self.wire.say(b"To: %s\r\n%s.\r\n" % (self.whose.encode(), self.content))
        return self.wire.reply()

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return len(after) == len(before) + answer.startswith(self.good) and set(before) <= set(after)

    def close(self) -> None:
        self.wire.close()


class SmtpLarge(Smtp):
    """The same with much in it."""

    content = LARGE


class Submission(Smtp):
    """A message that a person hands in; it waits in the queue."""

    service = "submission"

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        assert self.wire.ask("AUTH PLAIN AGJvYgBib2I=").startswith("235")

    def state(self) -> Any:
        return sorted(job.ident for job in self.lab.jobs("recipient.test"))

    def litter(self) -> list[str]:
        spool = self.folder / "queue" / "recipient.test" / "spool"
        waiting = {"L" + job.message.lstrip("LMNOP") for job in self.lab.jobs("recipient.test")}
        return super().litter() + [path.name for path in spool.iterdir() if path.name not in waiting]


class SubmissionLarge(Submission):
    """The same with much in it."""

    content = LARGE


class Pop3Quit(Door):
    """A message is deleted over POP3."""

    good, bad = "+OK", ("-ERR [SYS/TEMP]", "-ERR [IN-USE]")

    def prepare(self) -> None:
        _deliver(self.lab)

    def act(self) -> str:
        wire = Wire(self.lab.endpoint("recipient.test", "pop3").port)
        try:
            wire.line()
            wire.ask("USER bob")
            if not (answer := wire.ask("PASS bob")).startswith("+OK"):
                return answer
            for command in ("DELE 1", "QUIT"):
                answer = wire.ask(command)
            return answer
        finally:
            wire.close()

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        gone = len(before) - len(after)
        return {*after} <= {*before} and (gone == 1 if answer.startswith(self.good) else gone <= 1)


class Pop3Read(Pop3Quit):
    """A message is read over POP3."""

    def act(self) -> str:
        wire = Wire(self.lab.endpoint("recipient.test", "pop3").port)
        try:
            wire.line()
            wire.ask("USER bob")
            if not (answer := wire.ask("PASS bob")).startswith("+OK"):
                return answer
            if (answer := wire.ask("RETR 1")).startswith("+OK"):
                while wire.line() not in (".", ""):
                    pass
            wire.ask("QUIT")
            return answer
        finally:
            wire.close()

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return bool(before == after)


class Imap(Door):
    """A command of IMAP."""

    good, bad = "OK", ("NO [OVERQUOTA]", "NO [UNAVAILABLE]", "NO [INUSE]", "NO [EXPUNGEISSUED]")
    command = ""
    selected = "INBOX"

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.number = self.turn = 0
        self.told: list[str] = []  # before the tagged answer
        self._enter()

    def _enter(self) -> None:
        self.wire = Wire(self.lab.endpoint("recipient.test", "imap").port)
        self.wire.line()
        assert self.ask("LOGIN bob bob").startswith("OK")
        assert self.ask(f"SELECT {self.selected}").startswith("OK")

    def ask(self, command: str, literal: bytes = b"") -> str:
        """One command, and its tagged answer without the tag."""
        self.number += 1
        self.told.clear()
        tag = f"a{self.number} "
        self.wire.say(f"{tag}{command}\r\n".encode())
        while not (line := self.wire.line()).startswith(tag):
            self.told.append(line)
            if line.startswith("+"):
                self.wire.say(literal + b"\r\n")
            if line == "":
                return ""
            if line.endswith("}"):
                self.wire.literal(int(line.rpartition("{")[2][:-1]))
        return line[len(tag) :]

    def prepare(self) -> None:
        if not messages_in(self.inbox):
            _deliver(self.lab)
        assert self.ask("NOOP").startswith("OK")

    def act(self) -> str:
        return self.ask(self.command)

    def state(self) -> Any:
        return flags_in(self.inbox)

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return bool(before == after)

    def close(self) -> None:
        self.wire.close()


class ImapAppend(Imap):
    """A client puts a message into a folder."""

    content = SMALL

    def state(self) -> Any:
        return messages_in(self.inbox / ".Drafts")

    def prepare(self) -> None:
        """There is one."""

    def act(self) -> str:
        return self.ask(f"APPEND Drafts {{{len(self.content)}}}", self.content)

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return len(after) == len(before) + answer.startswith(self.good) and {*before} <= {*after}


class ImapAppendLarge(ImapAppend):
    """The same with much in it."""

    content = LARGE


class ImapFetch(Imap):
    """A message is read."""

    command = "FETCH 1 BODY.PEEK[]"


class ImapSearch(Imap):
    """Messages are looked for."""

    command = "SEARCH TEXT hello"


class ImapStore(Imap):
    """A message is marked: the only one of its folder."""

    selected = "Marked"

    def _enter(self) -> None:
        with closing(Imap(self.lab)) as maker:
            maker.ask(f"CREATE {self.selected}")  # the test before may have made it
            if not self.state():
                assert maker.ask(f"APPEND {self.selected} {{{len(SMALL)}}}", SMALL).startswith("OK")
        super()._enter()

    def state(self) -> Any:
        return flags_in(self.inbox / f".{self.selected}")

    def act(self) -> str:
        self.turn += 1
        return self.ask(f"STORE 1 {'-+'[self.turn % 2]}FLAGS.SILENT (\\Flagged)")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = marked(before, "F", self.turn % 2 == 1)
        return bool(after == asked or (after == before and not answer.startswith(self.good)))


class ImapKeyword(Imap):
    """A message gets a keyword, which only the index knows: another session is told of it."""

    def state(self) -> Any:
        with closing(Imap(self.lab)) as other:
            assert other.ask("FETCH 1 FLAGS").startswith("OK")
            [told] = [line for line in other.told if "FETCH" in line]
            return super().state(), {*told.partition("FLAGS (")[2].rstrip(")").split()}

    def act(self) -> str:
        self.keyword = f"k{self.number}"
        return self.ask(f"STORE 1 +FLAGS.SILENT ({self.keyword})")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        files, keywords = before
        asked = files, keywords | {self.keyword}
        return after == asked or (after == before and not answer.startswith(self.good))


class ImapExpunge(Imap):
    """A message is removed."""

    def prepare(self) -> None:
        super().prepare()
        assert self.ask("STORE 1 +FLAGS.SILENT (\\Deleted)").startswith("OK")

    def act(self) -> str:
        return self.ask("EXPUNGE")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = {base: letters for base, letters in before.items() if "T" not in letters}
        if answer.startswith(self.good):
            return bool(after == asked != before)
        return asked.items() <= after.items() <= before.items() and len(before) - len(after) <= 1


class ImapCopy(Imap):
    """A message is copied into another folder."""

    command = "COPY 1 Archive"

    def state(self) -> Any:
        return messages_in(self.inbox), messages_in(self.inbox / ".Archive")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return before[0] == after[0] and len(after[1]) == len(before[1]) + answer.startswith(self.good)


class ImapMove(ImapCopy):
    """A message is moved into another folder: in the end it is in one of them, or in both; never in none."""

    command = "MOVE 1 Archive"

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        gone, come = len(before[0]) - len(after[0]), len(after[1]) - len(before[1])
        return (gone, come) == (1, 1) if answer.startswith(self.good) else come >= gone


class ImapCreate(Imap):
    """A folder is made."""

    def prepare(self) -> None:
        self.ask("DELETE Made")

    def act(self) -> str:
        return self.ask("CREATE Made")

    def state(self) -> Any:
        return folders_in(self.inbox)

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return bool(after == (before | {".Made": True} if answer.startswith(self.good) else before))


class ImapRename(ImapCreate):
    """A folder gets another name."""

    def prepare(self) -> None:
        self.ask("DELETE Made")
        self.ask("DELETE Other")
        assert self.ask("CREATE Other").startswith("OK")

    def act(self) -> str:
        return self.ask("RENAME Other Made")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = {name: whole for name, whole in before.items() if name != ".Other"} | {".Made": True}
        return bool(after == asked or (after == before and not answer.startswith(self.good)))


class ImapDelete(ImapCreate):
    """A folder is removed."""

    def prepare(self) -> None:
        self.ask("CREATE Made")

    def act(self) -> str:
        return self.ask("DELETE Made")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = {name: whole for name, whole in before.items() if name != ".Made"}
        return bool(after == asked or (after == before and not answer.startswith(self.good)))


class ImapSubscribe(Imap):
    """A folder is subscribed to."""

    def state(self) -> Any:
        return {*(self.inbox / "subscriptions").read_bytes().splitlines()}

    def prepare(self) -> None:
        self.turn = int(b"Sent" in self.state())

    def act(self) -> str:
        return self.ask(f"{('SUBSCRIBE', 'UNSUBSCRIBE')[self.turn]} Sent")

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = before ^ {b"Sent"}
        return bool(after == asked or (after == before and not answer.startswith(self.good)))


class Http(Door):
    """A question at the HTTP door."""

    good, bad = "200", ("503", "507")

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self.port = lab.endpoint("", "http").port

    def ask(self, method: str, path: str, body: object = None) -> str:
        """The status."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request(method, path, None if body is None else json.dumps(body))
            answer = link.getresponse()
            self.body = answer.read()
            return str(answer.status)
        finally:
            link.close()

    def listed(self, path: str) -> list[dict[str, Any]]:
        """The messages that are told."""
        assert self.ask("GET", path) == "200"
        messages: list[dict[str, Any]] = json.loads(self.body)["messages"]
        return messages


class HttpSend(Http):
    """A message is sent over HTTP: what fails is the queue, at the first call, before the message is taken."""

    whose, place, most = CAROL, "/queue/", 1

    def prepare(self) -> None:
        wait_until(lambda: self.lab.at_rest)

    def act(self) -> str:
        sender, to = {"Email": BOB}, [{"Email": CAROL}]
        return self.ask("POST", "/api/v1/send", {"From": sender, "To": to, "Subject": "x", "Text": "x"})

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return len(after) == len(before) + answer.startswith(self.good) and {*before} <= {*after}


class HttpDelete(Http):
    """Messages are removed over HTTP."""

    def prepare(self) -> None:
        if not self.state():
            _deliver(self.lab)
        self.ids = self._ids()

    def _ids(self) -> list[str]:
        path = "/api/v1/search?query=to:bob"
        wait_until(lambda: len(self.listed(path)) == len(self.state()))
        return [each["ID"] for each in self.listed(path)]

    def act(self) -> str:
        return self.ask("DELETE", "/api/v1/messages", {"IDs": self.ids})

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        return not after if answer.startswith(self.good) else {*after} <= {*before}


class HttpRead(HttpDelete):
    """Messages are marked as read over HTTP."""

    read = False

    def state(self) -> Any:
        return flags_in(self.inbox)

    def act(self) -> str:
        self.read = not self.read
        return self.ask("PUT", "/api/v1/messages", {"IDs": self.ids, "Read": self.read})

    def promised(self, before: Any, after: Any, answer: str) -> bool:
        asked = marked(before, "S", self.read)
        if answer.startswith(self.good):
            return bool(after == asked)
        return bool(before.keys() == after.keys() and after.items() <= before.items() | asked.items())


DOORS = (
    Smtp, SmtpLarge, Submission, SubmissionLarge, Pop3Quit, Pop3Read, ImapAppend, ImapAppendLarge, ImapFetch, ImapSearch,
    ImapStore, ImapKeyword, ImapExpunge, ImapCopy, ImapMove, ImapCreate, ImapRename, ImapDelete, ImapSubscribe,
    HttpSend, HttpDelete, HttpRead,
)  # fmt: skip


class _ToBob(Smtp):
    whose = BOB


def _deliver(lab: Lab) -> None:
    door = _ToBob(lab)
    try:
        assert door.act().startswith("250")
    finally:
        door.close()


@contextmanager
def open_lab(folder: Path, config: Config = CONFIG) -> Iterator[Running]:
    """A lab with all its doors in a thread of its own."""
    running = Running(config, folder, auto_ports=True)
    running.start()
    stack = ExitStack()

    async def open_http(lab: Lab) -> HttpDoor:
        asyncio.get_running_loop().set_debug(False)  # how long it computes is measured: as it does for people
        door = await HttpDoor(lab, 0).__aenter__()
        await lab.announce(door.endpoint)
        return door

    async def close_http(_: Lab) -> None:
        await door.__aexit__()

    try:
        door = running.ask(open_http).result(20)
        stack.callback(lambda: running.ask(close_http).result(20))
        yield running
    finally:
        stack.close()
        running.stop()
