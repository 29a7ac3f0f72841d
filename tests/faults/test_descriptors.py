"""A crowd that takes every open file that the process may have: messages are written and answered all the same."""

import contextlib
import resource
import socket
import ssl
from pathlib import Path

from tests.faults.doors import SMALL, Wire
from tests.serving import Serving
from tests.support import wait_until

MOST = 120  # open files
CROWD = 150
PLAIN = ("smtp", "submission", "pop3", "imap", "dns", "http")
TLS = ("submissions", "pop3s", "imaps")
GREETINGS = {"smtp": "220 ", "pop3": "+OK ", "imap": "* OK "}


def knock(lab: Serving, stack: contextlib.ExitStack) -> list[bytes]:
    """A crowd at all doors; gives what each one at a plain door of a server that speaks first was told."""
    crowd = []
    for number in range(CROWD):
        service = (*PLAIN, *TLS)[number % (len(PLAIN) + len(TLS))]
        client = socket.create_connection(
            ("127.0.0.1", lab.port(service, "" if service == "http" else "recipient.test"))
        )
        crowd.append((service, stack.enter_context(client)))
    told = []
    for service, client in crowd:
        if service in PLAIN[:4]:
            client.settimeout(20)
            told.append(client.recv(200))
    return told


def test_a_crowd(tmp_path: Path) -> None:
    """Who is one too many is told so and sent away; whoever is inside sends and reads; afterwards all doors are open."""  # T035
    with Serving("--http", "0") as lab, contextlib.ExitStack() as stack:
        inside = Wire(lab.port("smtp"))
        inside.line()
        inside.ask("EHLO x")
        _, highest = resource.prlimit(lab.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(lab.pid, resource.RLIMIT_NOFILE, (MOST, highest))
        told = knock(lab, stack)
        assert any(line.startswith(b"421 4.7.0") for line in told)
        assert all(line for line in told)
        for _ in range(3):
            for command in ("MAIL FROM:<bob@recipient.test>", "RCPT TO:<bob@recipient.test>", "DATA"):
                answer = inside.ask(command)
            inside.say(SMALL + b".\r\n")
            answer = inside.reply()
            assert answer.startswith("250"), answer
        assert len([*lab.maildir("bob").iterdir()]) == 3
        stack.close()
        wait_until(lambda: _greeted(lab))  # the crowd is not cleared away at once
        inside.close()


def _greeted(lab: Serving) -> bool:
    """Does every door open for a new client? "" is no greeting, and neither is "421" or "* BYE"."""
    for service, greeting in GREETINGS.items():
        with contextlib.closing(Wire(lab.port(service))) as wire:
            if not wire.line().startswith(greeting):
                return False
    context = ssl._create_unverified_context()
    with (
        socket.create_connection(("127.0.0.1", lab.port("imaps")), timeout=10) as raw,
        contextlib.suppress(OSError),
        context.wrap_socket(raw) as client,
    ):
        return client.recv(10).startswith(b"* OK")
    return False
