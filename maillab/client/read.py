"""Opening a received message: header, text, attachments. A view with a budget; the octets stay what they are.

Rules for this file: it never raises, whatever it is given, and it never descends without end. What it could not
understand it says in `notes`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from maillab.client.fields import Mailbox
from maillab.client.markup import ELEMENTS, Rendered, render
from maillab.client.notes import VALUE, ReadingNote
from maillab.client.people import no_people, people
from maillab.mail.address_list import PEOPLE_OCTETS
from maillab.mail.charsets import known, text_of
from maillab.mail.decode import (
    FIELD_OCTETS,
    octets_of,
    one_line,
    parameters,
    raw,
    safe_name,
    without_comments,
    words,
)
from maillab.mail.transfer import unpacked
from maillab.mail.uuencode import taken_out

HEAD_OCTETS = 262_144  # of a header section; what follows is cut for reading
FIELDS = 1_000  # header fields that are read
PARTS = 1_000  # MIME parts, all counted
DEPTH = 100  # multiparts inside multiparts
TEXT_OCTETS = 4_194_304  # of all text parts together that are decoded for the eye

_FIELD = re.compile(rb"([!-9;-~]{1,998})[ \t]*:")
_USUAL = re.compile(  # names at which a header goes on, whatever stood before
    rb"(?i)(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|"
    rb"mime-version|delivered-to|dkim-signature|authentication-results|user-agent|status|importance|priority|precedence|"
    rb"organization|errors-to|(?:content|x|arc|list|resent|thread)-[!-9;-~]{1,60})[ \t]*:"
)
_ASSIGNED = re.compile(rb"[A-Za-z][A-Za-z0-9*-]{0,40}=")  # a parameter that lost its place on a line that goes on
_MBOX = (b"From ", b">From ")
_BOM = b"\xef\xbb\xbf"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
HeaderFields = tuple[tuple[str, bytes], ...]  # names and raw values
_HIDDEN = "the page hides all its words from readers: they are shown here"


@dataclass(frozen=True, slots=True)
class Attached:
    """A part that is a file. `name` is safe to propose; `names` are those that the message gives, in their order.

    `cid` is its Content-ID without the brackets, by which a page shows it (RFC 2392); `is_inline`: the message wants it
    shown at its place (RFC 2183 §2.1).
    """

    name: str
    names: tuple[str, ...]
    type: str
    octets: bytes
    cid: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class MimePart:
    """One entity of MIME in the tree of a message: the message itself has depth 0. `start` and `end` are its body's."""

    depth: int
    type: str
    encoding: str  # of transfer, "" where none is said
    charset: str
    name: str  # of a file, "" for none
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Readable:
    """A message as a person reads it. `fields` are the raw values, unfolded; texts have lines ended by LF.

    `text` is what it says; `shown` is the same with the numbers of footnotes ([1]), whose links are `links` as a person
    should see them and `targets` as they stand in the message. `pages` are its parts in HTML, decoded.
    """

    fields: HeaderFields
    text: str
    pages: tuple[str, ...]
    attachments: tuple[Attached, ...]
    notes: tuple[ReadingNote, ...]
    parts: tuple[MimePart, ...] = ()
    shown: str = ""
    links: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """Its HTML, decoded: all of it."""
        return "\n".join(self.pages)

    @property
    def charset(self) -> str:
        """The character set of the message: the first that one of its parts names, "" for none that is known."""
        return next((part.charset for part in self.parts if known(part.charset)), "")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Every field decoded to one line each, in order."""
        charset = self.charset
        return tuple((name, _shown(value, charset)) for name, value in self.fields)

    def header(self, name: str) -> str:
        """The first field of this name, decoded; "" where there is none."""
        first = next((value for key, value in self.fields if key.lower() == name.lower()), b"")
        return _shown(first, self.charset)

    def people(self, *names: str) -> tuple[Mailbox, ...]:
        """Everybody in the fields of these names."""
        return tuple(person for value in self._values(names) for person in people(value, self.charset))

    def no_people(self, *names: str) -> tuple[str, ...]:
        """What stands in the fields of these names and is no address."""
        return tuple(words for value in self._values(names) for words in no_people(value, self.charset))

    def _values(self, names: tuple[str, ...]) -> list[str]:
        wanted = [name.lower() for name in names]
        return [raw(value) for key, value in self.fields if key.lower() in wanted][: 10 * len(names)]


def read(octets: bytes) -> Readable:
    """Open a message.

    >>> read(b"Subject: =?utf-8?q?Ch=C3=A0o?=\\r\\n\\r\\nHello\\r\\n").header("subject")
    'Chào'
    """
    opened = _Opened(octets)
    fields, pieces = opened.part(len(_BOM) if octets.startswith(_BOM) else 0, len(octets), 0)
    page = _page(pieces or opened.others, opened)
    return Readable(
        fields, page.words, tuple(opened.markups), tuple(opened.attachments), tuple(opened.notes),
        tuple(opened.tree), page.text, page.links, page.targets,
    )  # fmt: skip


def contents(octets: bytes, part: MimePart) -> bytes:
    """The body of one part of these octets, without its transfer encoding."""
    return unpacked(octets[part.start : part.end], part.encoding).octets


@dataclass(eq=False)
class _Piece:
    """A text for the eye: plain (`page` is it), or HTML, which is laid out when somebody asks."""

    source: str
    markup: bool
    opened: "_Opened"

    @cached_property
    def page(self) -> Rendered:
        """As it is read."""
        if not self.markup:
            return Rendered(self.source, (), self.source)
        page = render(self.source, most=self.opened.elements)
        self.opened.elements -= page.elements
        return page

    @property
    def says(self) -> bool:
        """Is there a word in it?"""
        return bool(self.page.words.strip())


def _chosen(alternatives: list[list[_Piece]]) -> list[_Piece]:
    """What is read of a multipart/alternative: its plain text, else the last that says something (RFC 2046 §5.1.4)."""
    saying = [pieces for pieces in alternatives if any(piece.says for piece in pieces)]
    plain = [pieces for pieces in saying if any(piece.says and not piece.markup for piece in pieces)]
    return (plain[:1] or saying[-1:] or [[piece for pieces in alternatives for piece in pieces]])[0]


def _page(pieces: list[_Piece], opened: "_Opened") -> Rendered:
    """All texts one below the other, with one row of footnotes."""
    hidden = not any(piece.says for piece in pieces)
    texts: list[str] = []
    words: list[str] = []
    links: list[str] = []
    targets: list[str] = []
    for piece in pieces:
        page = piece.page
        if piece.markup and (hidden or links):
            page = render(piece.source, first=len(links) + 1, hidden=hidden, most=page.elements + 1)
        if page.deep:
            opened.note("HTML nested too deep: its layout is lost")
        if page.cut:
            opened.note("HTML of more than {} elements: the rest is not shown", ELEMENTS)
        texts.append(page.text)
        words.append(page.words)
        links += page.links
        targets += page.targets
    page = Rendered("\n".join(texts), tuple(links), "\n".join(words), tuple(targets))
    if hidden and any(piece.markup for piece in pieces):
        opened.note(_HIDDEN if page.words.strip() else "the page has no words, only pictures or nothing")
    return page


@dataclass
class _Opened:
    """What was found so far. Parts are pieces of one buffer, by their offsets: nothing is copied on the way down."""

    octets: bytes
    markups: list[str] = field(default_factory=list)
    others: list[_Piece] = field(default_factory=list)  # texts of other kinds: shown when nothing else is
    attachments: list[Attached] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)
    tree: list[MimePart] = field(default_factory=list)
    parts: int = 0
    seen: int = 0  # possible boundary lines looked at
    room: int = TEXT_OCTETS  # octets of text that may still be decoded
    elements: int = ELEMENTS  # of HTML that may still be laid out

    def note(self, kind: str, value: object = "") -> None:
        """Say once what was not understood."""
        if not any(note.kind == kind for note in self.notes):
            self.notes.append(ReadingNote(kind, value))

    def part(self, start: int, end: int, depth: int, default: str = "text/plain") -> tuple[HeaderFields, list[_Piece]]:
        """Read one entity (RFC 2045 §2.4); gives its header fields, and the texts in it that are for the eye."""
        self.parts += 1
        fields, body = self._header(start, end)
        kinds = [value for name, value in fields if name.lower() == "content-type"]
        if len(kinds) > 1:
            self.note("more than one Content-Type: the first counts")
        kind, given = parameters(raw(kinds[0])) if kinds else (default, {})
        if not re.match(r"[!-.0-~]+/[!-.0-~]+\Z", kind):  # RFC 2045 §5.2: plain text, but no text needs base64
            kind = "application/octet-stream" if kind and _encoding(fields) == "base64" else "text/plain"
        self.tree.append(_described(depth, kind, fields, given, body, end))
        boundary = octets_of(given.get("boundary", [""])[0].rstrip(" "))
        places: list[tuple[int, int]] = []
        if kind.startswith("multipart/") and boundary and depth < DEPTH:
            places = list(islice(self._between(boundary, body, end), PARTS))
        if not places:
            if kind.startswith("multipart/"):
                self.note("a multipart without its boundary, or too deep: shown as text")
                kind = "text/plain"
            return fields, self._leaf(fields, kind, given, body, end)
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"  # RFC 2046 §5.1.5
        children = []
        for at, until in places:
            if self.parts >= PARTS:
                self.note("more than {} parts: the rest is not shown", PARTS)
                break
            children.append(self.part(at, until, depth + 1, inner)[1])
        if kind == "multipart/alternative":
            return fields, _chosen(children)
        return fields, [piece for pieces in children for piece in pieces]

    def _header(self, start: int, end: int) -> tuple[HeaderFields, int]:
        """Fields of the header section that begins at `start`, and where the body begins.

        A line that is no field is passed over when usual fields follow it, and begins the body when none does.
        """
        fields: list[tuple[bytes, list[bytes]]] = []
        stray = start if self.octets[start : start + 1] in (b" ", b"\t") else -1  # the first line out of its place
        before = 0  # fields that stood before it
        at, limit = start, min(end, start + HEAD_OCTETS)
        while at < end:
            cut = self.octets.find(b"\n", at, limit)
            stop = cut + 1 if cut >= 0 else limit
            line = self.octets[at:stop].rstrip(b"\r\n")
            if not line and cut >= 0:
                at = stop
                break
            if line[:1] in (b" ", b"\t") and fields:
                fields[-1][1].append(line)
            elif name := _FIELD.match(line):
                if stray >= 0 and _USUAL.match(line):
                    shown = raw(self.octets[stray : stray + VALUE]).partition("\n")[0].strip()
                    self.note("a header line that is not a field: {}", shown)
                    stray = -1
                if len(fields) >= FIELDS:
                    self.note("more than {} header fields: the rest is not shown", FIELDS)
                else:
                    fields.append((name[1], [line[name.end() :].lstrip(b" \t")]))
            elif line.startswith(_MBOX):
                self.note("an mbox line before the header; it is not part of the message")
            elif stray < 0:
                stray, before = at, len(fields)
                if fields and (fields[-1][1][-1].rstrip().endswith(b";") or _ASSIGNED.match(line)):
                    fields[-1][1].append(b" " + line)
            at = stop
            if at >= limit < end:
                if stray < 0:
                    self.note("a header without an end: cut")
                break
        if stray >= 0:
            self.note("no blank line between header and text: the text begins at the first line that is not a field")
            return _joined_fields(fields[:before]), stray
        return _joined_fields(fields), at

    def _between(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts between the lines of a boundary (RFC 2046 §5.1.1); an end that is missing is the end of all."""
        mark = b"--" + boundary
        at, opened = start, -1
        ends = -1  # that are still to come, once the first is here
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
            opened = at = line_end + 1 if line_end >= 0 else end
            if after:
                opened = -1
                ends = (self._reuses(boundary, start, end) if ends < 0 else ends) - 1
                if ends < 0:
                    return
        if opened >= 0:
            self.note("a multipart without its end")
            yield opened, end

    def _reuses(self, boundary: bytes, start: int, end: int) -> int:
        """How many multiparts between these parts have the same boundary, against the rules, and so an end of it."""
        named = re.compile(rb"boundary=\"?" + re.escape(boundary) + rb"[\";\s]")
        return sum(1 for _ in islice(named.finditer(self.octets, start, end), PARTS))

    def _leaf(self, fields: HeaderFields, kind: str, given: dict[str, list[str]], start: int, end: int) -> list[_Piece]:
        """A part that holds no others: text for the eye, a file, or both; a name makes no file (RFC 2183 §2.1)."""
        place, names, cid = "", given.get("name", []), ""
        for name, value in fields:
            if name.lower() == "content-id" and not cid:
                cid = one_line(raw(value[:FIELD_OCTETS])).strip().strip("<>")
            if name.lower() == "content-disposition" and not place:
                place, more = parameters(raw(value))
                names = [*more.get("filename", []), *names]
        charset = given.get("charset", [""])[0].strip()
        names = [name for name in (words(name, charset) for name in names) if name.strip()]
        octets, inside = self._decoded(fields, start, end)
        names = names or [raw(name) for name, _ in inside]
        pieces: list[_Piece] = []
        if kind.startswith("text/") and place != "attachment":
            if kind == "text/plain" and not inside and len(octets) <= TEXT_OCTETS:
                octets = self._without_files(octets)
            pieces = self._text(octets, kind, charset)
            if kind not in ("text/plain", "text/html"):
                self.others += pieces
                pieces = []
            elif not names:
                return pieces
        if len({safe_name(name) for name in names}) > 1:
            self.note("an attachment with several names: the first counts")  # T254
        fallback = "message.eml" if kind == "message/rfc822" else ""
        name = safe_name(names[0] if names else fallback)
        self.attachments.append(Attached(name, tuple(names), kind, octets, cid, place == "inline"))
        return pieces

    def _without_files(self, octets: bytes) -> bytes:
        """A plain text without the uuencoded files in it, which become attachments."""
        text, files = taken_out(octets)
        for name, inner in files:
            shown = words(raw(name))
            self.attachments.append(Attached(safe_name(shown), (shown,), "application/octet-stream", inner))
        return text

    def _text(self, octets: bytes, kind: str, charset: str) -> list[_Piece]:
        if len(octets) > self.room:
            self.note("more than {} bytes of text: the rest is not shown", TEXT_OCTETS)
        octets = octets[: self.room]
        self.room -= len(octets)
        if not charset and kind == "text/html" and (meta := _META.search(octets, 0, 4_096)):
            charset = meta[1].decode("ascii")
        if charset.lower() == "us-ascii":
            charset = ""  # what so calls itself and has 8-bit octets has no name for them
        text, understood = text_of(octets, charset)
        if not understood:
            self.note(_charset_note(charset), charset)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _CONTROL.sub("\ufffd", text)
        if not text:
            return []
        if kind == "text/html":
            self.markups.append(text)
        return [_Piece(text, kind == "text/html", self)]

    def _decoded(self, fields: HeaderFields, start: int, end: int) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
        """The octets of a body without their transfer encoding, and the file in it, if that is how it is encoded.

        What cannot be decoded is given as it is (T255).
        """
        body = self.octets[start:end]
        encoding = _encoding(fields)
        found = unpacked(body, encoding)
        if encoding == "base64" and b"=" in body.rstrip(b"= \t\r\n"):
            self.note("base64 that continues after its end: all of it is shown")
        if not found.is_known:
            self.note("unknown transfer encoding {}", encoding)
        return found.octets, found.files


