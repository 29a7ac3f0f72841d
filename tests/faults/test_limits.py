"""Every limit that a client can meet, at its door: at the limit all is well, one above it is not, and others go on.

Where a limit is too high to be reached in a moment, the lab of this test has a lower one.
"""

import contextlib
import json
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import msgspec
import pytest

from maillab.config import LimitTable
from maillab.lab.running_site import RunningSite
from maillab.nameserver import message as dns_message
from maillab.nameserver import server as nameserver
from maillab.protocols import pop3, smtp
from maillab.recipient.imap import config as imap_config
from maillab.recipient.imap.config import ImapConfig
from maillab.recipient.login import Pop3Config
from maillab.running import Running
from maillab.web import guard, link
from maillab.wire import gate
from maillab.wire.limits import Limits
from tests.faults.doors import BOB, CONFIG, Imap, Wire, open_lab
from tests.faults.worst import request

LOW = Limits(message=2_000, recipients=4, messages=3, errors=5, junk=8, bad_lines=2, per_address=12, per_user=3)
Play = Callable[["Client", int], str]


@dataclass
class Client:
    """Connects to the doors of a lab, and hangs up at the end."""

    running: Running
    stack: contextlib.ExitStack

    def port(self, service: str) -> int:
        """The port of a service."""
        site = "" if service in ("dns", "http") else "recipient.test"
        return self.running.lab.endpoint(site, service).port

    def wire(self, service: str) -> Wire:
        """A connection that was greeted."""
        wire = self.stack.enter_context(contextlib.closing(Wire(self.port(service))))
        wire.greeting = wire.line()
        return wire

    def smtp(self, *commands: str, service: str = "smtp") -> Wire:
        """A connection on which these were said."""
        wire = self.wire(service)
        for command in ("EHLO x", *commands):
            wire.ask(command)
        return wire

    def imap(self) -> Imap:
        """A connection of somebody who has logged in, and looks into a folder."""
        return self.stack.enter_context(contextlib.closing(Imap(self.running.lab)))


def again(wire: Wire, command: str, count: int) -> str:
    """Say it so often; gives the last answer."""
    answer = ""
    for _ in range(count):
        answer = wire.ask(command)
    return answer


# ── SMTP ──

SENDER, RECIPIENT = f"MAIL FROM:<{BOB}>", f"RCPT TO:<{BOB}>"


def command_octets(client: Client, count: int) -> str:
    """A command, with its line end."""
    return client.smtp().ask("NOOP " + "x" * (count - 7))


def announced(client: Client, count: int) -> str:
    """A message, as MAIL announces it."""
    return client.smtp().ask(f"{SENDER} SIZE={count}")


def content(client: Client, count: int) -> str:
    """A message, as it comes."""
    wire = client.smtp(SENDER, RECIPIENT, "DATA")
    wire.say(b"x: " + b"y" * 500 + b"\r\n" + b"z" * (count - 507) + b"\r\n.\r\n")
    return wire.reply()


def in_chunks(client: Client, count: int) -> str:
    """A message in chunks."""
    wire = client.smtp(SENDER, RECIPIENT)
    wire.say(b"BDAT %d LAST\r\n" % count + b"x" * (count - 2) + b"\r\n")
    return wire.reply()


def recipients(client: Client, count: int) -> str:
    """Recipients of one message."""
    return again(client.smtp(SENDER), RECIPIENT, count)


def messages(client: Client, count: int) -> str:
    """Messages of one connection."""
    wire, answer = client.smtp(), ""
    for _ in range(count):
        if not (answer := wire.ask(SENDER)).startswith("250"):
            break
        wire.ask(RECIPIENT)
        wire.ask("DATA")
        wire.say(b"x: y\r\n.\r\n")
        answer = wire.reply()
    return answer


def wrong_commands(client: Client, count: int) -> str:
    """Commands that are refused."""
    return again(client.smtp(), "VRFY", count)


def idle_commands(client: Client, count: int) -> str:
    """Commands without a message; the hello is one."""
    return again(client.smtp(), "NOOP", count - 1)


def bad_lines(client: Client, count: int) -> str:
    """Lines that are none."""
    return again(client.smtp(), "\x01", count)


