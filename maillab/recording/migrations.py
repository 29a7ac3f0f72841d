"""How lines of older session files become lines of the present format.

Rules for this file: a line goes in and a line comes out; one that cannot be understood comes out as it is, and whoever
decodes it says what is wrong. A session of any version loads for ever.
"""

from collections.abc import Callable
from typing import Any

import msgspec


def from_version_1(line: bytes) -> bytes:
    r"""Version 2 says `message` where version 1 said `letter`, knows rules where version 1 knew faults, and tells which
    lookups went over UDP: of version 1, all.

    >>> from_version_1(b'{"e":"Queued","n":2,"t":0,"job":"L1.1","letter":"L1","domain":"b.test","recipients":[]}\n')
    b'{"e":"Queued","n":2,"t":0,"job":"L1.1","message":"L1","domain":"b.test","recipients":[]}\n'
    """
    if not any(word in line for word in (b'"letter"', b'"FaultPlayed"', b'"dns"')):
        return line
    try:
        fields: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line
    match fields:
        case {"e": "Submitted" | "Queued" | "Bounced", "letter": _} if "message" not in fields:
            fields = {("message" if name == "letter" else name): value for name, value in fields.items()}
        case {"e": "FaultPlayed", "fault": _}:
            fields = _rule_played(fields)
        case {"e": "Opened", "service": "dns"} if "transport" not in fields:
            fields = {**fields, "transport": "udp"}
        case _:
            return line
    return msgspec.json.encode(fields) + b"\n"


def _rule_played(fields: dict[str, Any]) -> dict[str, Any]:
    """A fault of version 1 had no rule, only an effect."""
    renamed: dict[str, Any] = {}
    for name, value in fields.items():
        renamed |= {"rule": "", "effect": value} if name == "fault" else {name: value}
    return renamed | {"e": "RulePlayed"}


def lab_of_version_1(lab: dict[str, Any]) -> dict[str, Any]:
    """The configuration in a header of version 1, whose limit of a message's octets was called `letter`.

    >>> lab_of_version_1({"limits": {"letter": 1000}})
    {'limits': {'message': 1000}}
    """
    limits = lab.get("limits")
    if not isinstance(limits, dict) or "letter" not in limits:
        return lab
    return lab | {"limits": {("message" if name == "letter" else name): value for name, value in limits.items()}}


def from_version_2(line: bytes) -> bytes:
    r"""Version 3 tells the cipher and the certificate of a handshake, where they are known: of version 2, of none.

    >>> from_version_2(b'{"e":"Secured","n":2,"t":0,"talk":"submit-1","version":"TLSv1.3"}\n')
    b'{"e":"Secured","n":2,"t":0,"talk":"submit-1","version":"TLSv1.3"}\n'
    """
    return line


MIGRATIONS: dict[int, Callable[[bytes], bytes]] = {1: from_version_1, 2: from_version_2}
"""By version: what makes of one of its lines a line of the next version."""
