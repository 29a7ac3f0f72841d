"""What stands in a row of the wire: who speaks, the words, and what they mean; and the heading of a talk.

Rules for this file: no Textual; everything that is given out is safe. A line is understood in its talk, from a little
before it, so that a row costs the same wherever it stands.
"""

import re
from bisect import bisect_left
from collections import OrderedDict
from typing import NamedTuple

from maillab.events import Closed, Deferred, Entry, Event, Failed, Opened, Packet, Said, Secured, Side, Spoken
from maillab.protocols.services import SERVICES
from maillab.tui.reading.dns_line import plainly
from maillab.tui.reading.model import Model, TalkSummary
from maillab.tui.texts import Texts
from maillab.views.fields.decided import meaning
from maillab.views.fields.vietnamese import VIETNAMESE
from maillab.views.language import Say
from maillab.views.reasons import ReasonKind, reason_of
from maillab.views.safe import safe
from maillab.views.short_glosses import short as in_few_words
from maillab.views.transcript import Row, Transcript
from maillab.views.units import duration
from maillab.views.verdict import Verdict

CHUNK = 64  # entries of a talk that are understood together
BEFORE = 256  # entries of the talk that are heard before them
KEPT = 64  # chunks
SAID = 65_536  # texts of decisions and states
LOOKED_AT = 40  # lines of a long answer
SIGNS = {Verdict.OK: " ", Verdict.WARN: "!", Verdict.ERROR: "✗"}


class WireLine(NamedTuple):
    """`arrow` is ▶ of a client, ◀ of a server, ═ of the connection, · of what nobody said; `style` is of the text."""

    arrow: str
    sign: str
    text: str
    gloss: str
    style: str
    arrow_style: str


