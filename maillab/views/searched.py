"""What is searched: an entry as text, and the message that it carries as fields and words, decoded.

Rules for this file: a secret is never part of it, so that no search can guess one. Every message has a budget, and
nothing is raised whatever it holds. It reads for a searcher: who needs the exact message reads its octets.
"""

import binascii
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import get_args

from msgspec import structs

from maillab.events import Carried, Event, Packet, Said
from maillab.mail.content import Content
from maillab.mail.normal import normal
from maillab.mail.transfer import unpacked
from maillab.protocols.dns.described import described, header
from maillab.protocols.services import SERVICES

LOOKED_AT = 1_048_576  # octets of a message
FIELDS = 1_000
FIELD = 4_096  # characters of a header field
LINE = 4_096  # octets of a line that was said

KINDS: dict[str, type] = {kind.__name__.lower(): kind for kind in get_args(Event)}

_NAMES = {
    kind: tuple(field.name for field in structs.fields(kind) if field.name not in ("talk", "secret", "secure"))
    for kind in KINDS.values()
}
_WORD = re.compile(r"=\?([\w-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?([^?\s]{0,1000})\?=", re.ASCII)
_BETWEEN = re.compile(r"(\?=)[ \t]{1,10}(?==\?)")
_CODED = re.compile(rb"(?im)^content-transfer-encoding:[ \t]{0,20}(base64|quoted-printable)")
_CHARSETS = {"utf-8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1", "windows-1252": "cp1252"}


def fold(text: str) -> str:
    """The form in which texts are compared: small letters, NFC.

    >>> fold("Chào") == fold("CHA\\u0300O")
    True
    """
    return text.lower() if text.isascii() else normal("NFC", text).lower()


def spoken(said: Said) -> bytes:
    """A line as it may be shown: without its end, its secret one star, cut at 4,096 octets.

    >>> from maillab.events import Side
    >>> spoken(Said("retrieve-1", Side.CLIENT, b"PASS alice\\r\\n", False, (5, 10)))
    b'PASS *'
    """
    line = said.line
    start, end = said.secret
    if end > start >= 0:
        line = line[:start] + b"*" + line[end:]
    return line[:LINE].rstrip(b"\r\n")


def text_of(event: Event) -> str:
    """All that an event says, in one line; of a message its raw octets.

    >>> from maillab.events import Deferred
    >>> text_of(Deferred("L1.1", ("bob@recipient.test",), "451 later", 300))
    'deferred L1.1 bob@recipient.test 451 later 300'
    """
    if isinstance(event, Said):
        return spoken(event).decode("utf-8", "replace")
    if isinstance(event, Carried):
        return raw(event.content).decode("utf-8", "replace")
    if isinstance(event, Packet):
        return " ".join([*described(event.octets), header(event.octets)])
    words = [type(event).__name__.lower()]
    for name in _NAMES[type(event)]:
        value = getattr(event, name)
        words += map(str, value) if isinstance(value, tuple) else [str(value)]
    return " ".join(words)


def raw(content: Content) -> bytes:
    """The first mebibyte of a message; what its file no longer holds is left out."""
    if len(content.start) >= LOOKED_AT or content.path is None:
        return content.start[:LOOKED_AT]
    octets = bytearray()
    try:
        for block in content.blocks():
            octets += block
            if len(octets) >= LOOKED_AT:
                break
    except OSError:  # the file of a large message does not outlive the lab
        pass
    return bytes(octets[:LOOKED_AT])


@dataclass(frozen=True, slots=True)
class SearchedMessage:
    """A message for searching: each field as "Name: value" in one line, and the lines of its texts; all folded."""

    fields: tuple[str, ...]
    lines: tuple[str, ...]

    def values(self, *names: str) -> list[str]:
        """The values of the fields of these names (small letters)."""
        parts = (field.partition(":") for field in self.fields)
        return [value.strip() for name, _, value in parts if name.rstrip() in names]


@lru_cache(maxsize=16)
def opened(content: Content) -> SearchedMessage:
    """Open a message: encoded words are read (RFC 2047), base64 and quoted-printable too (RFC 2045 §6).

    >>> opened(Content(b"Subject: =?utf-8?b?Q2jDoG8=?=\\r\\n\\r\\nHello\\r\\n"))
    SearchedMessage(fields=('subject: chào',), lines=('hello',))
    """
    octets = raw(content).replace(b"\r\n", b"\n")
    head, _, body = (b"\n" + octets).partition(b"\n\n")
    unfolded = re.sub(rb"\n(?=[ \t])", b"", head).split(b"\n")
    fields = [fold(_words(field[:FIELD].decode("utf-8", "replace"))) for field in unfolded[: FIELDS + 1] if field]
    text = "\n".join([body.decode("utf-8", "replace"), *_decoded(head + b"\n\n" + body)])
    return SearchedMessage(tuple(fields), tuple(line for line in fold(text).split("\n") if line))


def _words(value: str) -> str:
    """A field with its encoded words decoded, where their alphabet is a common one."""
    if "=?" not in value:
        return value
    return _WORD.sub(lambda word: _word(word) or word[0], _BETWEEN.sub(r"\1", value))


def _word(word: re.Match[str]) -> str:
    charset = _CHARSETS.get(word[1].lower())
    if charset is None:
        return ""
    coded = word[3].encode("ascii", "ignore")
    octets = binascii.a2b_qp(coded, header=True) if word[2] in "qQ" else _base64(coded)
    return re.sub(r"[\r\n]", " ", octets.decode(charset, "replace"))


def _base64(coded: bytes) -> bytes:
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", coded)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _decoded(octets: bytes) -> list[str]:
    """The parts that are coded: from the empty line after the field that says so to the next boundary."""
    texts = []
    for field in islice(_CODED.finditer(octets), 100):
        start = octets.find(b"\n\n", field.end()) + 2
        end = octets.find(b"\n--", start)
        part = octets[start : end if end >= 0 else len(octets)] if start > 1 else b""
        plain = _base64(part) if field[1].lower() == b"base64" else unpacked(part, "quoted-printable").octets
        texts.append(plain.decode("utf-8", "replace"))
    return texts


def verb(typed: str) -> re.Pattern[str] | None:
    """A command in capitals, as a word of its own; `None` for whatever else was typed.

    >>> bool(verb("RCPT").search("250-LIMITS RCPTMAX=1000")), bool(verb("RCPT").search("RCPT TO:<bob@b.test>"))
    (False, True)
    >>> verb("rcpt"), verb("RCP")
    (None, None)
    """
    is_one = typed.isupper() and any(typed in service.protocol.verbs for service in SERVICES.values())
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(typed)}(?![A-Za-z0-9])", re.IGNORECASE) if is_one else None
