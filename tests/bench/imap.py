"""A mailbox of 10,000 messages read by one plain client at the lab and at Dovecot, on the same files, in one run."""

import selectors
import shutil
import smtplib
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.bench import processes
from tests.bench.dovecot import DovecotServer
from tests.bench.measure import Tell
from tests.serving import Serving

SIZE = 5000  # octets of a message
COPIED = 1000


class Client:
    """Says a command and reads until it is answered; it parses nothing, so that what is measured is the server."""

    def __init__(self, port: int) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), 60)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._count = 0
        self.wire.recv(65_536)
        self.ask("LOGIN bob bob")

    def close(self) -> None:
        """Hang up."""
        self.wire.close()

    def ask(self, command: str) -> int:
        """Say a command; gives how many octets the answer had."""
        self._count += 1
        tag = b"zq%d " % self._count
        self.wire.sendall(tag + command.encode() + b"\r\n")
        return self._answered(tag)

    def append(self, mailbox: str, message: bytes) -> None:
        """One message, as most clients do it: its octets go when the server asks for them."""
        self._count += 1
        tag = b"zq%d " % self._count
        self.wire.sendall(tag + f"APPEND {mailbox} (\\Seen) {{{len(message)}}}\r\n".encode())
        if not self.wire.recv(65_536).startswith(b"+"):
            raise RuntimeError("no go-ahead")
        self.wire.sendall(message + b"\r\n")
        self._answered(tag)

    def _answered(self, tag: bytes) -> int:
        octets, tail = 0, b""
        while True:
            block = self.wire.recv(1 << 20)
            if not block:
                raise RuntimeError("hung up")
            octets += len(block)
            tail = (tail + block)[-4096:]
            if tail.endswith(b"\r\n"):
                last = tail[tail.rfind(b"\r\n", 0, -2) + 2 if b"\r\n" in tail[:-2] else 0 :]
                if last.startswith(tag):
                    if not last.startswith(tag + b"OK"):
                        raise RuntimeError(last.decode())
                    return octets


