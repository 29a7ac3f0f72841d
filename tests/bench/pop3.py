"""A mailbox read by POP3 at the lab and at Dovecot, on the same files: LIST, UIDL, and RETR of every message."""

import shutil
import socket
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.dovecot import DovecotServer
from tests.bench.imap import fill
from tests.bench.measure import Tell, ratios, summary
from tests.bench.processes import Noise, family, used
from tests.serving import Serving

Taken = dict[str, tuple[float, float]]
"""Of every step, seconds that passed, and seconds that the server was on a processor."""


class Client:
    """Says a command and reads until it is answered; it parses nothing, so that what is measured is the server."""

    def __init__(self, port: int) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), 60)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wire.recv(65_536)

    def ask(self, command: str, *, lines: bool = False) -> bytes:
        """Say a command; gives the end of the answer. `lines`: it ends with a dot."""
        self.wire.sendall(command.encode() + b"\r\n")
        said = b""
        while not said.endswith(b"\r\n.\r\n" if lines else b"\r\n"):
            block = self.wire.recv(1 << 20)
            if not block:
                raise RuntimeError("hung up")
            said = (said + block)[-4096:]
        return said


def steps(port: int, server: int, messages: int) -> Taken:
    """All steps with the server whose first process is `server`."""
    client, taken = Client(port), Taken()
    client.ask("USER bob")

    began = time.perf_counter()
    client.ask("PASS bob")
    taken["login"] = time.perf_counter() - began, 0.0  # Dovecot's process for it is not there any more
    members = family(server)

    def step(name: str, *commands: str) -> None:
        busy, began = sum(map(used, members)), time.perf_counter()
        for command in commands:
            client.ask(command, lines=True)
        taken[name] = time.perf_counter() - began, sum(map(used, members)) - busy

    step("LIST", "LIST")
    step("UIDL", "UIDL")
    step(f"RETR {messages}", *(f"RETR {number}" for number in range(1, messages + 1)))
    client.ask("QUIT")
    client.wire.close()
    return taken


def beside_dovecot(rounds: int, messages: int, tell: Tell) -> str:
    """Every step at both, in milliseconds, and the ratio."""
    ours, theirs = list[Taken](), list[Taken]()
    noise = Noise()
    with tempfile.TemporaryDirectory(prefix="maillab-pop3-") as folder:
        template = Path(folder)
        fill(template, messages)
        for number in range(rounds):
            sides = [
                lambda: ours.append(_ours(template, messages)),
                lambda: theirs.append(_theirs(template, messages, tell)),
            ]
            for side in sides if number % 2 == 0 else reversed(sides):
                side()
            tell(f"  round {number + 1} done")
    rows = [f"pop3: {messages} messages, at the lab and at Dovecot; milliseconds, and the ratio (less is better)"]
    for name in ours[0]:
        for at, what in enumerate(("", "processor")):
            mine = [1000 * taken[name][at] for taken in ours]
            if not any(mine):
                continue
            rows.append("  " + summary(f"{name} {what}".strip(), mine, 1))
            if other := [1000 * taken[name][at] for taken in theirs if taken]:
                ratio = statistics.median(ratios(mine, other))
                rows[-1] += f"   dovecot {statistics.median(other):.1f}   ratio {ratio:.2f}"
    return "\n".join([*rows, str(noise)])


def _ours(template: Path, messages: int) -> Taken:
    with Serving("--quiet", keep=False, afresh=True) as lab:
        shutil.copytree(template, lab.maildir("bob").parent / "cur", dirs_exist_ok=True)
        return steps(lab.port("pop3"), lab.pid, messages)


def _theirs(template: Path, messages: int, tell: Tell) -> Taken:
    try:
        with DovecotServer(pop3=True) as dovecot:
            shutil.copytree(template, dovecot.maildir / "cur", dirs_exist_ok=True)
            dovecot.own()
            return steps(dovecot.pop3_port, dovecot.pid, messages)
    except (PermissionError, FileNotFoundError) as error:
        tell(f"without the yardstick: {error}")
        return {}
