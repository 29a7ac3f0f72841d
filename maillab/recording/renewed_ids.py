"""A message said again is another message: its date, its id and its boundaries are made anew (RFC 5322 §3.6.4).

Rules for this file: octets in, octets out, dot-stuffing untouched; no clock and no dice of its own.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import islice

_FIELD = rb"(?im)\A((?:[^\r\n][^\n]*\n)*?)%s:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*"
_DATE = re.compile(_FIELD % b"Date")
_ID = re.compile(_FIELD % b"Message-ID")
_DOMAIN = re.compile(rb"<([^<>@\s]*)@([^<>@\s]+)>")
_BOUNDARY = re.compile(rb'(?i)boundary[ \t]*=[ \t]*"?([^"\s;]{8,70})"?')
_LEVELS = 20  # boundaries that are made anew; more than that is no message that a person wrote


def renewed(wire: bytes, *, now: float, unique: Callable[[int], str], whole: bool = True) -> bytes:
    """The message with a new Date, Message-ID and new boundaries. `unique` gives so many letters or digits, once.

    `whole` is False for the first of several pieces: its boundaries then stay, for they may be cut by the next one.
    A field that is not there is not added.

    >>> renewed(b"Message-ID: <old-id-1@a.test>\\r\\n\\r\\nHi\\r\\n", now=0, unique=lambda n: "x" * n)
    b'Message-ID: <xxxxxxxx@a.test>\\r\\n\\r\\nHi\\r\\n'
    """
    end = re.search(rb"\r?\n\r?\n", wire)
    cut = end.end() if end else len(wire)
    head, body = wire[:cut], wire[cut:]
    date = b"Date: " + format_datetime(datetime.fromtimestamp(now, UTC)).encode()
    head = _DATE.sub(lambda field: field[1] + date, head, count=1)
    head = _ID.sub(lambda field: field[1] + _new_id(field[0][len(field[1]) :], unique), head, count=1)
    return _new_boundaries(head + body, unique) if whole else head + body


def _new_id(field: bytes, unique: Callable[[int], str]) -> bytes:
    """The field with another id of the same domain, as long as the old one where that was long enough to be unique."""
    return _DOMAIN.sub(lambda id: b"<%s@%s>" % (unique(max(8, len(id[1]))).encode(), id[2]), field, count=1)


def _new_boundaries(wire: bytes, unique: Callable[[int], str]) -> bytes:
    for name in sorted({boundary[1] for boundary in islice(_BOUNDARY.finditer(wire), _LEVELS)}):
        word = re.escape(name)
        new = unique(len(name)).encode()
        wire = re.sub(rb"(?m)^--" + word + rb"(?=(?:--)?[ \t]*\r?$)", b"--" + new, wire)
        wire = re.sub(rb'(?i)(boundary[ \t]*=[ \t]*"?)' + word + rb'(?=["\s;]|\Z)', rb"\g<1>" + new, wire)
    return wire
