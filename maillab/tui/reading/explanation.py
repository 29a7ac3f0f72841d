"""One entry, explained: its fields, what it means, what it answers, how long that took, what comes next; its bytes.

Rules for this file: no Textual; lines of pieces come out, and everything in them is safe.
"""

from bisect import bisect_left
from functools import cached_property

from maillab.events import Carried, Closed, Entry, Packet, Said, SaidEvent, Side, Spoken
from maillab.protocols.protocol import AnswerLine, Request
from maillab.tui.looks import sink
from maillab.tui.looks.sink import Line, piece, width, wrapped
from maillab.tui.mail.message_here import message_here
from maillab.tui.reading.hexadecimal import hexadecimal
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.views.fields import layout
from maillab.views.fields.entry import FieldsOfEntry, fields_of
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Gloss
from maillab.views.transcript import Row, Transcript
from maillab.views.units import duration

LOOKED_BACK = 400  # entries of the same talk that are looked at to explain one
LOOKED_ON = 100  # entries behind it
SOURCE_GAP = "   "  # before the standard that says so
LOOKS = {"text": "plain", "now": "accent", "meaning": "dim", "title": "heading"}  # of the roles in a layout


class EntryInTalk:
    """An entry among those of its talk, of which `place` is its own."""

    def __init__(self, model: Model, entry: Entry, texts: Texts) -> None:
        self.model, self.entry, self.texts = model, entry, texts
        before = _before(model, entry)
        self.place = len(before)
        self.entries = [*before, entry, *_behind(model, entry)]

    def row(self, *, ends: bool = False) -> Row:
        """How it reads in the transcript."""
        view = Transcript("rfc", self.texts.lang, glosses=True, ends=ends)
        for earlier in self.entries[: self.place]:
            view.rows(earlier)
        return view.rows(self.entry)[0]

    def fields(self) -> FieldsOfEntry:
        """What stands in it."""
        return fields_of(self.entries, self.place, self.texts.lang)

    @cached_property
    def _heard(self) -> list[Request | AnswerLine | None]:
        talks = FollowedTalks()
        return [talks.hear(one) for one in self.entries]

    def request(self) -> Entry | None:
        """What it answers."""
        here = self._heard[self.place]
        asked = here.request if isinstance(here, AnswerLine) else None
        return self.model.entry(asked.mark) if asked is not None else None

    def answer(self) -> Entry | None:
        """What it is answered with: the first line of it."""
        for place in range(self.place + 1, len(self.entries)):
            heard = self._heard[place]
            asked = heard.request if isinstance(heard, AnswerLine) else None
            if asked is not None and asked.mark == self.entry.seq:
                return self.entries[place]
        return None

    def next(self) -> Entry | None:
        """What happens next: in the talk, but for more lines of the same answer; elsewhere where the talk is over."""
        here = self._heard[self.place]
        for place in range(self.place + 1, len(self.entries)):
            other = self._heard[place]
            if not (isinstance(here, AnswerLine) and isinstance(other, AnswerLine) and here.request is other.request):
                return self.entries[place]
        return self.model.entry(self.entry.seq + 1) if self.place + 1 == len(self.entries) else None


def explain(
    model: Model, entry: Entry, texts: Texts, cells: int, *, hexed: bool = False, headed: bool = False
) -> list[Line]:
    """Lines of so many cells to read about an entry; `headed`: which entry it is stands above them."""
    here = EntryInTalk(model, entry, texts)
    event = entry.event
    row, found = here.row(ends=True), here.fields()
    gloss = found.meaning or row.gloss
    fields: list[Line] = [
        tuple((LOOKS[role], text) for role, text in line) for line in layout.lines(found.blocks, cells)
    ]
    told = [[*_meaning(found, gloss, cells), *_no_traffic(event, texts)], _context(here)]
    is_told_by_fields = not isinstance(event, Said) or _is_among_fields(found, gloss)
    parts: list[list[Line]] = [
        [(piece("dim", heading(entry, texts)),)] if headed else [],
        _line(event, row, found),
        _bytes(event, cells) if hexed else [],
        *([fields, *told] if is_told_by_fields else [*told, fields]),  # what it means can be read without scrolling
        message_here(model, entry, event, texts, cells, hexed=hexed) if isinstance(event, Carried) else [],
    ]
    lines: list[Line] = []
    for part in filter(None, parts):
        lines += [(), *part] if lines else part
    return lines


def heading(entry: Entry, texts: Texts) -> str:
    """Which entry it is: the talk, the line, who speaks, and how openly."""
    name = _name(entry)
    parts = [f"{name}, " * bool(name) + texts("explain.line", number=entry.seq)]
    if isinstance(entry.event, Spoken):
        parts.append(texts("explain.client" if entry.event.side is Side.CLIENT else "explain.server"))
        parts.append(texts("explain.secure" if entry.event.secure else "explain.clear"))
    return " · ".join(parts)