def wrong_passwords(client: Client, count: int) -> str:
    """Guesses at a password."""
    return again(client.smtp(service="submission"), "AUTH PLAIN AGJvYgB4", count)


def connections_of_smtp(client: Client, count: int) -> str:
    """Connections from one address."""
    return [client.wire("smtp").greeting for _ in range(count)][-1]


# ── POP3 ──


def pop3_command(client: Client, count: int) -> str:
    """A command, with its line end."""
    return client.wire("pop3").ask("USER " + "x" * (count - 7))


def pop3_wrong(client: Client, count: int) -> str:
    """Commands that are none."""
    wire = client.wire("pop3")
    again(wire, "X", count)
    return wire.ask("CAPA")


def pop3_idle(client: Client, count: int) -> str:
    """Commands without a message."""
    wire = client.wire("pop3")
    wire.ask("USER bob")
    wire.ask("PASS bob")
    return again(wire, "NOOP", count)


def connections_of_pop3(client: Client, count: int) -> str:
    """Connections from one address."""
    return [client.wire("pop3").greeting for _ in range(count)][-1]


# ── IMAP ──


def imap_line_before(client: Client, count: int) -> str:
    """A line of somebody who has not logged in, without its end."""
    wire = client.wire("imap")
    wire.say(b"a NOOP" + b" " * (count - 8) + b"\r\n")
    return wire.line()


def imap_literal_before(client: Client, count: int) -> str:
    """A literal of somebody who has not logged in."""
    wire = client.wire("imap")
    wire.say(b"a LOGIN {%d}\r\n" % count)
    return wire.line()


def imap_literal(client: Client, count: int) -> str:
    """A literal that is no message."""
    imap = client.imap()
    imap.wire.say(b"z STATUS {%d}\r\n" % count)
    return imap.wire.line()


def imap_append(client: Client, count: int) -> str:
    """A message."""
    return client.imap().ask(f"APPEND Drafts {{{count}}}", b"x" * count)


def imap_wrong(client: Client, count: int) -> str:
    """Commands that are none."""
    imap = client.imap()
    for _ in range(count):
        imap.ask("X")
    return imap.ask("NOOP")


def imap_of_one(client: Client, count: int) -> str:
    """Connections of one person."""
    wires = [client.wire("imap") for _ in range(count)]
    answers = []
    for wire in wires:
        wire.say(b"a LOGIN bob bob\r\n")
        answers.append(wire.line())
    return answers[-1]


def connections_of_imap(client: Client, count: int) -> str:
    """Connections from one address."""
    return [client.wire("imap").greeting for _ in range(count)][-1]


# ── HTTP ──


def _answer(client: Client, octets: bytes) -> str:
    wire = client.stack.enter_context(contextlib.closing(Wire(client.port("http"))))
    wire.say(octets)
    return wire.line().removeprefix("HTTP/1.1 ")


def http_body(client: Client, count: int) -> str:
    """A body."""
    return _answer(client, request("PUT", "/api/v1/messages", b"{}" + b" " * (count - 2)))


def http_people(client: Client, count: int) -> str:
    """Recipients of one message."""
    sent = {"From": {"Email": BOB}, "To": [{"Email": f"bob+{n}@recipient.test"} for n in range(count)], "Text": "x"}
    return _answer(client, request("POST", "/api/v1/send", json.dumps(sent).encode()))


def connections_of_http(client: Client, count: int) -> str:
    """Connections in all."""
    wires = [client.stack.enter_context(contextlib.closing(Wire(client.port("http")))) for _ in range(count)]
    for wire in wires:
        wire.say(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return wires[-1].line().removeprefix("HTTP/1.1 ")


# ── DNS ──


def _ask_by_tcp(client: Client, wires: list[bytes]) -> str:
    """RCODE of the last answer; "" for none."""
    answer = b""
    for wire in wires:
        door = client.stack.enter_context(socket.create_connection(("127.0.0.1", client.port("dns")), timeout=20))
        answer = b""
        with contextlib.suppress(ConnectionError):
            door.sendall(struct.pack("!H", len(wire)) + wire)
            answer = door.recv(6)
    return f"rcode {answer[5] & 15}" if len(answer) == 6 else ""


NAME = b"\x09recipient\x04test\0"


def dns_records(client: Client, count: int) -> str:
    """Records beside the question."""
    head = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, count) + NAME + struct.pack("!HH", 15, 1)
    return _ask_by_tcp(client, [head + (b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + b"\x7f\0\0\1") * count])


