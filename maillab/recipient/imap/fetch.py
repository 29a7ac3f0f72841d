"""FETCH: what is known of messages, and their octets (RFC 9051 §6.4.5, §7.5.2).

What stands in the list of a folder is told at once; what must be looked up is worked out for some messages at a time,
in a thread. A section is a place in the message's octets, and goes out from there.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from maillab.events import Read
from maillab.mail.content import Content
from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import FetchCommand
from maillab.protocols.imap.fetch import BodySection, FetchAttribute, FetchItem, SectionForm, SectionKind
from maillab.protocols.imap.flags import SEEN
from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import Change, MessageRow
from maillab.recipient.imap.answers import Done, Obeying, no
from maillab.recipient.imap.fetched import FetchedMessage
from maillab.recipient.imap.listed import LISTED, Numbered
from maillab.recipient.imap.session import ImapSession, Looking
from maillab.recipient.imap.telling import enable_modseq, new_keywords, news_of, say, tell_listed
from maillab.recipient.reading import SMALL
from maillab.recipient.structure.section import UnknownEncoding, cut, of_header_and_text, section
from maillab.wire.tap import Piece
from maillab.wire.turns import Answer, Close, Turn, Turns, Verbatim, ask

AT_ONCE = 100  # messages that are looked up in one go
SECTIONS = 100  # octets of a message that one command asks for: each may be all of it once more
_OCTETS_AT_ONCE = 1_048_576  # of messages, where octets are looked up, as often as they are asked for

_Writer: TypeAlias = Callable[[FetchedMessage], tuple[bytes, Content | None]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for; of `marked`, messages that are seen now, their `news` are told, too."""

    items: tuple[FetchItem, ...]
    news: tuple[FetchItem, ...]
    marked: frozenset[int]
    sections: tuple[BodySection, ...]

    def of(self, row: MessageRow) -> tuple[FetchItem, ...]:
        """Of this message."""
        return (*self.items, *self.news) if row.uid in self.marked else self.items

    @property
    def reads(self) -> bool:
        """Does somebody read messages with this?"""
        return any(not one.path and one.form in (SectionForm.WHOLE, SectionForm.TEXT) for one in self.sections)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What is said of some messages: up to the last of their octets, and behind them; and how many there are."""

    pieces: list[Piece]
    tail: bytes
    count: int


def fetch(session: ImapSession, looking: Looking, command: FetchCommand) -> Obeying:
    """A message that is gone, and the client does not know, has no answer; the last line says so (RFC 5530 §3)."""
    sections = tuple(item for item in command.items if isinstance(item, BodySection))
    if len(sections) > SECTIONS:
        raise no("So many sections are not told at a time", "LIMIT")
    if FetchAttribute.MODSEQ in command.items or command.changed_since is not None:
        yield from enable_modseq(session)
    rows: Numbered
    rows, gone = looking.rows(command.sequence, by_uid=command.by_uid)
    if command.changed_since is not None:
        yield from _vanished(looking, command, command.changed_since)
        rows = [(number, row) for number, row in rows if row.modseq > (command.changed_since or 0)]
    marked: frozenset[int] = frozenset()
    if not looking.read_only and any(not section.peek for section in sections):
        rows, marked = yield from _seen(looking, rows)
    items = _items(command)
    news = tuple(item for item in news_of(session) if item not in items)
    wanted = _Wanted(items, news, marked, sections)
    if marked or FetchAttribute.FLAGS in items:
        yield from say(b"".join(new_keywords(looking, (row for _, row in rows))))
    if all(item in LISTED for item in items):
        yield from tell_listed(items, rows)
    else:
        gone += yield from _looked_up(session, looking, wanted, rows)
    return Done("Some messages are gone", "EXPUNGEISSUED") if gone else Done()


def _items(command: FetchCommand) -> tuple[FetchItem, ...]:
    """What is asked for, and what is told unasked."""
    items = list(command.items)
    if command.by_uid and FetchAttribute.UID not in items:
        items.insert(0, FetchAttribute.UID)
    if command.changed_since is not None and FetchAttribute.MODSEQ not in items:
        items.append(FetchAttribute.MODSEQ)  # RFC 7162 §3.1.4.1
    return tuple(items)


def _vanished(looking: Looking, command: FetchCommand, since: int) -> Turns:
    """RFC 7162 §3.2.6."""
    if command.vanished:
        uids = yield from ask(lambda: looking.view.vanished_since(since))
        if gone := command.sequence.of(sorted(uids), looking.view.status.uid_next - 1):
            yield Answer(responses.vanished(gone, earlier=True))


def _seen(looking: Looking, rows: Numbered) -> Generator[Turn, object, tuple[Numbered, frozenset[int]]]:
    """Whoever reads a message has seen it: the rows as they are then, and which were not seen before."""
    unseen = [row.uid for _, row in rows if SEEN not in row.flags]
    if not unseen:
        return rows, frozenset()
    done = yield from ask(lambda: looking.view.store(unseen, Change.ADD, [SEEN]))
    now = {row.uid: row for row in done.rows}
    return [(number, now.get(row.uid, row)) for number, row in rows], frozenset(now)


# ── what must be looked up ──


def _looked_up(session: ImapSession, looking: Looking, wanted: _Wanted, rows: Numbered) -> Generator[Turn, object, int]:
    """Gives how many of the messages are gone. Raises `ImapRefusal`."""
    told, tail = 0, b""
    talk = session.talk if wanted.reads and looking.name == INBOX else ""
    for some in _batches(rows, len(wanted.sections)):
        try:
            answers = yield from ask(partial(_worked_out, looking, wanted, some, tail, talk))
        except UnknownEncoding:
            yield from say(tail)
            raise no("The transfer encoding of a part is not known", "UNKNOWN-CTE") from None  # RFC 3516 §4.3
        except Exception:
            yield from say(tail)  # the message before is told to its end, whatever comes of these
            raise
        told, tail = told + answers.count, answers.tail
        if answers.pieces:
            try:
                yield Verbatim(answers.pieces)
            except OSError:
                yield Close("the message was cut short on disk")  # its length was announced, or would have been
        if not wanted.sections:
            yield from say(tail)
            tail = b""
    yield from say(tail)
    return len(rows) - told


def _batches(rows: Numbered, sections: int) -> Iterator[Numbered]:
    """Some at a time: so many, and so large that so many sections of them may be in memory at once."""
    some: list[tuple[int, MessageRow]] = []
    octets = 0
    for number, row in rows:
        if some and (len(some) == AT_ONCE or (octets + row.octets) * sections > _OCTETS_AT_ONCE):
            yield some
            some, octets = [], 0
        some.append((number, row))
        octets += row.octets
    if some:
        yield some


def _worked_out(looking: Looking, wanted: _Wanted, rows: Numbered, before: bytes, talk: str) -> _Answers:
    """In a thread: what is said of these messages behind what was said `before`, without those that are gone; in a
    `talk` in which they are read, that, too. Raises `UnknownEncoding`.
    """
    blobs = _blobs(looking, wanted, rows)
    usual, count = _writers(wanted.items), 0
    pieces, lines = list[Piece](), [before]
    for (number, row), blob in zip(rows, blobs, strict=True):
        message = FetchedMessage(looking.view, row, blob)
        try:
            said = _said(message, number, usual if row.uid not in wanted.marked else _writers(wanted.of(row)))
        except FileNotFoundError:
            continue
        for piece in said:
            if isinstance(piece, bytes):
                lines.append(piece)
            else:
                pieces += (b"".join(lines), piece)
                lines = []
        if talk:
            pieces.append(Read(talk, looking.user, row.uid))
        count += 1
    return _Answers(pieces, b"".join(lines), count)


def _blobs(looking: Looking, wanted: _Wanted, rows: Numbered) -> Sequence[bytes | None]:
    """What the index knows of these messages, as far as it is needed."""
    uids = [row.uid for _, row in rows]
    if any(_needs_parts(item, rows) for item in wanted.items if item not in LISTED):
        return looking.view.summaries(uids)
    return looking.view.headings(uids) if FetchAttribute.ENVELOPE in wanted.items else [None] * len(rows)


def _needs_parts(item: FetchItem, rows: Numbered) -> bool:
    """Not a whole message; nor its header, where that is in memory."""
    if not isinstance(item, BodySection):
        return item is not FetchAttribute.ENVELOPE
    return bool(item.path) or (item.form is not SectionForm.WHOLE and any(row.octets > SMALL for _, row in rows))


def _said(message: FetchedMessage, number: int, writers: Sequence[_Writer]) -> list[bytes | Content]:
    """The answer for one message: octets, and where a literal stands, its content."""
    said: list[bytes | Content] = []
    told, before = b"* %d FETCH (" % number, b""
    for write in writers:
        octets, content = write(message)
        told += before + octets
        if content is not None:
            said += (told, content)
            told = b""
        before = b" "
    said.append(told + b")\r\n")
    for piece in said:
        if isinstance(piece, Content):
            piece.check_readable()  # before its length is told
    return said


def _writers(items: Iterable[FetchItem]) -> list[_Writer]:
    return [_writer(item) for item in items]


def _writer(item: FetchItem) -> _Writer:
    """What is said of an item: octets, and the literal that they announce."""
    if item in LISTED:
        form, value = LISTED[item]
        return lambda message: (form % value(message.row), None)
    label = item.label + b" "
    if isinstance(item, BodySection):
        return lambda message: _section(message, item, label)
    return lambda message: (label + _of_outline(item, message), None)


def _section(message: FetchedMessage, item: BodySection, label: bytes) -> tuple[bytes, Content | None]:
    """What is said of a section, and its octets, if a literal follows."""
    content = message.content
    if not item.path and item.form is SectionForm.WHOLE:
        found: Content | None = cut(content, item.partial)
    elif not item.path and content.path is None:
        found = of_header_and_text(content.start, item)
    else:
        found = section(content, message.tree, item)
    if item.kind is SectionKind.BINARY_SIZE:
        return label + (responses.NIL if found is None else b"%d" % len(found)), None
    if found is None:
        return label + responses.NIL, None
    has_nul = found.path is None and b"\x00" in found.start
    if has_nul and item.kind is SectionKind.BODY:
        found = Content(found.start.replace(b"\x00", b"\x80"))  # a literal has no NUL (RFC 9051 §9: CHAR8)
    binary = has_nul and item.kind is SectionKind.BINARY
    return label + responses.literal_head(len(found), binary=binary), found


def _of_outline(item: FetchItem, message: FetchedMessage) -> bytes:
    match item:
        case FetchAttribute.ENVELOPE:
            return message.outline.envelope
        case FetchAttribute.BODY:
            return message.outline.body
        case FetchAttribute.BODYSTRUCTURE:
            return message.outline.structure
        case FetchAttribute.PREVIEW | FetchAttribute.PREVIEW_LAZY:
            return responses.string(message.outline.preview.encode())
        case FetchAttribute.THREADID:
            return responses.NIL  # RFC 8474 §5.2: threads have no ids here
    raise AssertionError(item)
