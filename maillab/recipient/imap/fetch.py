"""FETCH: what is known of messages, and their octets (RFC 9051 §6.4.5, §7.5.2).

What stands in the list of a folder is told at once; what must be looked up is worked out for some messages at a time,
in a thread. A section is a place in the message's octets, and goes out from there.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from maillab.events import Read
from maillab.mail.content import Content
from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import FetchCommand
from maillab.protocols.imap.dates import moment
from maillab.protocols.imap.fetch import BodySection, FetchAttribute, FetchItem, SectionForm, SectionKind
from maillab.protocols.imap.flags import SEEN
from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import Change, MessageRow
from maillab.recipient.imap.answers import Done, Obeying, no
from maillab.recipient.imap.session import CONDSTORE, QRESYNC, ImapSession, Looking
from maillab.recipient.imap.telling import TOLD, new_keywords, say
from maillab.recipient.structure.section import UnknownEncoding, cut, section
from maillab.recipient.structure.summary import Outline, outline_of
from maillab.wire.turns import Answer, Close, Decided, Turn, Turns, Verbatim, ask

AT_ONCE = 100  # messages that are looked up in one go
_OCTETS_AT_ONCE = 1_048_576  # of them, where octets are looked up

Numbered = list[tuple[int, MessageRow]]
"""Messages, each with its number."""


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
class _Answer:
    """The answer for one message: octets, and where a literal stands, its content."""

    uid: int
    pieces: tuple[bytes | Content, ...]


def fetch(session: ImapSession, looking: Looking, command: FetchCommand) -> Obeying:
    """A message that is gone, and the client does not know, has no answer; the last line says so (RFC 5530 §3)."""
    if FetchAttribute.MODSEQ in command.items or command.changed_since is not None:
        session.enable([CONDSTORE])
    named = looking.named(command.sequence, by_uid=command.by_uid)
    rows = looking.rows(named)
    gone = len(named) - len(rows)
    if command.changed_since is not None:
        yield from _vanished(looking, command, command.changed_since)
        rows = [(number, row) for number, row in rows if row.modseq > (command.changed_since or 0)]
    sections = tuple(item for item in command.items if isinstance(item, BodySection))
    marked: frozenset[int] = frozenset()
    if not looking.read_only and any(not section.peek for section in sections):
        rows, marked = yield from _seen(looking, rows)
    items = _items(command)
    news = tuple(item for item in _news(session) if item not in items)
    wanted = _Wanted(items, news, marked, sections)
    if marked or FetchAttribute.FLAGS in items:
        yield from say(b"".join(new_keywords(looking, (row for _, row in rows))))
    if _LISTED.keys() >= set(items):
        yield from _listed(wanted, rows)
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


def _news(session: ImapSession) -> Iterator[FetchItem]:
    """What is told of a message that has changed."""
    yield FetchAttribute.FLAGS
    if session.tells_modseq:
        yield FetchAttribute.MODSEQ  # RFC 7162 §3.1
    if QRESYNC in session.enabled:
        yield FetchAttribute.UID  # RFC 7162 §3.2.4


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


# ── what stands in the list of the folder ──


def _listed(wanted: _Wanted, rows: Numbered) -> Turns:
    for start in range(0, len(rows), TOLD):
        some = rows[start : start + TOLD]
        if not wanted.marked:
            writers = [_LISTED[item] for item in wanted.items]
            lines = [b"* %d FETCH (%s)\r\n" % (number, b" ".join([w(row) for w in writers])) for number, row in some]
        else:
            lines = [b"* %d FETCH (%s)\r\n" % (number, _of_list(wanted.of(row), row)) for number, row in some]
        yield Answer(b"".join(lines))


def _of_list(items: Iterable[FetchItem], row: MessageRow) -> bytes:
    return b" ".join([_LISTED[item](row) for item in items])


@lru_cache(4096)
def _flags(flags: frozenset[str]) -> bytes:
    """Thousands of messages have the same."""
    return b"FLAGS " + responses.flag_list(flags)


_LISTED: Mapping[FetchItem, Callable[[MessageRow], bytes]] = {
    FetchAttribute.UID: lambda row: b"UID %d" % row.uid,
    FetchAttribute.FLAGS: lambda row: _flags(row.flags),
    FetchAttribute.INTERNALDATE: lambda row: b"INTERNALDATE " + moment(row.internal),
    FetchAttribute.SIZE: lambda row: b"RFC822.SIZE %d" % row.octets,
    FetchAttribute.MODSEQ: lambda row: b"MODSEQ (%d)" % row.modseq,
    FetchAttribute.EMAILID: lambda row: b"EMAILID (%s)" % row.email_id.encode("ascii"),
    FetchAttribute.SAVEDATE: lambda row: b"SAVEDATE " + moment(row.saved),
}
"""What stands in the list of the folder, and how it is told."""


# ── what must be looked up ──


def _looked_up(session: ImapSession, looking: Looking, wanted: _Wanted, rows: Numbered) -> Generator[Turn, object, int]:
    """Gives how many of the messages are gone. Raises `ImapRefusal`."""
    told, tail = 0, b""
    for some in _batches(rows, by_octets=bool(wanted.sections)):
        try:
            answers = yield from ask(partial(_worked_out, looking, wanted, some))
        except UnknownEncoding:
            yield from say(tail)
            raise no("The transfer encoding of a part is not known", "UNKNOWN-CTE") from None  # RFC 3516 §4.3
        told += len(answers)
        for answer in answers:
            tail = yield from _said(answer, tail)
            if wanted.reads and looking.name == INBOX:
                yield Decided(Read(session.talk, looking.user, answer.uid))
        if not wanted.sections:
            yield from say(tail)
            tail = b""
    yield from say(tail)
    return len(rows) - told


def _batches(rows: Numbered, *, by_octets: bool) -> Iterator[Numbered]:
    """Some at a time: so many, and so large that they may be in memory at once."""
    some: Numbered = []
    octets = 0
    for number, row in rows:
        if some and (len(some) == AT_ONCE or (by_octets and octets + row.octets > _OCTETS_AT_ONCE)):
            yield some
            some, octets = [], 0
        some.append((number, row))
        octets += row.octets
    if some:
        yield some


def _said(answer: _Answer, tail: bytes) -> Generator[Turn, object, bytes]:
    """Say what of it must be said before its last literal ends; gives the rest, which goes out with what comes next."""
    for piece in answer.pieces:
        if isinstance(piece, bytes):
            tail += piece
            continue
        try:
            yield Verbatim(tail, piece)
        except OSError:
            yield Close("the message was cut short on disk")  # its length was announced, or would have been
        tail = b""
    return tail


def _worked_out(looking: Looking, wanted: _Wanted, rows: Numbered) -> list[_Answer]:
    """In a thread: the answers for these messages, without those that are gone. Raises `UnknownEncoding`."""
    blobs = looking.view.summaries([row.uid for _, row in rows]) if _needs_outline(wanted) else [None] * len(rows)
    answers = []
    for (number, row), blob in zip(rows, blobs, strict=True):
        try:
            message = _Message(looking, row, blob)
            answers.append(_Answer(row.uid, tuple(_pieces(message, number, wanted.of(row)))))
        except FileNotFoundError:
            continue
    return answers


def _needs_outline(wanted: _Wanted) -> bool:
    """Not where messages are asked for as a whole."""
    looked_up = [item for item in wanted.items if item not in _LISTED]
    return not all(
        isinstance(item, BodySection) and not item.path and item.form is SectionForm.WHOLE for item in looked_up
    )


class _Message:
    """One message, as far as it is asked for."""

    def __init__(self, looking: Looking, row: MessageRow, blob: bytes | None) -> None:
        self.row = row
        self._looking = looking
        self._blob = blob

    @cached_property
    def content(self) -> Content:
        """Its octets. Raises `FileNotFoundError`."""
        return self._looking.view.content(self.row.uid)

    @cached_property
    def outline(self) -> Outline:
        """What was worked out when it was stored; worked out now where that is not there."""
        return outline_of(self._blob or b"", lambda: self.content)


def _pieces(message: _Message, number: int, items: tuple[FetchItem, ...]) -> Iterator[bytes | Content]:
    told, before = b"* %d FETCH (" % number, b""
    for item in items:
        if item in _LISTED:
            told += before + _LISTED[item](message.row)
        elif isinstance(item, BodySection):
            head, content = _section(message, item)
            told += before + item.label + b" " + head
            if content is not None:
                yield told
                yield content
                told = b""
        else:
            told += before + item.label + b" " + _of_outline(item, message)
        before = b" "
    yield told + b")\r\n"


def _section(message: _Message, item: BodySection) -> tuple[bytes, Content | None]:
    """What is said of a section, and its octets, if a literal follows."""
    if not item.path and item.form is SectionForm.WHOLE:
        found: Content | None = cut(message.content, item.partial)
    else:
        found = section(message.content, message.outline.tree, item)
    if item.kind is SectionKind.BINARY_SIZE:
        return (responses.NIL if found is None else b"%d" % len(found)), None
    if found is None:
        return responses.NIL, None
    has_nul = found.path is None and b"\x00" in found.start
    if has_nul and item.kind is SectionKind.BODY:
        found = Content(found.start.replace(b"\x00", b"\x80"))  # a literal has no NUL (RFC 9051 §9: CHAR8)
    binary = has_nul and item.kind is SectionKind.BINARY
    return responses.literal_head(len(found), binary=binary), found


def _of_outline(item: FetchItem, message: _Message) -> bytes:
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
