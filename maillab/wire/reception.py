"""What a machine must be able to answer as an SMTP server: the dialogue asks, the machine decides.

Quiet: the dialogue (wire/smtp_server.py) and the machines (sender, recipient) meet in these few methods.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply

NAMED = 200  # octets of names in one reply, whose line has 512 at most (RFC 5321 §4.5.3.1.5)


@dataclass(slots=True)
class Caller:
    """What is known of the client, so far."""

    talk: str
    peer: str  # its IP address
    hello: str = ""  # the name that it gave
    esmtp: bool = False
    secure: bool = False
    user: str = ""  # who has logged in, "" for nobody
    messages: int = 0  # accepted in this talk
    tolerated: set[str] = field(default_factory=set)  # what is remarked upon no more


def named(names: Sequence[str]) -> str:
    """Some of these names, for a reply: whoever asked for another learns which there are.

    >>> named(["a.test"]), named(["a.test", "b.test", "c.test"]), named(["a" * 99 + ".test", "b" * 99 + ".test"])[99:]
    ('a.test', 'a.test, b.test and c.test', '.test, ...')
    """
    room = NAMED
    for number, name in enumerate(names):
        room -= len(name) + 2
        if room < 0 and number:
            return ", ".join((*names[:number], "..."))
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


class Reception(Protocol):
    """One machine behind an SMTP service. `None` means: nothing against it."""

    def mail(self, caller: Caller, sender: Address | None, octets: int) -> Reply | None:
        """May this sender begin a transaction of `octets` octets (0: not said)? Raises `Refused` for lack of room."""
        ...

    def rcpt(self, caller: Caller, envelope: Envelope, recipient: Recipient) -> Reply | None:
        """May this recipient be added to `envelope`, which holds those accepted before?"""
        ...

    async def message(self, caller: Caller, message: Message) -> Reply:
        """Take the message durably, then say so: 250 means that it survives a crash. Raises `Refused`, or else 451.

        A content in a file is only lent: the file is gone when this returns, unless it was renamed away.
        """
        ...
