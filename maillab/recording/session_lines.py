"""One line of a session file: which keys it has, and how octets stand in it so that a person can read them.

Rules for this file: what is read is held against these shapes and nothing else; `SessionError` is all that comes out.
A secret has no shape: it is struck out here, whoever forgot to do it before. The line of an event follows from its
class in `events.py`; another kind of line is a class here and a part of `Note` in `session.py`. A line that changes
needs the next `VERSION` and a step in `migrations.py`.
"""

import base64
import json
import re
from collections.abc import Callable
from operator import attrgetter
from sys import intern
from typing import Annotated, Any, Union, get_args, get_type_hints

import msgspec
from msgspec import NODEFAULT, Meta, Struct, structs

from maillab import __version__
from maillab.events import Carried, Certificate, Entry, Event, Packet, Said, Secured, Side
from maillab.mail.content import Content
from maillab.protocols.dns.described import described
from maillab.views.safe import secret_slice

FORMAT = "maillab session"
VERSION = 3
SAID = 8_192  # lines of a session that are known again when they are said again
SHORT = 128  # octets of them: a reader that keeps nothing else must not keep long ones
FILLER = b"*"  # stands in the octets of an entry where its secret was; `Said.secret` tells that it does


class SessionError(ValueError):
    """This is no session, or a damaged one: one line, with the number of the line at fault where there is one."""


Seq = Annotated[int, Meta(ge=1, le=2**53)]
Number = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=1e12)]
WordList = Annotated[tuple[str, ...], Meta(max_length=100_000)]
Numbers = Annotated[tuple[Number, ...], Meta(max_length=100_000)]


