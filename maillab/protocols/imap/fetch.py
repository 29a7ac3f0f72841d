"""What FETCH asks of a message (RFC 9051 §6.4.5): attributes, and sections of its octets, BODY[1.2.HEADER]<0.512>.

Rules for this file: an item knows by which words it is told (`label`), so that an answer says what was asked.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from maillab.protocols.imap.lexer import NUMBER64, BadSyntax, Cursor
from maillab.protocols.imap.responses import astring

PATH = 500  # numbers that a section may have; nothing is nested so deeply


class FetchAttribute(StrEnum):
    """What is known of a message without its octets, or told of them as a whole.

    EMAILID and THREADID: RFC 8474. SAVEDATE: RFC 8514. MODSEQ: RFC 7162. PREVIEW: RFC 8970.
    """

    UID = "UID"
    FLAGS = "FLAGS"
    INTERNALDATE = "INTERNALDATE"
    SIZE = "RFC822.SIZE"
    ENVELOPE = "ENVELOPE"
    BODY = "BODY"
    BODYSTRUCTURE = "BODYSTRUCTURE"
    MODSEQ = "MODSEQ"
    EMAILID = "EMAILID"
    THREADID = "THREADID"
    SAVEDATE = "SAVEDATE"
    PREVIEW = "PREVIEW"
    PREVIEW_LAZY = "PREVIEW (LAZY)"  # only if it is at hand (RFC 8970 §3.2)

    @property
    def label(self) -> bytes:
        """The word by which it is told."""
        return self.value.partition(" ")[0].encode("ascii")


class SectionForm(StrEnum):
    """What of a message, or of a part of it, a section is."""

    WHOLE = ""
    HEADER = "HEADER"
    FIELDS = "HEADER.FIELDS"
    FIELDS_NOT = "HEADER.FIELDS.NOT"
    TEXT = "TEXT"
    MIME = "MIME"


class SectionKind(StrEnum):
    """As it stands in the message, or with its transfer encoding undone (RFC 3516)."""

    BODY = "BODY"
    BINARY = "BINARY"
    BINARY_SIZE = "BINARY.SIZE"


@dataclass(frozen=True, slots=True)
class BodySection:
    """A section of a message. `path` are the numbers of its part, () for the message itself.

    `fields` are the names of header fields as they were said. `partial` is where it begins, and how many octets.
    `peek`: whoever reads it has not seen the message. `alias` is one of the words of RFC 3501 for the same.
    """

    path: tuple[int, ...] = ()
    form: SectionForm = SectionForm.WHOLE
    fields: tuple[bytes, ...] = ()
    partial: tuple[int, int] | None = None
    peek: bool = False
    kind: SectionKind = SectionKind.BODY
    alias: str = ""

    @property
    def label(self) -> bytes:
        """The words by which it is told (RFC 9051 §7.5.2): without PEEK, without the length of a partial.

        >>> BodySection((1, 2), SectionForm.FIELDS, (b"To", b"Date"), (0, 99), peek=True).label
        b'BODY[1.2.HEADER.FIELDS (To Date)]<0>'
        """
        if self.alias:
            return self.alias.encode("ascii")
        where = ".".join([*map(str, self.path), *([self.form.value] if self.form.value else [])])
        fields = b" (" + b" ".join(map(astring, self.fields)) + b")" if self.fields else b""
        origin = f"<{self.partial[0]}>" if self.partial else ""
        return f"{self.kind.value}[{where}".encode("ascii") + fields + f"]{origin}".encode("ascii")


FetchItem: TypeAlias = FetchAttribute | BodySection

_FAST = (FetchAttribute.FLAGS, FetchAttribute.INTERNALDATE, FetchAttribute.SIZE)
_MACROS: dict[str, tuple[FetchItem, ...]] = {  # RFC 9051 §6.4.5
    "FAST": _FAST,
    "ALL": (*_FAST, FetchAttribute.ENVELOPE),
    "FULL": (*_FAST, FetchAttribute.ENVELOPE, FetchAttribute.BODY),
}
_ALIASES: dict[str, FetchItem] = {  # RFC 3501 §6.4.5
    "RFC822": BodySection(alias="RFC822"),
    "RFC822.HEADER": BodySection(form=SectionForm.HEADER, peek=True, alias="RFC822.HEADER"),
    "RFC822.TEXT": BodySection(form=SectionForm.TEXT, alias="RFC822.TEXT"),
}
_ATTRIBUTES: dict[str, FetchItem] = {**{one.value: one for one in FetchAttribute}, **_ALIASES}
_FORMS = {form.value: form for form in SectionForm if form.value}
_SECTIONS = {
    "BODY": (SectionKind.BODY, False),
    "BODY.PEEK": (SectionKind.BODY, True),
    "BINARY": (SectionKind.BINARY, False),
    "BINARY.PEEK": (SectionKind.BINARY, True),
    "BINARY.SIZE": (SectionKind.BINARY_SIZE, True),
}


def parse_items(cursor: Cursor) -> tuple[FetchItem, ...]:
    """Read a macro, one item, or several in parentheses; each is told once. Raises `BadSyntax`."""
    if not cursor.take(b"("):
        name = cursor.expect_name()
        return _MACROS.get(name) or (_item(cursor, name),)
    items: dict[FetchItem, None] = {}
    while True:
        items[_item(cursor, cursor.expect_name())] = None
        if cursor.take(b")"):
            return tuple(items)
        cursor.expect_space()


def _item(cursor: Cursor, name: str) -> FetchItem:
    if name in _SECTIONS and cursor.take(b"["):
        return _section(cursor, *_SECTIONS[name])
    if name == FetchAttribute.PREVIEW:
        before = cursor.at
        if cursor.take(b" (") and cursor.word("LAZY"):  # RFC 8970 §3.1
            cursor.expect(b")")
            return FetchAttribute.PREVIEW_LAZY
        cursor.at = before  # a modifier of FETCH itself may stand there (RFC 7162 §3.1.4.1)
    if (item := _ATTRIBUTES.get(name)) is None:
        raise BadSyntax("There is no such item to fetch")
    return item


def _section(cursor: Cursor, kind: SectionKind, peek: bool) -> BodySection:
    path: list[int] = []
    form = SectionForm.WHOLE
    fields: tuple[bytes, ...] = ()
    while (number := cursor.number()) is not None:
        if number == 0 or len(path) == PATH:
            raise BadSyntax("There is no such section")
        path.append(number)
        if not cursor.take(b"."):
            break
    else:
        if path or not cursor.peek(b"]"):
            form = _form(cursor, kind, path)
    if form in (SectionForm.FIELDS, SectionForm.FIELDS_NOT):
        cursor.expect_space()
        fields = _fields(cursor)
    cursor.expect(b"]")
    partial = _partial(cursor) if kind is not SectionKind.BINARY_SIZE and cursor.take(b"<") else None
    return BodySection(tuple(path), form, fields, partial, peek, kind)


def _form(cursor: Cursor, kind: SectionKind, path: list[int]) -> SectionForm:
    form = _FORMS.get(cursor.name() or "")
    if form is None or kind is not SectionKind.BODY:
        raise BadSyntax("There is no such section")
    if form is SectionForm.MIME and not path:  # RFC 9051 §6.4.5.1: of a part only
        raise BadSyntax("MIME is said of a part")
    return form


def _fields(cursor: Cursor) -> tuple[bytes, ...]:
    cursor.expect(b"(")
    fields: list[bytes] = []  # also one that is named twice: the answer says what was asked
    while True:
        fields.append(cursor.expect_astring())
        if cursor.take(b")"):
            return tuple(fields)
        cursor.expect_space()


def _partial(cursor: Cursor) -> tuple[int, int]:
    first = cursor.expect_number(NUMBER64)
    cursor.expect(b".")
    octets = cursor.expect_nz_number(NUMBER64)
    cursor.expect(b">")
    return first, octets
