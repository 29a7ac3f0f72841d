"""What IMAP tells of a message, worked out once, when it is stored: one blob of octets for the index.

ENVELOPE, BODY and BODYSTRUCTURE are in it as they go over the wire. Whoever changes what is worked out raises VERSION:
blobs of another version are made anew.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from maillab.mail.content import Content
from maillab.mail.dates import written
from maillab.mail.decode import raw
from maillab.protocols.imap import responses
from maillab.protocols.imap.values import ImapAddress
from maillab.recipient.structure.addresses import addresses
from maillab.recipient.structure.bodystructure import body_structure_of
from maillab.recipient.structure.envelope import of_fields
from maillab.recipient.structure.header import SEARCHED, FieldValues, Headers, end_of_header
from maillab.recipient.structure.parts import Entity, PartRows, of_rows, rows_of, tree
from maillab.recipient.structure.preview import preview
from maillab.recipient.structure.topic import base_subject
from maillab.recipient.structure.words import (
    body_text,
    charset_of,
    field_text,
    folded,
    headers_text,
    packed_fields,
    packed_words,
    words_of_plain,
)
from maillab.recipient.summaries import Made

VERSION = 5
REFERENCES = 200  # message ids that are kept, the last of them

T = TypeVar("T")

_PEOPLE = {b"from", b"to", b"cc", b"bcc"}  # RFC 9051 §6.4.4: it is their addresses that are searched
_ID = re.compile(rb"<[^<> \t]{1,998}>")
_WHOLE, _HEADING = bytes([VERSION]), bytes([VERSION | 0x80])  # what a blob begins with
MARK = bytes([VERSION])
"""What fields begin with that are searched."""
_NOTHING = msgspec.Raw(b"\xc0")


class _Fields(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of an outline: what is looked at where thousands of messages are searched."""

    fields: dict[str, str]


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a message without its octets.

    `first_from`, `first_to`, `first_cc`: what SORT looks at (RFC 5256 §3). `sent` is in seconds since 1970, `day` that
    of its writer. `references` are the message ids that it answers, the nearest last. What few ask for stays packed:
    `packed_fields` and `packed_parts`, to be had as `searched` and `tree`. A heading has what is before `body`.
    """

    packed_fields: msgspec.Raw
    envelope: bytes
    first_from: str
    first_to: str
    first_cc: str
    sent: float | None
    day: str
    topic: str
    is_answer: bool
    message_id: str
    references: tuple[str, ...]
    body: bytes = b""
    structure: bytes = b""
    packed_parts: msgspec.Raw = _NOTHING
    preview: str = ""

    @property
    def tree(self) -> Entity:
        """The parts of the message. Raises `ValueError` for a blob that was damaged."""
        return of_rows(_decoded(_rows_decoder, self.packed_parts))

    @property
    def searched(self) -> dict[str, str]:
        """The decoded values of its fields in SEARCHED, by their names in capitals; those of one name a line each.

        Raises `ValueError` for a blob that was damaged.
        """
        return _decoded(_searched_decoder, self.packed_fields)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Outline)
_rows_decoder = msgspec.msgpack.Decoder(PartRows)
_searched_decoder = msgspec.msgpack.Decoder(dict[str, str])
_fields_decoder = msgspec.msgpack.Decoder(_Fields)


def summarise(content: Content) -> bytes:
    """The blob of a message. Raises nothing but `OSError`, when its file is gone."""
    headers = Headers(content.whole())
    return _WHOLE + _encoder.encode(outline(headers, tree(headers)))


def make_heading(content: Content) -> Made:
    """A blob with as much as the header says, if that is ASCII: else a part of the message may say in which character
    set it is written, and all of it is worked out. Raises as `summarise`.
    """
    octets = content.start if content.path is None else content.head()
    body = end_of_header(octets, 0, len(octets))
    if not octets[:body].isascii():
        known = unpack(summarise(content))
        return Made(_HEADING + _encoder.encode(known), _fields(known.searched))
    fields = Headers(octets).fields(0, body)
    searched = _searched(fields, "")
    return Made(_HEADING + _encoder.encode(_of_header(fields, searched)), _fields(searched))


def work_out(content: Content) -> Made:
    """All that is known of a message. Raises as `summarise`."""
    headers = Headers(content.whole())
    root = tree(headers)
    known = outline(headers, root)
    words = _plain_words(content)
    if words is None:
        words = packed_words(*searchable(headers, root))
    return Made(_WHOLE + _encoder.encode(known), _fields(known.searched), words)


def make_words(content: Content) -> Made:
    """The words alone, as they are kept. Raises as `summarise`."""
    words = _plain_words(content)
    return Made(words=words_of(content) if words is None else words)


def words_of(content: Content) -> bytes:
    """All words of a message, packed. Raises as `summarise`."""
    headers = Headers(content.whole())
    return packed_words(*searchable(headers, tree(headers)))


def _plain_words(content: Content) -> bytes | None:
    return words_of_plain(content.start) if content.path is None else None


def _fields(searched: Mapping[str, str]) -> bytes:
    return MARK + packed_fields(searched.values())


def fresh(blob: bytes) -> bool:
    """Was it made by this version, and is all in it?"""
    return blob.startswith(_WHOLE)


def has_heading(blob: bytes) -> bool:
    """Was it made by this version?"""
    return blob.startswith((_WHOLE, _HEADING))


def unpack(blob: bytes) -> Outline:
    """What is in a blob. Raises `ValueError` for one that is not of this version, or damaged.

    >>> unpack(summarise(Content(b"Subject: hi\\r\\n\\r\\nHello\\r\\n"))).preview
    'Hello'
    """
    return _decoded(_decoder, _of_this_version(blob))


def _of_this_version(blob: bytes) -> memoryview:
    if not has_heading(blob):
        raise ValueError("a summary of another version")
    return memoryview(blob)[1:]


def outline_of(blob: bytes, content: Callable[[], Content]) -> Outline:
    """What is in a blob, or where that cannot be read, in the message. Raises `OSError` where that is not there."""
    try:
        return unpack(blob)
    except ValueError:
        return unpack(summarise(content()))


def fields_of(blob: bytes, content: Callable[[], Content]) -> dict[str, str]:
    """What `Outline.searched` gives, and nothing else. Raises as `outline_of`."""
    try:
        return _decoded(_fields_decoder, _of_this_version(blob)).fields
    except ValueError:
        return unpack(summarise(content())).searched


def _decoded(decoder: msgspec.msgpack.Decoder[T], packed: msgspec.Raw | memoryview) -> T:
    try:
        return decoder.decode(packed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(f"a summary that cannot be read: {error}") from None


def outline(headers: Headers, root: Entity) -> Outline:
    """What is known of the message whose tree is `root`."""
    structure = body_structure_of(headers, root)
    fields = headers.fields(root.start, root.body)
    return msgspec.structs.replace(
        _of_header(fields, _searched(fields, charset_of(headers, root))),
        body=responses.body_structure(structure, extended=False),
        structure=responses.body_structure(structure),
        packed_parts=msgspec.Raw(_encoder.encode(rows_of(root))),
        preview=_clean(preview(headers, root)),
    )


def _searched(fields: FieldValues, charset: str) -> dict[str, str]:
    """What `Outline.searched` gives; `charset` is that of octets that say no other."""
    texts = {
        name: "\n".join(field_text(value, charset) for value in found)
        for name, found in fields.items()
        if name in SEARCHED
    }
    for name in _PEOPLE & texts.keys():
        if "(" in texts[name]:
            texts[name] += _without_comments(fields[name], texts[name])
    return {name.decode("ascii").upper(): _clean(text) for name, text in texts.items()}


def _without_comments(values: Sequence[bytes], text: str) -> str:
    """The addresses that do not stand in the text, a line each: a comment may stand amid one (RFC 5322 §3.4.1)."""
    known = (f"{raw(one.mailbox)}@{raw(one.host)}" for one in addresses(values) if one.mailbox and one.host)
    return "".join(f"\n{address}" for address in known if address not in text)


def _of_header(fields: FieldValues, searched: dict[str, str]) -> Outline:
    """As much of it as these fields say."""
    envelope = of_fields(fields)
    topic, is_answer = base_subject(searched.get("SUBJECT", "").partition("\n")[0])
    sent, day = written(raw(envelope.date or b""))
    return Outline(
        packed_fields=msgspec.Raw(_encoder.encode(searched)),
        envelope=responses.envelope(envelope),
        first_from=_clean(_first(envelope.senders)),
        first_to=_clean(_first(envelope.to)),
        first_cc=_clean(_first(envelope.cc)),
        sent=sent,
        day=day,
        topic=topic,
        is_answer=is_answer,
        message_id=next(iter(_ids(fields.get(b"message-id", ())[:1])), ""),
        references=_ids(fields.get(b"references", ())) or _ids(fields.get(b"in-reply-to", ())[:1])[:1],
    )


def searchable(headers: Headers, root: Entity) -> tuple[str, str]:
    """The words of all headers and those of the body, folded: TEXT looks through both, BODY through the second."""
    header = headers_text(headers, root, charset_of(headers, root))
    return folded(_clean(header)), folded(_clean(body_text(headers, root)))


def _first(people: tuple[ImapAddress, ...]) -> str:
    """The mailbox of the first address (RFC 5256 §3); of a group, its name."""
    return raw(people[0].mailbox or b"") if people else ""


def _ids(fields: Sequence[bytes]) -> tuple[str, ...]:
    found = [one.decode("ascii", "replace") for value in fields for one in _ID.findall(value)]
    return tuple(found[-REFERENCES:])


def _clean(text: str) -> str:
    """Half characters cannot be kept."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
