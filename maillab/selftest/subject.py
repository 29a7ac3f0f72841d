"""A door that is put to the proof, and what its proofs need: somebody who may log in there, and messages for them."""

import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from maillab.endpoints import Endpoint, endpoint_of
from maillab.protocols.services import IMAP, SMTP
from maillab.selftest.claim import CLEAR, LOGGED_IN, TLS, Lie
from maillab.selftest.wire import ProvingWire

TRIES = 100  # so often something new may come into a mailbox before a message is given up
NEWEST = 40  # messages among which one is looked for: others may come at the same time
REPLY = re.compile(rb"\d{3}(?:[^-]|$)")  # the last line of a reply of SMTP
_TAGGED = re.compile(rb"t ")
_numbers = count(1)

MailboxTalk = TypeVar("MailboxTalk")
MailboxPreparing = Callable[[MailboxTalk], object]


@dataclass(frozen=True, slots=True)
class ProvedDoor:
    """`door` is proved for `user`; `doors` are all of the lab, `context` trusts it."""

    door: Endpoint
    doors: Sequence[Endpoint]
    user: str
    password: str
    context: ssl.SSLContext

    def wire(self) -> ProvingWire:
        """A connection to it."""
        return self.wire_to(self.door)

    def deposit(self, subject: str) -> None:
        """Put a message into the person's inbox, as another server would."""
        content = f"From: <{self.user}>\r\nTo: <{self.user}>\r\nSubject: {subject}\r\n\r\nHello\r\n.\r\n".encode()
        said = ["EHLO self-test.test", "MAIL FROM:<>", f"RCPT TO:<{self.user}>", "DATA"]
        with self.wire_to(endpoint_of(self.doors, self.door.site, SMTP.name)) as wire:
            wire.until(REPLY)
            for octets in (*(f"{line}\r\n".encode() for line in said), content):
                wire.say(octets)
                reply = wire.until(REPLY)
                if reply[:1] not in b"23":
                    raise Lie(f"no message can be brought here: {reply!r}")

    def arrived(self, word: str) -> bytes:
        """The newest messages in the person's inbox, once one of them has this word in it."""
        with self.wire_to(endpoint_of(self.doors, self.door.site, IMAP.name)) as wire:
            ask = _asking(wire)
            wire.line()
            if b"LOGINDISABLED" in ask("CAPABILITY"):
                ask("STARTTLS")
                wire.encrypt()
            ask(f'LOGIN "{self.user}" "{self.password}"')
            ask("SELECT INBOX")
            for _ in range(TRIES):
                told = ask("SEARCH ALL")
                if found := re.findall(rb"\d+", told.partition(b"\r\n")[0]):
                    told += (newest := ask(f"FETCH {max(1, int(found[-1]) - NEWEST)}:* BODY.PEEK[]"))
                    if word.encode() in newest:
                        return newest
                if b" EXISTS" not in told:  # else something has come meanwhile, and will not be told again
                    _wait(wire)
        raise Lie(f"no message with {word} has come")

    def wire_to(self, door: Endpoint) -> ProvingWire:
        """A connection to another door of the lab."""
        return ProvingWire(door.host, door.port, self.context, tls_first=door.tls == "implicit")


def token() -> str:
    """A word that stands nowhere yet."""
    return f"proof{next(_numbers)}x"


def _asking(wire: ProvingWire) -> Callable[[str], bytes]:
    def ask(command: str) -> bytes:
        wire.say(f"t {command}\r\n".encode())
        return wire.until(_TAGGED)

    return ask


def _wait(wire: ProvingWire) -> None:
    """Until the server has something to tell (RFC 2177)."""
    wire.say(b"t IDLE\r\n")
    wire.line()
    wire.line()
    wire.say(b"DONE\r\n")
    wire.until(_TAGGED)


def mailbox_situations(
    subject: ProvedDoor, encrypt: MailboxPreparing[MailboxTalk], log_in: MailboxPreparing[MailboxTalk]
) -> Iterator[tuple[str, MailboxPreparing[MailboxTalk], MailboxPreparing[MailboxTalk]]]:
    """When a door of POP3 or IMAP announces something, how a proof of that begins, and how one comes to hear of it."""
    if subject.door.tls == "implicit":
        encrypt = as_it_is
    else:
        yield CLEAR, as_it_is, as_it_is
    if subject.door.tls != "none":
        yield TLS, encrypt, encrypt
    yield LOGGED_IN, as_it_is, log_in


def as_it_is(_talk: object) -> None:
    """A talk that is proved as it begins."""
