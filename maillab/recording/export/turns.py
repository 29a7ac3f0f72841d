"""Entries as turns: what one side says before it waits, so that a reply of twelve lines is one thing, not twelve.

Rules for this file: nothing is left out and nothing is rewritten; only lines that belong together are put together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from maillab.events import Carried, Closed, Entry, Packet, Said, Secured, Side
from maillab.mail.content import Content
from maillab.protocols.dns.described import described
from maillab.protocols.protocol import AnswerLine, Request, RequestKind
from maillab.recording.session import Mark, Session, Told
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Lang
from maillab.views.safe import safe


@dataclass(slots=True)
class ExportedTurn:
    """One side speaks: lines with their ends, and content between them. `seq` and `at` are those of the first.

    `secret` is the slice of the first line that was struck out; a client's turn has no other line.
    Of DNS, `packet` is the message, and the lines describe it.
    """

    seq: int
    at: float
    talk: str
    side: Side
    secure: bool
    parts: list[bytes | Content] = field(default_factory=list)
    secret: tuple[int, int] = (0, 0)
    packet: bytes = b""

    @property
    def lines(self) -> list[bytes]:
        """The lines without the content."""
        return [part for part in self.parts if isinstance(part, bytes)]


def turns(entries: Iterable[Entry]) -> list[ExportedTurn | Entry]:
    """Turns, and the entries that are no speech, each at the place of its first entry."""
    grouping = _Grouping()
    for entry in entries:
        grouping.take(entry)
    return sorted(grouping.found, key=lambda item: item.seq)


@dataclass(frozen=True, slots=True)
class NarratedWords:
    """Words between entries, safe: the name of a mark, or what a narrator said. It stands after entry `after`."""

    text: str
    after: int
    at: float
    is_mark: bool


def moments(session: Session, lang: Lang = "en") -> list[NarratedWords]:
    """Marks and narration, in their order."""
    words = []
    for note in session.notes:
        if isinstance(note, Mark | Told):
            text = note.name if isinstance(note, Mark) else note.said(lang)
            words.append(NarratedWords(safe(text), note.after, note.at, is_mark=isinstance(note, Mark)))
    return sorted(words, key=lambda moment: moment.after)


def named(session: Session, name: str) -> Session:
    """The session with this name as its title, where it has none: it was recorded before its file had a name."""
    return session if session.header.title else replace(session, header=replace(session.header, title=name))


def titled(session: Session, lang: Lang = "en") -> tuple[str, Session]:
    """The title in this language, safe, and the session without it: a story is told title first, in both languages."""
    title = session.header.title
    first = next((note for note in session.notes if isinstance(note, Told)), None)
    if first is None or first.en != title or first.after:
        return safe(title), session
    notes = tuple(note for note in session.notes if note is not first)
    return safe(first.said(lang)), replace(session, notes=notes)


def headings(session: Session, lang: Lang = "en") -> list[NarratedWords]:
    """The same as headings: a mark at the place of narration says no more than that, and is left out."""
    marks_and_words = moments(session, lang)
    narrated = {moment.after for moment in marks_and_words if not moment.is_mark}
    return [moment for moment in marks_and_words if not moment.is_mark or moment.after not in narrated]


def scenes(session: Session, lang: Lang = "en", *, as_headings: bool = False) -> Iterator[Entry | NarratedWords]:
    """The entries, and what stands between them."""
    waiting = headings(session, lang) if as_headings else moments(session, lang)
    for entry in session.entries:
        while waiting and waiting[0].after < entry.seq:
            yield waiting.pop(0)
        yield entry
    yield from waiting


def introductions(session: Session, lang: Lang = "en") -> dict[str, list[str]]:
    """What is told in each talk, by its name: narration belongs to the talk that goes on after it."""
    by_talk: dict[str, list[str]] = {}
    texts: list[str] = []
    for item in scenes(session, lang):
        if isinstance(item, NarratedWords):
            texts += [] if item.is_mark else [item.text]
        elif texts and hasattr(item.event, "talk"):
            by_talk.setdefault(item.event.talk, []).extend(texts)
            texts = []
    return by_talk


class _Grouping:
    def __init__(self) -> None:
        self.found: list[ExportedTurn | Entry] = []
        self._talks = FollowedTalks()
        self._answers: dict[str, ExportedTurn] = {}  # of a talk, the answer that has begun
        self._contents: dict[str, ExportedTurn] = {}  # of a talk, the content of a client that waits for its end

    def take(self, entry: Entry) -> None:
        heard = self._talks.hear(entry)
        match entry.event, heard:
            case Said(talk, side, line, secure, secret), Request():
                turn = ExportedTurn(entry.seq, entry.at, talk, side, secure, [line], secret)
                content = self._contents.pop(talk, None)
                self._take(turn, content if heard.kind is RequestKind.END else None)
            case Said(talk, side, line, secure, secret), AnswerLine():
                turn = ExportedTurn(entry.seq, entry.at, talk, side, secure, [line], secret)
                self._answers[talk] = self._take(turn, None if heard.first else self._answers.get(talk))
            case Packet(talk, side, octets), _:
                lines: list[bytes | Content] = [line.encode() + b"\r\n" for line in described(octets)]
                self.found.append(ExportedTurn(entry.seq, entry.at, talk, side, False, lines, packet=octets))
            case Carried(talk, side, content, secure), _:
                turn = ExportedTurn(entry.seq, entry.at, talk, side, secure, [content])
                started = self._contents if side is Side.CLIENT else self._answers
                started[talk] = self._take(turn, started.get(talk))
            case _:
                if isinstance(entry.event, Secured | Closed):
                    self._answers.pop(entry.event.talk, None)
                    self._contents.pop(entry.event.talk, None)
                self.found.append(entry)

    def _take(self, turn: ExportedTurn, begun: ExportedTurn | None) -> ExportedTurn:
        """Add to what has begun already, if there is something."""
        if begun is None:
            self.found.append(turn)
            return turn
        begun.parts += turn.parts
        return begun
