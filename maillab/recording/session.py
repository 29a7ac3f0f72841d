"""A session as a value and as a file: JSON lines, the header first, `#` before comments, gzip by the name of the file.

Format, a line each:
    {"format":"maillab session","version":3,...}                     the header
    {"e":"Said","n":7,"t":1790000000.5,"talk":"submit-1","side":"client","line":"QUIT\\r\\n"}      an entry
    {"e":"Carried",...,"content":"...","more":true}  {"e":"more","n":9,"content":"..."}           a long content
    {"e":"mark","t":...,"name":"..."}  {"e":"told","t":...,"en":"...","vi":"..."}                  notes
Errors: whatever a file holds, only `SessionError` comes out of it, and `OSError` from the disk.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import structs

from maillab import __version__
from maillab.events import Carried, Entry
from maillab.mail.content import Content
from maillab.recording import session_files, session_lines
from maillab.recording.migrations import MIGRATIONS, lab_of_version_1
from maillab.recording.session_files import LONGEST_LINE
from maillab.recording.session_lines import FORMAT, VERSION, SessionError

__all__ = [
    "SCHEMA", "Comment", "Header", "Mark", "Note", "Reader", "Session", "SessionError", "Told", "encode",
    "encode_entry", "encode_header", "encode_note", "entry_lines", "load", "octets", "read", "save",
]  # fmt: skip

SCHEMA: dict[str, Any] = session_lines.schema()

MOST_ENTRIES = 1_000_000
MOST_NOTES = 100_000  # marks, narration, comments
MOST_OCTETS = 268_435_456  # of a whole session, unpacked
PIECE = 65_536  # octets of a content in one line


@dataclass(frozen=True, slots=True)
class Header:
    """What a session says of itself. `started` in seconds since 1970; `lab` is its configuration, without passwords."""

    title: str = ""
    started: float = 0.0
    maillab: str = __version__
    lab: dict[str, Any] = field(default_factory=dict)
    redacted: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A named moment: it stands after entry number `after` (0: before all)."""

    name: str
    after: int
    at: float


@dataclass(frozen=True, slots=True)
class Told:
    """What a narrator said after entry number `after`."""

    en: str
    vi: str
    after: int
    at: float

    def said(self, lang: str) -> str:
        """The words in "vi", or in English for every other language."""
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that began with #, without it; for those who read the file itself."""

    text: str
    after: int


Note = Mark | Told | Comment


@dataclass(frozen=True, slots=True)
class Session:
    """A whole session. `notes` stand in the order of the file; `notice` says what of a cut file is missing."""

    header: Header
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...] = ()
    notice: str = ""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The named moments."""
        return tuple(note for note in self.notes if isinstance(note, Mark))

    @property
    def told(self) -> tuple[Told, ...]:
        """The narrator's words."""
        return tuple(note for note in self.notes if isinstance(note, Told))


# ── writing ─────────────────────────────────────────────────────────────────────────────────────


def encode_header(header: Header) -> bytes:
    """The first line of a file."""
    fields = (header.maillab, header.title, header.started, header.lab, header.redacted, header.note)
    return session_lines.encode(session_lines.HeaderLine(FORMAT, VERSION, *fields))


def encode_entry(entry: Entry) -> bytes:
    """The line of an entry; several when it is a long content. Secrets never stand in it.

    >>> from maillab.events import Closed
    >>> encode_entry(Entry(1, 0.5, Closed("submit-1", "quit")))
    b'{"e":"Closed","n":1,"t":0.5,"talk":"submit-1","why":"quit"}\\n'
    """
    if isinstance(entry.event, Carried):
        return b"".join(entry_lines(entry))
    return session_lines.encode(session_lines.line_of(entry))