def message(number: int) -> bytes:
    """A message of about 5 KB like those that people send."""
    head = (
        f"Return-Path: <alice@sender.test>\r\nReceived: from mail.sender.test (mail.sender.test [127.0.0.1])\r\n"
        f"\tby mx.recipient.test with ESMTP id R{number}; Mon, 30 Nov 2026 12:00:00 +0000\r\n"
        f"From: =?UTF-8?Q?Tu=E1=BA=A5n?= <alice{number % 97}@sender.test>\r\n"
        f'To: "Bob" <bob@recipient.test>, carol@recipient.test\r\nSubject: report {number} of week {number % 52}\r\n'
        f"Date: Mon, 30 Nov 2026 12:00:{number % 60:02} +0000\r\nMessage-ID: <{number}@sender.test>\r\n"
        f"References: <{number - 1}@sender.test>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode()
    line = f"Line {number}: the quick brown fox jumps over the lazy dog, as every day.\r\n".encode()
    return head + line * ((SIZE - len(head)) // len(line))


def fill(folder: Path, messages: int) -> None:
    """The mailbox, as any program may have left it."""
    for number in range(messages):
        (folder / f"17900{number:05d}.M{number}P1.host:2,").write_bytes(message(number))


STEPS: dict[str, str] = {
    "SELECT, first": "SELECT INBOX",
    "SELECT, again": "SELECT INBOX",
    "FETCH FLAGS": "UID FETCH 1:* (FLAGS)",
    "FETCH ENVELOPE, first": "UID FETCH 1:* (ENVELOPE RFC822.SIZE)",
    "FETCH ENVELOPE, again": "UID FETCH 1:* (ENVELOPE RFC822.SIZE)",
    "FETCH headers, first": "UID FETCH 1:* (BODY.PEEK[HEADER])",
    "FETCH headers, again": "UID FETCH 1:* (BODY.PEEK[HEADER])",
    "FETCH bodies": "UID FETCH 1:* (BODY.PEEK[])",
    "SEARCH SUBJECT": 'UID SEARCH SUBJECT "week 17"',
    "SEARCH TEXT, first": 'UID SEARCH TEXT "Line 4711"',
    "SEARCH TEXT, again": 'UID SEARCH TEXT "Line 4712"',
    "STORE on all": "UID STORE 1:* +FLAGS (\\Seen)",
    "COPY 1,000": f"COPY 1:{COPIED} Archive",
    "APPEND 1,000": "",
}


Taken = dict[str, tuple[float, float]]
"""Of every step, seconds that passed, and seconds that the server was on a processor."""


def steps(port: int, server: int) -> Taken:
    """All steps with the server whose first process is `server`."""
    client, taken = Client(port), Taken()
    members = processes.family(server)
    try:
        for name, command in STEPS.items():
            if name == "SELECT, again":
                client.ask("UNSELECT")
                time.sleep(1.5)
            used, began = sum(map(processes.used, members)), time.perf_counter()
            if command:
                client.ask(command)
            else:
                for number in range(COPIED):
                    client.append("Sent", message(number))
            taken[name] = time.perf_counter() - began, sum(map(processes.used, members)) - used
    finally:
        client.close()
    return taken


def beside_dovecot(rounds: int, messages: int, tell: Tell) -> str:
    """Every step at both, and the ratio; the memory of the lab."""
    ours, theirs, memory = list[Taken](), list[Taken](), list[float]()
    with tempfile.TemporaryDirectory(prefix="maillab-imap-") as folder:
        template = Path(folder)
        fill(template, messages)
        for number in range(rounds):
            sides = [lambda: ours.append(_ours(template, memory)), lambda: theirs.append(_theirs(template, tell))]
            for side in sides if number % 2 == 0 else reversed(sides):
                side()
            tell(f"  round {number + 1} done")
    rows = [
        f"imap: {messages} messages of {SIZE} octets, at the lab and at Dovecot; ratios (less is better)",
        f"  {'':<24}{'milliseconds':>18}{'ratio':>9}   {'of a processor':>18}{'ratio':>9}",
    ]
    for name in STEPS:
        columns = (
            _compared([(a[name][at], b.get(name, (0, 0))[at]) for a, b in zip(ours, theirs, strict=True)])
            for at in (0, 1)
        )
        rows.append(f"  {name:<24}{'   '.join(columns)}")
    return "\n".join([*rows, f"  the lab's memory at its highest: {max(memory):.0f} MiB"])


def _compared(pairs: Sequence[tuple[float, float]]) -> str:
    """Medians of both, in milliseconds, and of their ratio; where there is no yardstick, of the first alone."""
    mine, other = (1000 * statistics.median(side) for side in zip(*pairs, strict=True))
    if not other:
        return f"{mine:9.1f}{'':18}"
    return f"{mine:9.1f}{other:9.1f}{statistics.median(a / b for a, b in pairs):9.2f}"


def _ours(template: Path, memory: list[float]) -> Taken:
    with Serving("--quiet", keep=False, afresh=True) as lab:
        shutil.copytree(template, lab.maildir("bob").parent / "cur", dirs_exist_ok=True)
        taken = steps(lab.port("imap"), lab.pid)
        memory.append(processes.resident(lab.pid, "VmHWM"))
        return taken


def _theirs(template: Path, tell: Tell) -> Taken:
    try:
        with DovecotServer() as dovecot:
            shutil.copytree(template, dovecot.maildir / "cur", dirs_exist_ok=True)
            dovecot.own()
            return steps(dovecot.port, dovecot.pid)
    except (PermissionError, FileNotFoundError) as error:
        tell(f"without the yardstick: {error}")
        return {}


def watchers(rounds: int, count: int, tell: Tell) -> str:
    """Milliseconds from the end of DATA at the MX until each of many watchers has heard of the message."""
    taken: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maillab-imap-")))
        (folder / "many.toml").write_text("[limits]\nper_address = 1000\nper_user = 1000\n")
        lab = stack.enter_context(Serving("--quiet", "--config", str(folder / "many.toml"), keep=False, afresh=True))
        clients = [stack.enter_context(_Idling(lab.port("imap"))) for _ in range(count)]
        for _ in range(rounds * 10):
            heard = _heard(clients, lab.port("smtp"))
            taken += heard
            if len(heard) != count:
                tell(f"  only {len(heard)} of {count} heard of it")
    taken.sort()
    middle, most = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    return f"idle: milliseconds until {count} watchers know of a message\n  p50 {middle:.1f}   p99 {most:.1f}"


def _deliver(port: int) -> float:
    """One message to bob; gives the moment at which its end went out."""
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as wire:
        wire.ehlo("bench.test")
        wire.mail("alice@sender.test")
        wire.rcpt("bob@recipient.test")
        wire.putcmd("DATA")
        wire.getreply()
        wire.send(message(1) + b".\r\n")
        ended = time.perf_counter()
        if wire.getreply()[0] != 250:
            raise RuntimeError("the message was refused")
        return ended


def _heard(clients: Sequence[Client], port: int) -> list[float]:
    """Deliver a message; gives the milliseconds after which each of the clients that wait heard of it."""
    with selectors.DefaultSelector() as selector, ThreadPoolExecutor(1) as other:
        for client in clients:
            selector.register(client.wire, selectors.EVENT_READ)
        delivered = other.submit(_deliver, port)
        moments: list[float] = []
        while len(moments) < len(clients) and (ready := selector.select(20)):
            now = time.perf_counter()
            for key, _ in ready:
                if b"EXISTS" in key.fileobj.recv(65_536):  # type: ignore[union-attr]
                    moments.append(now)
        return [1000 * (moment - delivered.result()) for moment in moments]


class _Idling(Client):
    """One who waits for news."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.ask("SELECT INBOX")
        self.wire.sendall(b"idle IDLE\r\n")
        while not self.wire.recv(65_536).startswith(b"+"):
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
