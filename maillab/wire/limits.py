"""Every limit of every port, in one table. Each has a test at the limit and one above."""

from dataclasses import dataclass

POP3_COMMAND = 600.0  # seconds for a command of POP3 to arrive whole (RFC 1939 §3: at least ten minutes)
IMAP_COMMAND = 1800.0  # the same of IMAP, also in IDLE (RFC 9051 §5.4: at least thirty minutes)
IMAP_SESSION = 86_400.0  # seconds for one connection of IMAP in all: a mail program looks on all day
THROWN_OCTETS = 1_048_576  # of one command line that is too long: all that is thrown away would be written down
FLOOR = 52_428_800  # octets of disk that no message takes
RECORD_FLOOR = 104_857_600  # octets of disk that the record leaves to the mail
DESCRIPTORS = 16_384  # open files and connections that a lab asks the system for
RESERVED = 64  # open files that no connection takes
FINISH = 10.0  # seconds for what has begun, when a server is closed
LINGER = 1.0  # seconds given to a client to hear the last word before the socket is gone


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server bears. Octets, counts and seconds; the defaults are what people meet at real servers."""

    message: int = 26_214_400  # octets of content: 25 MiB
    recipients: int = 1000  # per message; RFC 5321 §4.5.3.1.8 asks for at least 100
    messages: int = 1000  # per connection, then 421
    line: int = 998  # octets of one text line without CRLF (RFC 5322 §2.1.1)
    errors: int = 20  # refused commands per connection, then 421
    junk: int = 100  # NOOP, RSET, VRFY, HELP... since the last message, then 421
    bad_lines: int = 3  # lines that are no lines (too long, bare LF, controls), then 421
    auth_failures: int = 3  # wrong passwords per connection, then 421
    per_address: int = 50  # connections from one address at a time
    connections: int = 1000  # in all, per port
    per_user: int = 10  # of one person from one address at a time, per port of IMAP
    command: float = 300.0  # seconds for a command to arrive whole (RFC 5321 §4.5.3.2.7)
    block: float = 180.0  # seconds for the next block of content (RFC 5321 §4.5.3.2.5)
    handshake: float = 10.0  # seconds for TLS
    session: float = 3600.0  # seconds for one connection in all
    auth_floor: float = 0.1  # a refused login takes at least this long, whoever asked
