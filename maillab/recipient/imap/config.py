"""What holds for every talk at one IMAP service. Each limit has a test at the limit and one above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from maillab.recipient.folders import FolderAccounts
from maillab.wire.sasl import People

MECHANISMS = ("SCRAM-SHA-256", "CRAM-MD5", "PLAIN")
LINE_BEFORE = 12_288  # octets of a line of somebody who has not logged in: a response of a login is the longest
LINE_INSIDE = 65_536  # a set of UIDs that a client has noted one by one is long
LITERAL_BEFORE = 8_192  # octets of a literal of somebody who has not logged in (T194, T195)
LITERAL_INSIDE = 65_536  # of one that is no message
COMMAND_INSIDE = 524_288  # octets of one command, without the messages in it
LITERALS = 10_000  # of one command, messages among them
AT_ONCE = 4  # times the limit of a message: all those of one APPEND
THROWN = 104_857_600  # octets of a message that is too large and comes unasked (RFC 7888 §4): so many are thrown away


@dataclass(frozen=True, slots=True)
class ImapConfig:
    """`tls`: STARTTLS is possible; `plaintext`: a login without TLS is allowed. `without` are capabilities that are
    neither announced nor obeyed. `nonce` gives a new unique token each time, printable and without comma.

    `spool` is the folder for messages on their way in; `limit` is how many octets one may have. `now` is in seconds
    since 1970. `errors`: commands that are none, then the talk is over.
    """

    hostname: str
    people: People
    accounts: FolderAccounts
    nonce: Callable[[], str]
    spool: Path
    now: Callable[[], float]
    tls: bool = False
    plaintext: bool = True
    without: frozenset[str] = field(default_factory=frozenset)
    limit: int = 26_214_400
    errors: int = 20