def connections_of_dns(client: Client, count: int) -> str:
    """Connections in all."""
    return _ask_by_tcp(
        client, [struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + NAME + struct.pack("!HH", 15, 1)] * count
    )


HTTP_BODY, HTTP_LINKS, DNS_LINKS = 100_000, 10, 10
TABLE: list[tuple[Play, int, str, str]] = [  # what is done so often, how often at most, the answer then and above it
    (command_octets, smtp.COMMAND_OCTETS, "250", "500"),
    (announced, LOW.message, "250", "552"),
    (content, LOW.message, "250", "552"),
    (in_chunks, LOW.message, "250", "552"),
    (recipients, LOW.recipients, "250", "452"),
    (messages, LOW.messages, "250", "421"),
    (wrong_commands, LOW.errors, "501", "421"),
    (idle_commands, LOW.junk, "250", "421"),
    (bad_lines, LOW.bad_lines - 1, "500", "421"),
    (wrong_passwords, LOW.auth_failures - 1, "535", "421"),
    (connections_of_smtp, LOW.per_address, "220", "421"),
    (pop3_command, pop3.COMMAND_OCTETS, "+OK", "-ERR line too long"),
    (pop3_wrong, Pop3Config.__dataclass_fields__["errors"].default - 1, "+OK", "-ERR too many errors"),
    (pop3_idle, Pop3Config.__dataclass_fields__["junk"].default, "+OK", "-ERR so many"),
    (connections_of_pop3, LOW.per_address, "+OK", "-ERR"),
    (imap_line_before, imap_config.LINE_BEFORE, "a OK", "* BYE [TOOBIG]"),
    (imap_literal_before, imap_config.LITERAL_BEFORE, "+ ", "a BAD"),
    (imap_literal, imap_config.LITERAL_INSIDE, "+ ", "z BAD"),
    (imap_append, LOW.message, "OK", "NO [TOOBIG]"),
    (imap_wrong, ImapConfig.__dataclass_fields__["errors"].default - 1, "OK", ""),
    (imap_of_one, LOW.per_user, "a OK", "a NO [LIMIT]"),
    (connections_of_imap, LOW.per_address, "* OK", "* BYE [UNAVAILABLE]"),
    (http_body, HTTP_BODY, "200", "413"),
    (http_people, LOW.recipients, "200", "400"),
    (connections_of_http, HTTP_LINKS, "200", ""),
    (dns_records, dns_message.QUERY_RECORDS, "rcode 0", "rcode 1"),
    (connections_of_dns, DNS_LINKS, "rcode 0", ""),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A lab whose limits are low."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunningSite, "_limits", property(lambda _: replace(LOW, auth_floor=0.0)))
        patch.setattr(gate, "_DELAYS", (0.0,))
        patch.setattr(link, "MOST", HTTP_LINKS)
        patch.setattr(nameserver, "CONNECTIONS", DNS_LINKS)
        patch.setattr(guard.RequestGuard.__init__, "__defaults__", (HTTP_BODY, guard.LONGEST))
        config = msgspec.structs.replace(CONFIG, limits=LimitTable(recipients=LOW.recipients))
        with open_lab(tmp_path_factory.mktemp("limits") / "lab", config) as lab:
            yield lab


@pytest.mark.parametrize(("play", "most", "well", "above"), TABLE, ids=[row[0].__name__ for row in TABLE])
def test_a_limit(running: Running, play: Play, most: int, well: str, above: str) -> None:
    """So many are borne, and one more is not."""
    for count, expected in ((most, well), (most + 1, above)):
        with contextlib.ExitStack() as stack:
            answer = play(Client(running, stack), count)
        assert answer.startswith(expected), (count, answer)
        assert expected or not answer