def entry_lines(entry: Entry) -> Iterator[bytes]:
    """The same line by line: a large content is never in memory as a whole. What cannot be read any more is left out,
    and a comment says so.
    """
    event = entry.event
    if not isinstance(event, Carried):
        yield encode_entry(entry)
        return
    trouble: list[str] = []
    pieces = _pieces(event.content, trouble)
    piece, following = next(pieces, b""), next(pieces, None)
    head = (entry.seq, entry.at, event.talk, event.side)
    text = session_lines.text_of(piece)
    yield session_lines.encode(session_lines.CarriedLine(*head, text, event.secure, following is not None))
    while following is not None:
        text, following = session_lines.text_of(following), next(pieces, None)
        yield session_lines.encode(session_lines.MoreLine(entry.seq, text, following is not None))
    for reason in trouble:
        yield encode_note(Comment(f" the content of entry {entry.seq} could not be read to its end: {reason}", 0))


def _pieces(content: Content, trouble: list[str]) -> Iterator[bytes]:
    """A content in pieces that depend on its octets only, not on where they are kept: they end with a line if they can.

    Where it cannot be read any more the pieces end, and `trouble` gets the reason.
    """
    rest = b""
    try:
        for block in content.blocks(PIECE):
            rest += block
            while len(rest) > PIECE:
                cut = rest.rfind(b"\n", 0, PIECE) + 1 or PIECE
                yield rest[:cut]
                rest = rest[cut:]
    except OSError as error:
        trouble.append(str(error.strerror or error))
    if rest:
        yield rest


def encode_note(note: Note) -> bytes:
    """The line of a mark, of narration, of a comment."""
    match note:
        case Mark():
            return session_lines.encode(session_lines.MarkLine(note.at, note.name))
        case Told():
            return session_lines.encode(session_lines.ToldLine(note.at, note.en, note.vi))
        case Comment():
            return b"#" + note.text.replace("\n", " ").encode("utf-8", "replace") + b"\n"


def encode(session: Session) -> Iterator[bytes]:
    """The lines of a whole session: those of the file it was loaded from, when nobody changed it."""
    yield encode_header(session.header)
    waiting = deque(session.notes)
    for entry in session.entries:
        while waiting and waiting[0].after < entry.seq:
            yield encode_note(waiting.popleft())
        yield from entry_lines(entry)
    yield from map(encode_note, waiting)


def save(session: Session, path: Path) -> None:
    """Write it to a file (0600), whole or not at all, over what is there; packed when its name ends with .gz.

    Raises `OSError`.
    """
    with session_files.SessionWriter(path, replace=True) as writer:
        for line in encode(session):
            writer.write(line)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────


