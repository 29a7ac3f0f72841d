"""A look into a saved session before it is opened: who wrote to whom, what became of it, and how it begins.

Rules for this file: no Textual; what a file holds is made safe.
"""

from collections.abc import Iterator

from maillab.recording.export.summary import MessageSummary
from maillab.recording.session import Note, Told
from maillab.tui.dates import date
from maillab.tui.looks.sink import Line, piece
from maillab.tui.playing.archive import SessionSummary
from maillab.tui.reading.filtered_view import FilteredView
from maillab.tui.reading.model import Model
from maillab.tui.reading.wire_layout import WireLayout
from maillab.tui.reading.wire_lines import WireLines
from maillab.tui.reading.wire_rows import WireRows
from maillab.tui.texts import Texts
from maillab.views.gloss import LANGS
from maillab.views.units import duration

MOST = 8  # messages that are told one by one
_LOOKS = {"read": "good", "stored": "good", "waiting": "warn", "partly": "warn", "failed": "bad", "open": "dim"}
_SIGNS = {"read": "✓", "stored": "✓", "waiting": "!", "partly": "!", "failed": "✗", "open": "·"}


def preview(name: str, session: SessionSummary, now: float, texts: Texts, cells: int) -> list[Line]:
    """Lines about a session of this name, in so many cells: what is in it, and its beginning."""
    if session.trouble:
        return [(piece("bad", session.trouble),), (), (("dim", texts("session.damaged")),)]
    lines: list[Line] = [(piece("heading", name),)]
    if session.title and session.title != name:
        told = next((note for note in session.notes if _is_title(note, session)), None)
        lines.append((piece("plain", told.said(texts.lang) if isinstance(told, Told) else session.title),))
    lines += [(("dim", _facts(session, now, texts)),), ()]
    for message in session.messages[:MOST]:
        lines += _message(message, texts)
    if len(session.messages) > MOST:
        lines.append((("dim", texts("session.more", count=len(session.messages) - MOST)),))
    if session.marks:
        lines.append((("key", texts("session.marks") + " "), piece("plain", ", ".join(session.marks))))
    return [*lines, *_beginning(session, texts, cells)]


def _facts(session: SessionSummary, now: float, texts: Texts) -> str:
    sign = "≥ " if session.more else ""
    parts = [
        date(session.started or None, now, texts).strip(),
        texts("session.talks", count=session.talks),
        sign + texts("wire.lines", count=session.entries),
        sign + duration(session.seconds),
    ]
    return " · ".join(filter(None, parts))


def _message(message: MessageSummary, texts: Texts) -> Iterator[Line]:
    """From whom to whom, about what; what became of it, and why."""
    look = _LOOKS[message.outcome]
    who = f"{message.sender or '<>'} → {', '.join(message.recipients)}"
    yield ((look, f"{_SIGNS[message.outcome]} "), piece("bold", who))
    words = texts(f"session.outcome.{message.outcome}")
    about = [piece("plain", f"  {message.subject}"), ("dim", " · ")] if message.subject else [("plain", "  ")]
    why = (
        [piece("dim", f": {message.reason}")]
        if message.reason and message.outcome in ("failed", "partly", "waiting")
        else []
    )
    yield (*about, (look, words), *why)


def _beginning(session: SessionSummary, texts: Texts, cells: int) -> Iterator[Line]:
    """The first rows as they stand in the wire, with what a narrator says before them."""
    model = Model()
    model.take(session.first)
    model.learn()
    rows = WireRows(FilteredView(model))
    rows.grow()
    layout = WireLayout(rows, WireLines(model, texts), texts)
    layout.new_times()
    notes = [note for note in session.notes if isinstance(note, Told) and not _is_title(note, session)]
    for row in range(len(rows)):
        _, place = rows.at(row)
        while notes and notes[0].after < model.at(place).seq:
            yield ()
            yield (piece("heading", notes.pop(0).said(texts.lang)),)
        yield from layout.lines(row, cells)
    if session.entries > len(session.first):
        yield (("dim", "…"),)


def _is_title(note: Note, session: SessionSummary) -> bool:
    """Does the narrator only say how the session is called, which stands above?"""
    return isinstance(note, Told) and any(session.title == note.said(lang) for lang in LANGS)