class WireLines:
    """The lines of a model, in the language of the texts."""

    def __init__(self, model: Model, texts: Texts) -> None:
        self.model = model
        self._texts = texts
        self._say = Say(texts.lang, VIETNAMESE)
        self._plain = Transcript("rfc", texts.lang)
        self._said: dict[Event, str] = {}  # of what is no line: a filter asks for all of them with each letter typed
        self._chunks: OrderedDict[tuple[str, int], tuple[Transcript, list[Row]]] = OrderedDict()

    def text(self, entry: Entry) -> str:
        """What an entry's row says, wherever it stands."""
        event = entry.event
        if isinstance(event, Spoken):
            return self._words(entry, self._plain.rows(entry)[0])
        if (said := self._said.get(event)) is None:
            if len(self._said) >= SAID:
                self._said.clear()
            said = self._said[event] = self._words(entry, self._plain.rows(entry)[0])
        return said

    def line(self, entry: Entry) -> WireLine:
        """A row."""
        row = self._understood(entry)
        event = entry.event
        arrow, arrow_style = "·", "dim"
        if row.side is not None:
            client = row.side is Side.CLIENT
            arrow, arrow_style = ("▶", "client") if client else ("◀", "server")
        elif isinstance(event, Opened | Secured | Closed):
            arrow = "═"
        text, gloss = self._words(entry, row), self._meaning(entry, row)
        return WireLine(arrow, SIGNS[row.verdict], text, gloss, _style(entry, row), arrow_style)

    def folded(self, entry: Entry, others: list[Entry]) -> tuple[str, str]:
        """The text and the meaning of the first line of a long answer, or of a run, that stands for all of it."""
        row, rows = self._understood(entry), [self._understood(other) for other in others[:LOOKED_AT]]
        count = len(others) - (rows[-1].text == "." and len(others) <= LOOKED_AT)
        names = [name for other in rows if other.gloss is not None and (name := other.gloss.key) and _offers(other)]
        if names:
            code = re.split(r"[\s-]", row.text.removeprefix("-"), maxsplit=1)[0]
            return f"{code} {' '.join(names)} ▸", self._texts("wire.offers", count=count)
        gloss = self._meaning(entry, row)
        requests = sum(isinstance(other.event, Said) and other.event.side is Side.CLIENT for other in others)
        if requests:
            return self._texts("wire.run", text=row.text, count=requests), gloss
        return self._texts("wire.more", text=row.text, count=count) if count else f"{row.text} ▸", gloss

    def tag(self, entry: Entry) -> str:
        """The talk of an entry, or what it is about, as both are called everywhere."""
        event = entry.event
        return safe(getattr(event, "talk", "") or getattr(event, "job", "") or getattr(event, "where", ""))

    # ── understanding ──

    def _understood(self, entry: Entry) -> Row:
        """The row of an entry, its explanation with it, as far as the model has learned."""
        name = entry.talk
        talk = self.model.talks.get(name)
        place = bisect_left(talk.seqs, entry.seq) if talk is not None else 0
        if talk is None or place >= len(talk.seqs) or talk.seqs[place] != entry.seq:
            return self._plain.rows(entry)[0]
        rows = self._chunk(talk, place // CHUNK, place % CHUNK)
        return rows[place % CHUNK] if place % CHUNK < len(rows) else self._plain.rows(entry)[0]

    def _chunk(self, talk: TalkSummary, number: int, upto: int) -> list[Row]:
        """The rows of a chunk, as many as are wanted."""
        key = (talk.name, number)
        first = number * CHUNK
        if key not in self._chunks:
            view = Transcript("rfc", self._texts.lang, glosses=True)
            start = max(0, first - BEFORE)
            for seq in ([talk.seqs[0]] if start else []) + list(talk.seqs[start:first]):
                if (earlier := self.model.entry(seq)) is not None:
                    view.rows(earlier)
            self._chunks[key] = (view, [])
            if len(self._chunks) > KEPT:
                self._chunks.popitem(last=False)
        self._chunks.move_to_end(key)
        view, rows = self._chunks[key]
        for seq in talk.seqs[first + len(rows) : first + upto + 1]:
            entry = self.model.entry(seq)
            if entry is None:
                break
            rows.append(view.rows(entry)[0])
        return rows

    def _meaning(self, entry: Entry, row: Row) -> str:
        """What it means, in a few words where there are some."""
        if isinstance(entry.event, Secured):
            shown = entry.event.certificate
            return self._texts("wire.by_lab" if shown is not None and shown.by_lab else "wire.secured")
        gloss = row.gloss if row.side is not None else meaning(entry.event, self._say)
        return safe(in_few_words(gloss, self._texts.lang, asked=row.side is Side.CLIENT)) if gloss is not None else ""

    def _words(self, entry: Entry, row: Row) -> str:
        event = entry.event
        if isinstance(event, Packet):
            return plainly(event.octets)
        if isinstance(event, Secured):
            return self._tls(event)
        if isinstance(event, Deferred | Failed):
            return self._why_not(event)
        return row.text or (self._texts("explain.empty") if row.side is not None else "")

    def _tls(self, event: Secured) -> str:
        """Which TLS, and whom the certificate names: the server of the talk, if it can."""
        version = safe(event.version.replace("TLSv", "TLS ") or "TLS")
        talk = self.model.talks.get(event.talk)
        name = event.certificate.name(talk.server if talk is not None else "") if event.certificate is not None else ""
        return self._texts("wire.tls", version=version, name=safe(name)) if name else version

    def _why_not(self, event: Deferred | Failed) -> str:
        """Why a message waits or comes back, at a glance: for how long, the reason, and last for whom."""
        reason, to = reason_of(event.reason), ", ".join(event.recipients)
        is_said = reason.kind is ReasonKind.SAID
        why = (
            f"{reason.code} {reason.words}".strip()
            if is_said
            else self._texts(f"reason.{reason.kind}", host=reason.host)
        )
        if isinstance(event, Deferred):
            return safe(self._texts("wire.deferred", wait=duration(event.seconds), why=why, to=to))
        return safe(f"{why} · {to}" if event.removed else self._texts("wire.failed", why=why, to=to))


def address(talk: TalkSummary) -> str:
    """The server of a talk and its port, by the standard: `mail.sender.test:587`."""
    service = SERVICES.get(talk.service)
    return safe(f"{talk.server}:{service.port}" if service is not None else talk.server)


def _offers(row: Row) -> bool:
    """Does this line of an answer name something that the server can do?"""
    return row.gloss is not None and row.gloss.kind == "keyword"


def _style(entry: Entry, row: Row) -> str:
    """Red is for never, yellow for not now, whoever says it."""
    if row.verdict is not Verdict.OK:
        return "bad" if row.verdict is Verdict.ERROR else "warn"
    if row.side is not None:
        return "client" if row.side is Side.CLIENT else "server"
    if isinstance(entry.event, Opened | Secured | Closed):
        return "dim"
    return "plain"
