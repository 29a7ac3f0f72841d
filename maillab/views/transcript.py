"""Entries as rows, and rows as lines of text: the conversation as a person reads it.

Rules for this file: everything that came from outside is made `safe` here; nothing depends on colour; and without
`paint` no escape byte comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from maillab.events import (
    Adjusted,
    Carried,
    Closed,
    DecidedEvent,
    Entry,
    JobEvent,
    Leg,
    Opened,
    Packet,
    Said,
    Secured,
    Side,
    Spoken,
    Stumbled,
    Warned,
)
from maillab.mail.content import Content
from maillab.protocols.dns.described import described, header
from maillab.protocols.protocol import AnswerLine, Request
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Gloss, Lang, content_gloss, gloss
from maillab.views.legs import leg_of, leg_of_job
from maillab.views.notation import ASCII_GLYPHS, GLYPHS, MARKS, Notation
from maillab.views.safe import ascii_only, cells, safe, safe_line, secret_slice, unaccented
from maillab.views.verdict import Verdict, of_answer, of_decision, of_state
from maillab.views.words import Phrases

LONGEST_ROW = 65_536  # octets; a longer line of content is shown in pieces
LONGEST_LINE = 1_000  # octets, line end included (RFC 5322 §2.1.1); on the average of what is shown of a content
CONTENT = 20  # lines of a content that are shown where nobody asked for more or less

_ONE_LINE, _LINES = "{lines} line of message, {octets} bytes", "{lines} lines of message, {octets} bytes"


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the screen. `talk` is the talk or the job, `seconds` counts from the first entry, `text` is safe.

    `side` is `None` for what was not said on a wire.
    """

    seq: int
    seconds: float
    talk: str
    leg: Leg | None
    mark: str
    text: str
    verdict: Verdict = Verdict.OK
    side: Side | None = None
    secure: bool = False
    gloss: Gloss | None = None


_DIM, _BOLD, _RED, _WARM, _COOL, _NOT_NOW = "2", "1", "31", "33", "36", "1;33"  # SGR parameters (ECMA-48 §8.3.117)


