"""What IMAP tells of a message's parts: their kinds, parameters, encodings and sizes (RFC 9051 §7.5.2), as written.

A part that says nothing, or nothing that can be read, is a plain text (RFC 2045 §5.2), so that its reader sees it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from maillab.mail.decode import SEGMENT, octets_of, raw, without_comments, written_parameters
from maillab.protocols.imap.values import BodyPart, Disposition, ImapEnvelope, Multipart, Pairs, SinglePart
from maillab.recipient.structure.addresses import ADDRESSES
from maillab.recipient.structure.envelope import of_fields
from maillab.recipient.structure.header import FIELD_OCTETS, FieldValues, Headers
from maillab.recipient.structure.parts import LEAF, MESSAGE, MULTIPART, TEXT, Entity, is_media_type

PEOPLE = 10_000  # of all messages inside a message that are told, or a little more
PEOPLE_LOOKED_FOR = 1_048_576  # octets of the headers of those messages in which people are looked for

_TOKEN = re.compile(r"[^\s;,\"]+")
_US_ASCII = (b"charset", b"us-ascii")  # RFC 2045 §5.2
_NOT_EXTENDED = re.compile(r"[^!#$&+\-.0-9A-Z^_`a-z{|}~]")  # RFC 2231 §7: attribute-char


def body_structure_of(headers: Headers, root: Entity) -> BodyPart:
    """The structure of a message whose tree is `root`.

    >>> body_structure_of(Headers(b"\\r\\nhi"), Entity(TEXT, 0, 2, 4, 0)).octets
    2
    """
    return _Structure(headers).part(root, (b"text", b"plain"))


def encoding_of(fields: FieldValues) -> bytes:
    """The transfer encoding: a token, whatever its writer put around it (RFC 2045 §6.1); 7bit where there is none."""
    if b"content-transfer-encoding" not in fields:
        return b"7bit"
    token = _TOKEN.search(without_comments(_text(fields, b"content-transfer-encoding")))
    return octets_of(token[0]) if token else b"7bit"


def media_type(entity: Entity, named: str, default: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Type and subtype as they are told of a part whose Content-Type is `named`, "" for none."""
    kind, _, subtype = named.partition("/")
    if is_media_type(named) and not (kind.lower() == "multipart" and entity.kind == TEXT):
        return octets_of(kind), octets_of(subtype)
    if entity.kind == MESSAGE or (entity.kind == LEAF and not named):
        return default
    return b"text", b"plain"


@dataclass
class _Structure:
    """The message, and how many addresses may still be told, and octets looked through for them."""

    headers: Headers
    room: int = PEOPLE
    octets: int = PEOPLE_LOOKED_FOR

    def part(self, entity: Entity, default: tuple[bytes, bytes]) -> BodyPart:
        fields = self.headers.fields(entity.start, entity.body)
        said = self.headers.content_type(entity.start, entity.body)
        named = said.named
        kind, subtype = media_type(entity, named, default)
        parameters = joined(said.pairs)
        disposition, languages = _disposition(fields), _languages(fields)
        location = _octets(fields, b"content-location")
        if entity.kind == MULTIPART:
            inner = (b"message", b"rfc822") if subtype.lower() == b"digest" else (b"text", b"plain")
            parts = tuple(self.part(child, inner) for child in entity.children)
            return Multipart(parts, subtype, parameters, disposition, languages, location)
        if entity.kind == TEXT:
            if named.lower().startswith("multipart/") or not is_media_type(named):
                parameters = ()  # of something that it is not
            if not any(name.lower() in (b"charset", b"charset*") for name, _ in parameters):
                parameters = (*parameters, _US_ASCII)
        is_message = entity.kind == MESSAGE
        return SinglePart(
            kind=kind,
            subtype=subtype,
            parameters=parameters,
            content_id=_octets(fields, b"content-id"),
            description=_octets(fields, b"content-description"),
            encoding=encoding_of(fields),
            octets=entity.octets,
            lines=entity.lines if is_message or entity.kind == TEXT else None,
            envelope=self.envelope(entity.children[0]) if is_message else None,
            inner=self.part(entity.children[0], (b"text", b"plain")) if is_message else None,
            md5=_octets(fields, b"content-md5"),
            disposition=disposition,
            languages=languages,
            location=location,
        )

    def envelope(self, message: Entity) -> ImapEnvelope:
        """Of a message inside; its people are told while there is room."""
        self.octets -= message.body - message.start
        most = min(self.room, ADDRESSES) if self.octets > 0 else 0
        told = of_fields(self.headers.fields(message.start, message.body), most)
        self.room = max(0, self.room - sum(map(len, (told.senders, told.to, told.cc, told.bcc))))
        return told


def joined(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Parameters as they are written, but those that were split are whole again (RFC 2231 §9); they come last.

    >>> joined([("name*0*", "utf-8''%C4%91"), ("name*1", "a b"), ("charset", "x")])
    ((b'charset', b'x'), (b'name*', b"utf-8''%C4%91a%20b"))
    """
    whole: list[tuple[str, str]] = []
    split: dict[str, tuple[str, dict[int, tuple[bool, str]]]] = {}
    for name, text in pairs:
        segment = SEGMENT.match(name) if "*" in name else None
        if segment and segment[2] is not None:
            _, pieces = split.setdefault(segment[1].lower(), (segment[1], {}))
            pieces.setdefault(int(segment[2]), (bool(segment[3]), text))
        else:
            whole.append((name, text))
    whole += (_whole(name, pieces) for name, pieces in split.values())
    return tuple((octets_of(name), octets_of(text)) for name, text in whole)


def _whole(name: str, pieces: dict[int, tuple[bool, str]]) -> tuple[str, str]:
    """The pieces of one parameter in the order of their numbers, up to the first gap."""
    kept = []
    for at in range(len(pieces)):
        if at not in pieces:
            break
        kept.append(pieces[at])
    if not any(extended for extended, _ in kept):
        return name, "".join(text for _, text in kept)
    head = "" if kept[0][0] else "''"
    return f"{name}*", head + "".join(text if extended else _percent(text) for extended, text in kept)


def _percent(text: str) -> str:
    return _NOT_EXTENDED.sub(lambda found: "".join(f"%{octet:02X}" for octet in octets_of(found[0])), text)


def _text(fields: FieldValues, name: bytes) -> str:
    return raw(fields[name][0][:FIELD_OCTETS]) if name in fields else ""


def _octets(fields: FieldValues, name: bytes) -> bytes | None:
    return fields[name][0][:FIELD_OCTETS] or None if name in fields else None


def _disposition(fields: FieldValues) -> Disposition | None:
    if b"content-disposition" not in fields:
        return None
    kind, pairs = written_parameters(_text(fields, b"content-disposition"))
    return Disposition(octets_of(kind), joined(pairs)) if kind else None


def _languages(fields: FieldValues) -> tuple[bytes, ...]:
    """Language tags (RFC 3282 §2)."""
    if b"content-language" not in fields:
        return ()
    return tuple(map(octets_of, re.findall(r"[A-Za-z0-9-]+", without_comments(_text(fields, b"content-language")))))