def _encoding(fields: HeaderFields) -> str:
    """The transfer encoding: a token, whatever its writer put around it (RFC 2045 §6.1)."""
    value = next((raw(value) for name, value in fields if name.lower() == "content-transfer-encoding"), "")
    token = re.search(r"[^\s;,\"]+", without_comments(value[:FIELD_OCTETS]))
    return token[0].lower() if token else ""


def _described(
    depth: int, kind: str, fields: HeaderFields, given: dict[str, list[str]], start: int, end: int
) -> MimePart:
    """An entity as the tree shows it."""
    place = next((raw(value) for name, value in fields if name.lower() == "content-disposition"), "")
    names = [name for name in parameters(place)[1].get("filename", []) + given.get("name", []) if name.strip()]
    charset = one_line(given.get("charset", [""])[0].strip()[:40])
    name = safe_name(words(names[0], charset)) if names else ""
    return MimePart(depth, kind[:100], one_line(_encoding(fields)[:40]), charset, name, start, end)


def _joined_fields(fields: list[tuple[bytes, list[bytes]]]) -> HeaderFields:
    """Unfolded (RFC 5322 §2.2.3), and no longer than anybody needs."""
    return tuple((name.decode("ascii"), b"".join(lines)[:PEOPLE_OCTETS]) for name, lines in fields)


def _shown(value: bytes, charset: str) -> str:
    return words(raw(value[:FIELD_OCTETS]), charset).strip()


def _charset_note(charset: str) -> str:
    """What is said of a text that is not, or not known to be, in the character set that it names."""
    if not charset:
        return "8-bit text without a character set: it was guessed"
    if known(charset):
        return "text that is not in the character set it names ({})"
    return "unknown character set ({}): the most likely one was guessed"