class Transcript:
    """Turns entries, in their order, into rows. One per reader: it remembers what was asked.

    >>> view = Transcript()
    >>> entry = Entry(1, 0.0, Said("submit-1", Side.CLIENT, b"MAIL FROM:<alice@sender.test>\\r\\n"))
    >>> [view.line(row) for row in view.rows(entry)]
    ['submit-1 C: MAIL FROM:<alice@sender.test>']
    """

    def __init__(
        self,
        notation: Notation = "rfc",
        lang: Lang = "en",
        *,
        glosses: bool = False,
        show_secrets: bool = False,
        content: int | None = 0,
        ends: bool = False,
        times: bool = False,
        ascii: bool = False,
    ) -> None:
        """`content` is how many lines of a content are shown (0: it is one row, None: all), `ends` shows CR LF, `times`
        puts seconds before each line, `ascii` is for terminals that know nothing else. `show_secrets` is for this view
        only.
        """
        self._marks = MARKS[notation]
        self._lang: Lang = lang
        self._glosses = glosses
        self._show_secrets = show_secrets
        self._content = content
        self._ends = ends
        self._times = times
        self._ascii = ascii
        self._phrase = Phrases(lang, self._safe, unaccented) if ascii else Phrases(lang, safe)
        self._start: float | None = None
        self._talks = FollowedTalks()

    def rows(self, entry: Entry) -> list[Row]:
        """The rows of one entry: one, but for unfolded content."""
        return list(self.iterate(entry))

    def iterate(self, entry: Entry) -> Iterator[Row]:
        """The rows of one entry, made one by one: unfolded content may be large."""
        if self._start is None:
            self._start = entry.at
        heard = self._talks.hear(entry)
        match entry.event:
            case Said() as said:
                assert heard is not None
                yield self._said(entry, said, heard)
            case Carried() as carried if self._content == 0:
                yield self._folded(entry, carried)
            case Carried() as carried:
                yield from self._unfolded(entry, carried)
            case Packet() as packet:
                assert heard is not None
                yield from self._packet(entry, packet, heard)
            case Opened() | Secured() | Closed() as state:
                yield self._state(entry, state)
            case _ as decided:
                yield self._decided(entry, decided)

    def line(self, row: Row) -> str:
        """The row as one line of plain text, without a line end and without any escape byte."""
        time, talk, body, explained = self._parts(row)
        return f"{time}{talk}{body}{explained}"

    def paint(self, row: Row) -> str:
        """The same line in colours, for a terminal that was asked: client warm, server cool, red only for never."""
        time, talk, body, explained = self._parts(row)
        if row.verdict is not Verdict.OK:
            colour = _RED if row.verdict is Verdict.ERROR else _NOT_NOW if row.side else _BOLD
        elif row.side:
            colour = _WARM if row.side is Side.CLIENT else _COOL
        else:
            colour = ""
        return _sgr(_DIM, time + talk) + _sgr(colour, body) + _sgr(_DIM, explained)

    def margin(self, row: Row) -> int:
        """How many columns stand before the words of the row."""
        time, talk, _, _ = self._parts(row)
        return cells(f"{time}{talk}{row.mark} ")

    def _parts(self, row: Row) -> tuple[str, str, str, str]:
        time = f"{row.seconds:9.3f} " if self._times else ""
        talk = f"{row.talk} " if row.talk else ""
        glyph = (ASCII_GLYPHS if self._ascii else GLYPHS)[row.verdict]
        explained = ""
        if row.gloss and self._ascii:
            explained = f"  | {unaccented(row.gloss.text)}"
        elif row.gloss:
            explained = f"  ┆ {safe(row.gloss.text)}"
        return time, talk, f"{row.mark} {glyph}{row.text}" if row.text else row.mark, explained

    def _safe(self, text: str) -> str:
        return ascii_only(safe(text)) if self._ascii else safe(text)

    def _said(self, entry: Entry, said: Said, heard: Request | AnswerLine) -> Row:
        verdict = of_answer(heard.kind) if isinstance(heard, AnswerLine) else Verdict.OK
        explained = None
        start, end = secret_slice(said.line, said.secret)
        if self._glosses:
            open_words = said.line[:start] + said.line[end:]  # an explanation never tells what the row hides
            explained = gloss(self._talks[said.talk].protocol, heard, open_words, self._lang)
        mark = self._marks.speaker(said.side, said.secure, verdict)
        return self._row(entry, said.talk, mark, self._words(said), verdict, said, explained)

    def _words(self, said: Said) -> str:
        """The line made safe, its secret hidden unless this view shows it."""
        ends = (
            self._ends and self._talks[said.talk].leg is not Leg.LOOKUP
        )  # DNS in words is of a record: it has no lines
        text = safe_line(said.line, (0, 0) if self._show_secrets else said.secret, ends=ends)
        return ascii_only(text) if self._ascii else text

    def _packet(self, entry: Entry, packet: Packet, heard: Request | AnswerLine) -> Iterator[Row]:
        """A row a record, then what else the message holds; all in one row where contents are not shown either."""
        lines = described(packet.octets)
        if not self._content:
            more = "{names} and {count} more"
            text = self._phrase(more, names=lines[0], count=len(lines) - 1) if lines[1:] else self._safe(lines[0])
            yield self._packet_row(entry, packet, heard, lines[0], text)
            return
        for line in lines:
            yield self._packet_row(entry, packet, heard, line, self._safe(line))
        if rest := header(packet.octets):
            yield self._packet_row(entry, packet, heard, rest, self._safe(f"▸ {rest}"))

    def _packet_row(self, entry: Entry, packet: Packet, heard: Request | AnswerLine, line: str, text: str) -> Row:
        verdict = of_answer(heard.kind) if isinstance(heard, AnswerLine) else Verdict.OK
        protocol = self._talks[packet.talk].protocol
        explained = gloss(protocol, heard, line.encode(), self._lang) if self._glosses else None
        mark = self._marks.speaker(packet.side, packet.secure, verdict)
        return self._row(entry, packet.talk, mark, text, verdict, packet, explained)

    def _folded(self, entry: Entry, carried: Carried) -> Row:
        octets = len(carried.content)
        try:
            lines = count_lines(carried.content)
        except OSError:  # the file of a large message does not outlive the lab
            text = self._phrase("message, {octets} bytes, no longer kept", octets=octets)
        else:
            text = self._phrase(_ONE_LINE if lines == 1 else _LINES, lines=lines, octets=octets)
        return self._content_row(entry, carried, self._safe(f"▸ {text}"))

    def _unfolded(self, entry: Entry, carried: Carried) -> Iterator[Row]:
        """Its lines, the first with an explanation; of a long content the others are counted."""
        content = carried.content
        lines = octets = 0
        try:
            first = next(_lines(content), b"")
            if self._content is not None and not (first and self._has_room(0, len(first))):
                yield self._folded(entry, carried)
                return
            for line in _lines(content):
                if self._content is not None and lines and not self._has_room(lines, octets + len(line)):
                    left = max(1, count_lines(content) - lines)
                    rest = "{lines} more line, {octets} bytes" if left == 1 else "{lines} more lines, {octets} bytes"
                    text = self._phrase(rest, lines=left, octets=len(content) - octets)
                    yield self._content_row(entry, carried, self._safe(f"▸ {text}"), explained=False)
                    return
                text = safe(line, ends=self._ends) + ("" if line.endswith(b"\n") else "⋯")
                text = ascii_only(text) if self._ascii else text
                yield self._content_row(entry, carried, text, explained=not lines and bool(self._content))
                lines, octets = lines + 1, octets + len(line)
        except OSError:
            text = self._safe(f"▸ {self._phrase('message, {octets} bytes, no longer kept', octets=len(content))}")
            yield self._content_row(entry, carried, text, explained=False)

    def _has_room(self, lines: int, octets: int) -> bool:
        """May a line more be shown, with which it is so many octets? Lines of any length would be no limit."""
        return self._content is not None and lines < self._content and octets <= self._content * LONGEST_LINE

    def _content_row(self, entry: Entry, carried: Carried, text: str, *, explained: bool = True) -> Row:
        meaning = None
        if self._glosses and explained:
            meaning = content_gloss(self._talks[carried.talk].protocol, self._lang)
        mark = self._marks.speaker(carried.side, carried.secure, Verdict.OK)
        return self._row(entry, carried.talk, mark, text, Verdict.OK, carried, meaning)

    def _state(self, entry: Entry, event: Opened | Secured | Closed) -> Row:
        row = self._row(entry, event.talk, self._marks.state, self._phrase.of(event), of_state(event))
        if isinstance(event, Closed):
            self._talks.pop(event.talk, None)
        return row

    def _decided(self, entry: Entry, event: DecidedEvent) -> Row:
        verdict = of_decision(event)
        mark = self._marks.bad_fact if verdict is Verdict.ERROR else self._marks.fact
        return self._row(entry, _whose(event), mark, self._phrase.of(event), verdict)

    def _row(
        self,
        entry: Entry,
        talk: str,
        mark: str,
        text: str,
        verdict: Verdict,
        spoken: Spoken | None = None,
        explained: Gloss | None = None,
    ) -> Row:
        if isinstance(entry.event, JobEvent):
            leg: Leg | None = leg_of_job(entry.event)
        else:
            leg = self._talks[talk].leg if talk in self._talks else leg_of(talk)
        seconds = entry.at - (self._start or 0.0)
        side, secure = (spoken.side, spoken.secure) if spoken else (None, False)
        return Row(entry.seq, seconds, self._safe(talk), leg, mark, text, verdict, side, secure, explained)


def _whose(event: DecidedEvent) -> str:
    """The talk, the job or the place that an event belongs to."""
    if isinstance(event, JobEvent):
        return event.job
    if isinstance(event, Adjusted) and event.what == "clock":
        return "lab"  # its clock: the sentence says so
    return event.where if isinstance(event, Warned | Adjusted | Stumbled) else event.talk


def _lines(content: Content) -> Iterator[bytes]:
    """Lines with their ends, block by block; what has no end within `LONGEST_ROW` comes in pieces."""
    rest = b""
    for block in content.blocks():
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line + b"\n"
        if len(rest) >= LONGEST_ROW:
            yield rest
            rest = b""
    if rest:
        yield rest


def count_lines(content: Content) -> int:
    """How many lines a content has, the last one also where it has no end. Raises `OSError` where its file is gone."""
    count, last = 0, b"\n"
    for block in content.blocks():
        count += block.count(b"\n")
        last = block[-1:]
    return count + (last != b"\n")


def _sgr(colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colour and text else text