class Reader:
    """Lines become header, entries and notes, one after the other. Iterate once, then look at `notice`.

    Raises `SessionError` while iterating.
    """

    def __init__(self, lines: Iterable[bytes], *, line: int = 0, last: int = 0, version: int = VERSION) -> None:
        """To begin in the middle: the numbers of the `line` and the entry before, and the `version` of the file."""
        self._lines = lines
        self.notice = ""  # what is missing at the end of a file that was cut short
        self._number = line
        self._entries = self._notes = self._octets = 0
        self._last = last  # number of the last entry
        self.version = version  # of the file, once its header was read
        self._said: dict[bytes, bytes] = {}  # lines that may be said again
        self._open: tuple[Entry, list[bytes]] | None = None  # an entry whose content goes on

    def __iter__(self) -> Iterator[Header | Entry | Note]:
        for line in self._lines:
            self._number += 1
            self._octets += len(line)
            try:
                if len(line) > LONGEST_LINE:
                    raise SessionError(f"longer than {LONGEST_LINE} bytes")
                if self._octets > MOST_OCTETS:
                    raise SessionError(f"the session is longer than {MOST_OCTETS} bytes")
                item = self._header(line) if self._number == 1 else self._item(line)
            except SessionError as error:
                if self._number > 1 and not line.endswith(b"\n") and len(line) <= LONGEST_LINE:
                    self.notice = f"the file ends in the middle of line {self._number}"
                    break
                raise SessionError(f"line {self._number}: {error}") from error
            if item is not None:
                yield item
        if not self._number:
            raise SessionError("line 1: not a maillab session: the file is empty")
        if self._open:
            where = self.notice or f"the file ends after line {self._number}"
            self.notice = f"{where}: the content of entry {self._open[0].seq} is not whole and is left out"

    def _header(self, line: bytes) -> Header:
        if not line.startswith(b"{") or b'"format"' not in line:
            raise SessionError("not a maillab session")
        fields = session_lines.decode_header(line)
        if fields.version > VERSION:
            raise SessionError(f"a newer maillab wrote this: version {fields.version}; this one reads up to {VERSION}")
        self.version = fields.version
        lab = lab_of_version_1(fields.lab) if fields.version == 1 else fields.lab
        return Header(fields.title, fields.started, fields.maillab, lab, fields.redacted, fields.note)

    def _item(self, line: bytes) -> Entry | Note | None:
        if line.startswith(b"#"):
            return self._comment(line)
        shape = decode_line(line, self.version)
        if isinstance(shape, session_lines.MoreLine):
            return self._more(shape)
        if self._open:
            raise SessionError(f"the content of entry {self._open[0].seq} is not continued")
        if isinstance(shape, session_lines.MarkLine):
            return self._counted(Mark(shape.name, self._last, shape.t))
        if isinstance(shape, session_lines.ToldLine):
            return self._counted(Told(shape.en, shape.vi, self._last, shape.t))
        entry = session_lines.entry_of(shape, self._said)
        if entry.seq <= self._last:
            raise SessionError(f"entry {entry.seq} comes after entry {self._last}")
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise SessionError(f"more than {MOST_ENTRIES} entries")
        self._last = entry.seq
        if isinstance(shape, session_lines.CarriedLine) and shape.more:
            # a CarriedLine makes a `Carried`, which the table of shapes cannot tell the type checker
            self._open = (entry, [entry.event.content.start])  # type: ignore[union-attr]
            return None
        return entry

    def _more(self, line: session_lines.MoreLine) -> Entry | None:
        if self._open is None or self._open[0].seq != line.n:
            raise SessionError(f"no content of entry {line.n} is to go on here")
        entry, pieces = self._open
        pieces.append(session_lines.octets_of(line.content))
        if line.more:
            return None
        self._open = None
        event = entry.event
        assert isinstance(event, Carried)
        return structs.replace(entry, event=structs.replace(event, content=Content(b"".join(pieces))))

    def _comment(self, line: bytes) -> Note:
        if self._open:
            raise SessionError(f"the content of entry {self._open[0].seq} is not continued")
        try:
            return self._counted(Comment(line[1:].rstrip(b"\n").decode(), self._last))
        except UnicodeDecodeError as error:
            raise SessionError("text that cannot be read") from error

    def _counted(self, note: Note) -> Note:
        self._notes += 1
        if self._notes > MOST_NOTES:
            raise SessionError(f"more than {MOST_NOTES} marks and comments")
        return note


def decode_line(line: bytes, version: int) -> Any:
    """A line of this version as its shape. Raises `SessionError`."""
    for step in range(version, VERSION):
        line = MIGRATIONS[step](line)
    return session_lines.decode(line)


def read(lines: Iterable[bytes] | Path) -> Iterator[Header | Entry | Note]:
    """Header, entries and notes of a file or of its lines, as a stream. Raises `SessionError`, `OSError`."""
    yield from Reader(octets(lines) if isinstance(lines, Path) else lines)


def load(path: Path) -> Session:
    """A whole session from a file. Raises `SessionError`, `OSError`."""
    reader = Reader(octets(path))
    header: Header | None = None
    entries: list[Entry] = []
    notes: list[Note] = []
    for item in reader:
        if isinstance(item, Header):
            header = item
        elif isinstance(item, Entry):
            entries.append(item)
        else:
            notes.append(item)
    assert header is not None
    return Session(header, tuple(entries), tuple(notes), reader.notice)


def octets(path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends, unpacked if its name ends with .gz; bounded. Raises as `load` does."""
    return session_files.lines(session_files.blocks(path))
