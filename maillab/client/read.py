"""Opening a received letter: header, text, attachments. A view with a budget; the octets stay what they are.

Rules for this file: it never raises, whatever it is given, and it never descends without end. What it could not
understand it says in `notes`.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from maillab.client.decode import (
    FIELD_OCTETS,
    PEOPLE_OCTETS,
    one_line,
    parameters,
    people,
    safe_name,
    text_of,
    unbase64,
    words,
)
from maillab.client.fields import Mailbox
from maillab.client.markup import words_of

HEAD_OCTETS = 262_144  # of a header section; what follows is cut for reading
FIELDS = 1_000  # header fields that are read
PARTS = 1_000  # MIME parts, all counted
DEPTH = 100  # multiparts inside multiparts
TEXT_OCTETS = 4_194_304  # of all text parts together that are decoded for the eye

_FIELD = re.compile(rb"([!-9;-~]{1,998})[ \t]*:")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Attached:
    """A part that is a file. `name` is safe to propose; `names` are those that the letter gives, in their order."""

    name: str
    names: tuple[str, ...]
    type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One entity of MIME in the tree of a letter: the letter itself has depth 0. `start` and `end` are its body's."""

    depth: int
    type: str
    encoding: str  # of transfer, "" where none is said
    charset: str
    name: str  # of a file, "" for none
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Readable:
    """A letter as a person reads it. `fields` are the raw values, unfolded; `text` has lines ended by LF."""

    fields: tuple[tuple[str, bytes], ...]
    text: str
    html: str
    attachments: tuple[Attached, ...]
    notes: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Every field decoded to one line each, in order."""
        return tuple((name, _shown(value)) for name, value in self.fields)

    def header(self, name: str) -> str:
        """The first field of this name, decoded; "" where there is none."""
        return next((_shown(value) for key, value in self.fields if key.lower() == name.lower()), "")

    def people(self, name: str) -> tuple[Mailbox, ...]:
        """Everybody in the fields of this name."""
        found = [people(_raw(value)) for key, value in self.fields if key.lower() == name.lower()]
        return tuple(person for persons in found[:10] for person in persons)


def read(octets: bytes) -> Readable:
    """Open a letter.

    >>> read(b"Subject: =?utf-8?q?Ch=C3=A0o?=\\r\\n\\r\\nHello\\r\\n").header("subject")
    'Chào'
    """
    opened = _Opened(octets)
    fields = opened.part(0, len(octets), 0)
    text = "\n".join(opened.texts)
    markup = "\n".join(opened.markups)
    if not opened.texts and markup:
        text = words_of(markup)
    return Readable(fields, text, markup, tuple(opened.attachments), tuple(opened.notes), tuple(opened.tree))


@dataclass
class _Opened:
    """What was found so far. Parts are pieces of one buffer, by their offsets: nothing is copied on the way down."""

    octets: bytes
    texts: list[str] = field(default_factory=list)
    markups: list[str] = field(default_factory=list)
    attachments: list[Attached] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tree: list[Part] = field(default_factory=list)
    parts: int = 0
    seen: int = 0  # possible boundary lines looked at
    room: int = TEXT_OCTETS  # octets of text that may still be decoded

    def note(self, text: str) -> None:
        """Say once what was not understood."""
        if text not in self.notes:
            self.notes.append(text)

    def part(self, start: int, end: int, depth: int, default: str = "text/plain") -> tuple[tuple[str, bytes], ...]:
        """Read one entity (RFC 2045 §2.4); gives its header fields."""
        self.parts += 1
        fields, body = self._header(start, end)
        kinds = [value for name, value in fields if name.lower() == "content-type"]
        if len(kinds) > 1:
            self.note("more than one Content-Type: the first counts")
        kind, given = parameters(_raw(kinds[0])) if kinds else (default, {})
        if not re.match(r"[!-.0-~]+/[!-.0-~]+\Z", kind):
            kind = "text/plain"  # RFC 2045 §5.2
        self.tree.append(_described(depth, kind, fields, given, body, end))
        boundary = given.get("boundary", [""])[0].rstrip(" ").encode("utf-8", "replace")
        pieces: list[tuple[int, int]] = []
        if kind.startswith("multipart/") and boundary and depth < DEPTH:
            pieces = list(islice(self._between(boundary, body, end), PARTS))
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"  # RFC 2046 §5.1.5
        for at, until in pieces:
            if self.parts >= PARTS:
                self.note(f"more than {PARTS} parts: the rest is not shown")
                break
            self.part(at, until, depth + 1, inner)
        if not pieces:
            if kind.startswith("multipart/"):
                self.note("a multipart without its boundary, or too deep: shown as text")
                kind = "text/plain"
            self._leaf(fields, kind, given, body, end)
        return fields

    def _header(self, start: int, end: int) -> tuple[tuple[tuple[str, bytes], ...], int]:
        """Fields of the header section that begins at `start`, and where the body begins."""
        fields: list[tuple[bytes, list[bytes]]] = []
        at, limit = start, min(end, start + HEAD_OCTETS)
        while at < end:
            cut = self.octets.find(b"\n", at, limit)
            stop = cut + 1 if cut >= 0 else limit
            line = self.octets[at:stop].rstrip(b"\r\n")
            if not line and cut >= 0:
                return _joined_fields(fields), stop
            if line[:1] in b" \t" and fields:
                fields[-1][1].append(line)
            elif found := _FIELD.match(line):
                if len(fields) >= FIELDS:
                    self.note(f"more than {FIELDS} header fields: the rest is not shown")
                else:
                    fields.append((found[1], [line[found.end() :].lstrip(b" \t")]))
            elif at == start and line.startswith((b"From ", b">From ")):
                self.note("an mbox line before the header")
            else:
                self.note("a line in the header that is no field: the text begins there")
                return _joined_fields(fields), at
            at = stop
            if at >= limit < end:
                self.note("a header section without end: cut")
                return _joined_fields(fields), at
        return _joined_fields(fields), end

    def _between(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts between the lines of a boundary (RFC 2046 §5.1.1); an end that is missing is the end of all."""
        mark = b"--" + boundary
        at, opened = start, -1
        while (found := self.octets.find(mark, at, end)) >= 0:
            self.seen += 1
            if self.seen > 100 * PARTS:
                self.note("too many possible boundaries: the rest is not shown")
                break
            at = found + len(mark)
            if found > start and self.octets[found - 1] != 10:
                continue
            line_end = self.octets.find(b"\n", at, min(end, at + 1_000))
            after = self.octets[at : line_end if line_end >= 0 else min(end, at + 1_000)].strip()
            if after and not after.startswith(b"--"):
                continue  # a boundary of which this one is a beginning
            if opened >= 0:
                before = found - 1 if found > opened else found
                yield opened, before - (before > opened and self.octets[before - 1] == 13)
            if after:
                return
            opened = at = line_end + 1 if line_end >= 0 else end
        if opened >= 0:
            self.note("a multipart without its end")
            yield opened, end

    def _leaf(
        self, fields: tuple[tuple[str, bytes], ...], kind: str, given: dict[str, list[str]], start: int, end: int
    ) -> None:
        """A part that holds no others: text for the eye, or a file."""
        place, names = "", given.get("name", [])
        for name, value in fields:
            if name.lower() == "content-disposition" and not place:
                place, more = parameters(_raw(value))
                names = [*more.get("filename", []), *names]
        octets = self._decoded(fields, start, end)
        if place != "attachment" and kind in ("text/plain", "text/html") and not names:
            charset = given.get("charset", ["us-ascii"])[0].strip()
            self._text(octets, kind, "utf-8" if charset.lower() == "us-ascii" else charset)
            return
        names = [words(name) for name in names]
        if len({safe_name(name) for name in names}) > 1:
            self.note("an attachment with several names: the first counts")  # T254
        fallback = "letter.eml" if kind == "message/rfc822" else ""
        self.attachments.append(Attached(safe_name(names[0] if names else fallback), tuple(names), kind, octets))

    def _text(self, octets: bytes, kind: str, charset: str) -> None:
        if len(octets) > self.room:
            self.note(f"more than {TEXT_OCTETS} octets of text: the rest is not shown")
        octets = octets[: self.room]
        self.room -= len(octets)
        text, understood = text_of(octets, charset)
        if not understood:
            self.note(f"text that is not in the character set it names ({charset[:40]})")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROL.sub("\ufffd", text)
        if not text:
            return
        (self.texts if kind == "text/plain" else self.markups).append(text)

    def _decoded(self, fields: tuple[tuple[str, bytes], ...], start: int, end: int) -> bytes:
        """The octets of a body without their transfer encoding; what cannot be decoded is given as it is (T255)."""
        body = self.octets[start:end]
        encoding = next(
            (_raw(value).strip().lower() for name, value in fields if name.lower() == "content-transfer-encoding"), ""
        )
        if encoding == "base64":
            return unbase64(body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        if encoding not in ("", "7bit", "8bit", "binary"):
            self.note(f"unknown transfer encoding {encoding[:40]}")
        return body


def _described(
    depth: int, kind: str, fields: tuple[tuple[str, bytes], ...], given: dict[str, list[str]], start: int, end: int
) -> Part:
    """An entity as the tree shows it."""
    said = {name.lower(): _raw(value) for name, value in reversed(fields)}
    names = parameters(said.get("content-disposition", ""))[1].get("filename", []) + given.get("name", [])
    encoding = one_line(said.get("content-transfer-encoding", "").strip().lower()[:40])
    charset = one_line(given.get("charset", [""])[0][:40])
    return Part(depth, kind[:100], encoding, charset, safe_name(words(names[0])) if names else "", start, end)


def _joined_fields(fields: list[tuple[bytes, list[bytes]]]) -> tuple[tuple[str, bytes], ...]:
    """Unfolded (RFC 5322 §2.2.3), and no longer than anybody needs."""
    return tuple((name.decode("ascii"), b"".join(lines)[:PEOPLE_OCTETS]) for name, lines in fields)


def _raw(value: bytes) -> str:
    """A field value as text before anything in it is decoded: UTF-8 (RFC 6532), else Latin-1."""
    text, _ = text_of(value)
    return text


def _shown(value: bytes) -> str:
    return words(_raw(value[:FIELD_OCTETS])).strip()