def explained(model: Model, entry: Entry, texts: Texts) -> str:
    """The meaning of an entry in one line, "" where there is none."""
    here = EntryInTalk(model, entry, texts)
    gloss = here.row().gloss or (None if isinstance(entry.event, Spoken) else here.fields().meaning)
    return f"{gloss.text} ({gloss.source})" if gloss is not None and gloss.source else gloss.text if gloss else ""


def _name(entry: Entry) -> str:
    return entry.talk or getattr(entry.event, "job", "") or getattr(entry.event, "where", "")


def _before(model: Model, entry: Entry) -> list[Entry]:
    """The entries of the same talk before this one, the last of them."""
    talk = model.talks.get(entry.talk)
    if talk is None:
        return []
    seqs = talk.seqs
    place = bisect_left(seqs, entry.seq)
    chosen = ([seqs[0]] if place > LOOKED_BACK else []) + list(seqs[max(0, place - LOOKED_BACK) : place])
    return [earlier for seq in chosen if (earlier := model.entry(seq)) is not None]


def _behind(model: Model, entry: Entry) -> list[Entry]:
    """The first entries of the same talk behind this one."""
    talk = model.talks.get(entry.talk)
    if talk is None:
        return []
    place = bisect_left(talk.seqs, entry.seq + 1)
    return [one for seq in talk.seqs[place : place + LOOKED_ON] if (one := model.entry(seq)) is not None]


# ── what it says, what it means ──


def _line(event: object, row: Row, found: FieldsOfEntry) -> list[Line]:
    """The line as it was said, with its end; what is no line, and has fields, is told by these alone."""
    return [] if found.blocks and not isinstance(event, Said) else [sink.with_ends("bold", row.text)]


def _meaning(found: FieldsOfEntry, gloss: Gloss | None, cells: int) -> list[Line]:
    lines: list[Line] = [(piece("plain", sentence),) for sentence in found.sentences]
    if gloss is not None and _is_among_fields(found, gloss):
        lines.append((("key", gloss.source),))
    elif gloss is not None:
        *others, last = wrapped(gloss.text, cells)
        lines += [(piece("plain", line),) for line in others]
        lines += _sourced(last, gloss.source, cells)
    return lines


def _is_among_fields(found: FieldsOfEntry, gloss: Gloss | None) -> bool:
    """Do its words stand in the fields already?"""
    return gloss is not None and gloss.kind == "keyword" and bool(found.blocks)


def _sourced(text: str, source: str, cells: int) -> list[Line]:
    """The end of a text, and where that is written: a section of a standard is not broken at its blank."""
    said, where = piece("plain", text), ("key", source)
    if not source or width([said, where]) + len(SOURCE_GAP) > cells:
        return [(said,), (where,)] if source else [(said,)]
    return [(said, ("plain", SOURCE_GAP), where)]


def _no_traffic(event: object, texts: Texts) -> list[Line]:
    """Why there are no bytes: a decision was never said."""
    return [] if isinstance(event, SaidEvent) else [(("dim", texts("explain.no_octets")),)]


def _context(here: EntryInTalk) -> list[Line]:
    """What it answers or is answered with, how long that took, and what comes next."""
    event, texts = here.entry.event, here.texts
    parts: list[Line] = []
    if isinstance(event, Said | Packet):
        if event.side is Side.SERVER and (asked := here.request()) is not None:
            parts.append(_told(texts("explain.answers"), "client", asked, here, here.entry.at - asked.at))
        if event.side is Side.CLIENT and (answer := here.answer()) is not None:
            parts.append(_told(texts("explain.answered"), "server", answer, here, answer.at - here.entry.at))
    is_asking = isinstance(event, Said | Packet) and event.side is Side.CLIENT  # then the answer comes next
    if not is_asking and (then := here.next()) is not None:
        parts.append((("dim", texts("explain.next") + " "), ("plain", _read(then, here))))
    return parts


def _told(word: str, look: str, other: Entry, here: EntryInTalk, seconds: float) -> Line:
    texts = here.texts
    took = texts("explain.took", time=f"{1000 * seconds:.1f} ms" if seconds < 1 else duration(seconds))
    return (("dim", f"{word} "), (look, _read(other, here)), ("dim", f"  {took}"))


def _read(entry: Entry, here: EntryInTalk) -> str:
    """How another entry reads, with its talk where that is another one."""
    row = Transcript("rfc", here.texts.lang).rows(entry)[0]
    name = _name(entry)
    text = row.text or here.texts("explain.empty")
    if isinstance(entry.event, Closed) and entry.event.why == "quit":
        text = here.texts("explain.closes")
    return f"{name}: {text}" if name and name != _name(here.entry) else text


# ── its bytes ──


def _bytes(event: object, cells: int) -> list[Line]:
    """What was on the wire, in hexadecimal, its secret struck out; a message stands further down."""
    match event:
        case Packet():
            return [*hexadecimal(event.octets, cells)]
        case Said(line=line, secret=(start, end)):
            return [*hexadecimal(line[:start] + b"*" * (end - start) + line[end:] if start < end else line, cells)]
        case _:
            return []
