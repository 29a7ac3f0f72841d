"""How a line or an event should strike the eye: fine, not now, never.

Rules for this file: it judges what was said, not who said it, and gives a value;
signs and colours are others' business.
"""

import re
from enum import StrEnum
from typing import assert_never

from maillab.events import (
    Attempted,
    Authenticated,
    Bounced,
    DecidedEvent,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    FaultPlayed,
    Queued,
    Read,
    Removed,
    Routed,
    Stumbled,
    Submitted,
    Tolerated,
    Warned,
)

_SMTP = re.compile(rb"([45])[0-9][0-9](?=[ \r\n-]|\Z)")
_DNS = re.compile(rb"(?:^|[\s;:(])(?:(NXDOMAIN)|SERVFAIL|REFUSED|FORMERR|NOTIMP)(?=[\s;:,.)]|\Z)")


class Verdict(StrEnum):
    """`warn` for not now and for what is odd, `error` for never."""

    OK = "ok"
    WARN = "warn"
    ERROR = "error"


def of_answer(protocol: str, line: bytes) -> Verdict:
    """Is this line of a server a refusal, and for how long?

    >>> of_answer("smtp", b"450 4.2.0 greylisted\\r\\n"), of_answer("pop3", b"-ERR no such message\\r\\n")
    (<Verdict.WARN: 'warn'>, <Verdict.ERROR: 'error'>)
    """
    if protocol == "smtp" and (code := _SMTP.match(line)):
        return Verdict.WARN if code[1] == b"4" else Verdict.ERROR  # RFC 5321 §4.2.1
    if protocol == "pop3" and line[:4].upper() == b"-ERR":
        return Verdict.ERROR
    if protocol == "dns" and (name := _DNS.search(line)):
        return Verdict.ERROR if name[1] else Verdict.WARN  # RFC 8020: a name that does not exist is final
    return Verdict.OK


def of_decision(event: DecidedEvent) -> Verdict:
    """Did a machine decide something that a person should look at?"""
    match event:
        case Attempted(_, _, code):
            if 200 <= code < 400:
                return Verdict.OK
            return Verdict.ERROR if 500 <= code < 600 else Verdict.WARN  # silence is not a refusal
        case Bounced(_, _, kind, _):
            return {"failed": Verdict.ERROR, "delayed": Verdict.WARN}.get(kind, Verdict.OK)
        case Failed() | Stumbled():
            return Verdict.ERROR
        case Deferred() | Dropped() | Tolerated() | FaultPlayed() | Warned():
            return Verdict.WARN
        case Authenticated() | Submitted() | Queued() | Routed() | Delivered() | Read() | Removed():
            return Verdict.OK
        case _:
            assert_never(event)