class Octets(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Octets that are not UTF-8: one character for each octet where most can be read, base64 where not."""

    latin1: str = ""
    base64: str = ""


Text = Union[str, Octets]  # noqa: UP007 - msgspec reads it at run time


class HeaderLine(Struct, forbid_unknown_fields=True, frozen=True):
    """The first line."""

    format: str
    version: Annotated[int, Meta(ge=1, le=2**31)]
    maillab: str
    title: str
    started: Seconds
    lab: dict[str, Any]
    redacted: bool
    note: str


class SaidLine(Struct, tag="Said", tag_field="e", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A line that was said; `redacted` is where the secret stood in it, [from, to) in octets."""

    n: Seq
    t: Seconds
    talk: str
    side: Side
    line: Text
    secure: bool = False
    redacted: tuple[Number, Number] | None = None


class CarriedLine(Struct, tag="Carried", tag_field="e", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The first piece of a content; `more` when another line goes on with it."""

    n: Seq
    t: Seconds
    talk: str
    side: Side
    content: Text
    secure: bool = False
    more: bool = False


class PacketLine(Struct, tag="Packet", tag_field="e", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A message of DNS in base64; `text` describes it to who reads the file, and is not read back."""

    n: Seq
    t: Seconds
    talk: str
    side: Side
    octets: Annotated[bytes, Meta(max_length=65_535)]
    text: WordList


class CertificatePart(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What a server showed."""

    subject: str
    issuer: str
    names: WordList
    until: str
    by_lab: bool = False


_CERTIFICATE = attrgetter(*CertificatePart.__struct_fields__)


class SecuredLine(Struct, tag="Secured", tag_field="e", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """TLS began."""

    n: Seq
    t: Seconds
    talk: str
    version: str
    cipher: str = ""
    certificate: CertificatePart | None = None


class MoreLine(Struct, tag="more", tag_field="e", forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A further piece of the content of entry `n`."""

    n: Seq
    content: Text
    more: bool = False


class MarkLine(Struct, tag="mark", tag_field="e", forbid_unknown_fields=True, gc=False):
    """A moment that somebody named."""

    t: Seconds
    name: str


class ToldLine(Struct, tag="told", tag_field="e", forbid_unknown_fields=True, gc=False):
    """What a narrator said there, in both languages."""

    t: Seconds
    en: str
    vi: str


NoteLine = MarkLine | ToldLine

_FIELDS = {int: Number, tuple[str, ...]: WordList, tuple[int, ...]: Numbers}


_TO_LINE: dict[type, Callable[[Entry], Struct]] = {}
_TO_EVENT: dict[type, Callable[..., Event]] = {}


def _register(kind: type[Any]) -> None:
    """The line of an event whose fields are plain values: number, moment, then its own fields."""
    fields: list[Any] = [("n", Seq), ("t", Seconds)]
    hints = get_type_hints(kind)
    for field in structs.fields(kind):
        hint = _FIELDS.get(hints[field.name], hints[field.name])
        default = () if field.default is NODEFAULT else (field.default,)
        fields.append((field.name, hint, *default))
    options: dict[str, Any] = {"tag": kind.__name__, "tag_field": "e", "forbid_unknown_fields": True}
    shape: Any = msgspec.defstruct(f"{kind.__name__}Line", fields, omit_defaults=True, **options)
    values = attrgetter(*hints)  # no event has fewer than two fields
    _TO_LINE[kind] = lambda entry: shape(entry.seq, entry.at, *values(entry.event))
    _TO_EVENT[shape] = kind


for _kind in get_args(Event):
    if _kind not in (Said, Carried, Packet, Secured):
        _register(_kind)
_ANY_LINE: Any = Union[(SaidLine, CarriedLine, PacketLine, SecuredLine, MoreLine, MarkLine, ToldLine, *_TO_EVENT)]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_ANY_LINE).decode
_decode_header = msgspec.json.Decoder(HeaderLine).decode

# What could move a cursor, turn writing round or hide is escaped too, so that `cat` of a session is safe: DEL and the
# C1 controls, soft hyphen, bidirectional controls, zero-width signs, line separators, the byte order mark, tags.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


# ── octets as text ──────────────────────────────────────────────────────────────────────────────


def text_of(octets: bytes) -> Text:
    """Octets as they stand in a file: UTF-8 as it is, other octets so that nothing is lost.

    >>> text_of("Việt\\r\\n".encode())
    'Việt\\r\\n'
    >>> text_of(b"caf\\xe9")
    Octets(latin1='café', base64='')
    """
    try:
        return octets.decode()
    except UnicodeDecodeError:
        strange = len(octets.translate(None, _READABLE))
        if strange * 4 > len(octets):
            return Octets(base64=base64.b64encode(octets).decode())
        return Octets(latin1=octets.decode("latin-1"))


_READABLE = bytes([9, 10, 13, *range(32, 127)])


def octets_of(text: Text) -> bytes:
    """The octets again. Raises `SessionError`."""
    if isinstance(text, str):
        return text.encode()  # never a lone surrogate: msgspec has refused it
    if bool(text.latin1) == bool(text.base64):
        raise SessionError("octets stand as latin1 or as base64, one of them")
    try:
        if text.latin1:
            return text.latin1.encode("latin-1")
        return base64.b64decode(text.base64, validate=True)
    except ValueError as error:  # a character that is no octet, or no digit of base64
        raise SessionError("bytes that cannot be read") from error


# ── lines ───────────────────────────────────────────────────────────────────────────────────────


def encode(line: Struct) -> bytes:
    """One line of JSON, with its end."""
    try:
        octets = _encode(line)
    except UnicodeEncodeError:  # a lone surrogate in a name or a reason: a record goes on without it
        octets = _encode(_without_surrogates(msgspec.to_builtins(line)))
    if not octets.isascii() or b"\x7f" in octets:
        octets = _UNSEEN.sub(_escaped, octets.decode()).encode()
    return octets + b"\n"


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(inner) for key, inner in value.items()}
    return [_without_surrogates(inner) for inner in value] if isinstance(value, list | tuple) else value


def _escaped(sign: re.Match[str]) -> str:
    return json.dumps(sign[0])[1:-1] if sign[0] != "\x7f" else "\\u007f"


def decode(line: bytes) -> Any:
    """A line after the first as its shape. Raises `SessionError`."""
    return _strict(line, _decode)


def decode_header(line: bytes) -> HeaderLine:
    """The first line. Raises `SessionError` for what is not a session."""
    header: HeaderLine = _strict(line, _decode_header)
    if header.format != FORMAT:
        raise SessionError("not a maillab session")
    return header


def _strict(line: bytes, decoder: Callable[[bytes], Any]) -> Any:
    """Decode; a line that is not written as we write it is also looked through for keys that stand there twice."""
    try:
        value = decoder(line)
        if encode(value).rstrip(b"\n") != line.rstrip(b"\r\n"):
            json.loads(line, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise SessionError(_told(error)) from error
    return value


def _told(error: Exception) -> str:
    """What is wrong with a line, for whoever knows neither our shapes nor JSON's reader."""
    if isinstance(error, SessionError):
        return str(error)
    if not isinstance(error, msgspec.MsgspecError):
        return "text that cannot be read"
    text = str(error).replace("\n", " ")[:300]
    if missing := re.match(r"Object missing required field `(\w+)`", text):
        return f"the field {missing[1]} is missing"
    if unknown := re.match(r"Invalid (?:enum )?value '(.*)' - at `\$\.(.*)`\Z", text):
        return f"the field {unknown[2]} cannot be {unknown[1]}"
    if other := re.match(r"Expected .* - at `\$\.(.*)`\Z", text):
        return f"the field {other[1]} is of another kind"
    if not isinstance(error, msgspec.ValidationError):
        return "not a whole line of JSON"
    return "not a line of a session" if text.startswith("Expected `object`") else text


def _no_key_twice(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise SessionError("a key appears twice")


def line_of(entry: Entry) -> Struct:
    """The line of an entry that is not `Carried`; a secret is replaced by its length."""
    event = entry.event
    if isinstance(event, Packet):
        return PacketLine(entry.seq, entry.at, event.talk, event.side, event.octets, tuple(described(event.octets)))
    if isinstance(event, Secured):
        shown = event.certificate
        part = CertificatePart(*_CERTIFICATE(shown)) if shown is not None else None
        return SecuredLine(entry.seq, entry.at, event.talk, event.version, event.cipher, part)
    if not isinstance(event, Said):
        return _TO_LINE[type(event)](entry)
    start, end = secret_slice(event.line, event.secret)
    line = event.line[:start] + marker(end - start) + event.line[end:] if end else event.line
    secret = (start, end) if end else None
    return SaidLine(entry.seq, entry.at, event.talk, event.side, text_of(line), event.secure, secret)


def marker(length: int) -> bytes:
    """What stands in a file in place of a secret of so many octets.

    >>> marker(12).decode()
    '‹redacted 12›'
    """
    return f"‹redacted {length}›".encode()


def entry_of(line: Any, said: dict[bytes, bytes] | None = None) -> Entry:
    """The entry of a line. A secret's place holds as many `*`, and `secret` points at them. Raises `SessionError`.

    `said` keeps short lines that were read before, of the same session: what is said again and again is kept once.
    """
    match line:
        case SaidLine():
            octets, secret = octets_of(line.line), (0, 0)
            if said is not None and len(octets) <= SHORT:
                octets = said.setdefault(octets, octets) if len(said) < SAID else said.get(octets, octets)
            if line.redacted is not None:
                octets, secret = _unmarked(octets, *line.redacted), line.redacted
            return Entry(line.n, line.t, Said(intern(line.talk), line.side, octets, line.secure, secret))
        case CarriedLine():
            content = Content(octets_of(line.content))
            return Entry(line.n, line.t, Carried(line.talk, line.side, content, line.secure))
        case PacketLine():
            return Entry(line.n, line.t, Packet(intern(line.talk), line.side, line.octets))
        case SecuredLine():
            part = line.certificate
            shown = Certificate(*msgspec.structs.astuple(part)) if part is not None else None
            return Entry(line.n, line.t, Secured(line.talk, line.version, line.cipher, shown))
        case _:
            return Entry(line.n, line.t, _TO_EVENT[type(line)](*msgspec.structs.astuple(line)[2:]))


def _unmarked(octets: bytes, start: int, end: int) -> bytes:
    sign = marker(end - start)
    if start >= end or end > 2**20 or octets[start : start + len(sign)] != sign:
        raise SessionError("the mark of something redacted does not stand where it should")
    return octets[:start] + FILLER * (end - start) + octets[start + len(sign) :]


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line: the header, or one of the others."""
    (head, body), components = msgspec.json.schema_components([HeaderLine, _ANY_LINE], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"a line of a {FORMAT}, version {VERSION} (maillab {__version__})",
        "description": "JSON lines: the header first, then entries, marks and narration; # begins a comment.",
        "oneOf": [head, body],
        "$defs": components,
    }
