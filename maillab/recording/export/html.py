"""One page that holds everything: what came of it, the ladder as a drawing, the transcript with its explanations.

It opens without a network and asks for none: its policy allows only the style and the script that are in it, by their
digests, so that nothing a stranger said could run even if it were not escaped.

Files: reads page.css and page.js beside this file.
"""

import base64
import hashlib
import itertools
import time
from collections.abc import Iterator
from html import escape
from importlib import resources

from maillab.events import Carried, Entry, Leg, Packet
from maillab.mail.content import Content
from maillab.protocols.dns.described import fields
from maillab.recording.export.ladder import Ladder, ladder
from maillab.recording.export.summary import MessageSummary, Summary, summary
from maillab.recording.export.svg import NARROW, PIECE, WIDE, draw, sheet
from maillab.recording.export.turns import NarratedWords, scenes, titled
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.notation import GLYPHS
from maillab.views.safe import safe
from maillab.views.transcript import CONTENT, Row, Transcript, count_lines
from maillab.views.units import duration

SHOWN = 65_536  # octets of a message that can be folded out
LISTED = 50  # messages of the summary
_OUTCOMES = {  # a sign, and what it means
    "read": ("✓", "arrived and was read"),
    "stored": ("✓", "arrived, not read yet"),
    "waiting": ("!", "queued, will be retried"),
    "failed": ("✗", "not delivered"),
    "partly": ("!", "delivered to some of its recipients only"),
    "open": ("…", "still on its way when the recording ended"),
}
_LEGS = {Leg.SUBMIT: "submit", Leg.LOOKUP: "look up", Leg.RELAY: "relay", Leg.RETRIEVE: "retrieve"}
_SIDES = {"client": "clients", "server": "servers", "none": "what happened"}
_HEADS = ("s", "conversation", "", "line", "what it means")


def export(session: Session, *, lang: Lang = "en", content: int = CONTENT) -> Iterator[bytes]:
    """The page, in pieces. Messages of up to `content` lines are open, longer ones are folded."""
    say = Say(lang, VIETNAMESE)
    title, session = titled(session, lang)
    title = title or say("A mail session")
    drawn = ladder(session, lang)
    pieces = itertools.chain(
        _head(title, lang),
        _top(title, summary(session), session.header.started, say),
        _filters(say),
        _drawings(drawn, lang, say),
        _transcript(session, lang, content, say),
        (f"</main>\n<script>{_file('page.js')}</script>\n</body>\n</html>\n",),
    )
    yield from (piece.encode() for piece in pieces)


def _file(name: str) -> str:
    return resources.files("maillab.recording.export").joinpath(name).read_text("utf-8")


def _head(title: str, lang: Lang) -> Iterator[str]:
    style, script = _file("page.css"), _file("page.js")
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'"
    yield f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<main>
"""


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# ── what came of it ──


def _top(title: str, summed: Summary, started: float, say: Say) -> Iterator[str]:
    yield f'<header>\n<h1>{escape(title)}</h1>\n<section class="summary" aria-label="{say("In short")}">\n'
    if summed.messages:
        yield "<ul>\n"
        yield from (_message(message, say) for message in summed.messages[:LISTED])
        if (left := len(summed.messages) - LISTED) > 0:
            yield f"<li>{say('and {} more messages', left)}</li>\n"
        yield "</ul>\n"
    facts = {
        say("conversations"): str(summed.talks),
        say("lines"): str(summed.lines),
        say("from start to end"): duration(summed.seconds),
    }
    if when := _moment(started):
        facts[say("recorded")] = when
    yield "<dl>\n"
    yield from (f"<div><dd>{escape(value)}</dd><dt>{name}</dt></div>\n" for name, value in facts.items())
    yield "</dl>\n</section>\n</header>\n"


def _message(message: MessageSummary, say: Say) -> str:
    """One message: from whom, to whom, about what, and what became of it."""
    sender = escape(message.sender) or f"<i>{say('the server')}</i>"
    recipients = escape(", ".join(message.recipients))
    sign, meaning = _OUTCOMES[message.outcome]
    outcome = f"{sign} {say(meaning)}"
    reason = ""
    if message.reason:
        key = f"{say('first deferred')}: " if message.outcome in ("read", "stored") else ""
        reason = f'<p class="reason">{key}{escape(message.reason)}</p>'
    kind = say("report" if message.is_report else "message")
    subject = f'<p class="subject">{escape(message.subject)}</p>' if message.subject else ""
    return (
        f'<li class="{message.outcome}"><p class="who"><span class="kind">{kind}</span> {sender} '
        f'<span class="to">→</span> {recipients}</p>{subject}<p class="outcome">{outcome}</p>{reason}</li>\n'
    )


def _moment(started: float) -> str:
    """When, in universal time; "" where a session does not say, or says nonsense."""
    try:
        return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(started)) if started > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _filters(say: Say) -> Iterator[str]:
    yield f"<nav>{say('Show')} "
    for kind, values in (("leg", _LEGS), ("side", _SIDES)):
        for value, text in values.items():
            data = f'data-kind="{kind}" data-value="{value}"'
            yield f'<button type="button" aria-pressed="true" {data}>{say(text)}</button>'
    yield f'<span class="key">{say("inside TLS")}</span></nav>\n'


# ── the ladder ──


def _drawings(drawn: Ladder, lang: Lang, say: Say) -> Iterator[str]:
    """The ladder twice, for a page and for a telephone, where its columns are numbered."""
    if not drawn.rungs:
        return
    yield f'<section>\n<h2>{say("Who talks to whom")}</h2>\n<div class="drawing">\n'
    is_numbered = sheet(drawn, "wide", WIDE).numbered  # on a page, too: so many take part
    yield f'<ol class="{"" if is_numbered else "narrow "}names">\n'
    yield from (f"<li>{escape(name)}</li>\n" for name in drawn.participants)
    yield "</ol>\n"
    yield from draw(drawn, lang, title=say("Who talks to whom"), each=PIECE)
    yield from draw(drawn, lang, name="narrow", width=NARROW, title=say("Who talks to whom"), each=PIECE)
    yield "</div>\n</section>\n"


# ── the transcript ──


def _transcript(session: Session, lang: Lang, content: int, say: Say) -> Iterator[str]:
    yield f'<section class="transcript">\n<h2>{say("Every line")}</h2>\n'
    table = _Table(lang, content, say)
    for item in scenes(session, lang, as_headings=True):
        yield from table.moment(item) if isinstance(item, NarratedWords) else table.entry(item)
    yield f"{table.end()}</section>\n"


class _Table:
    """Writes rows, in tables that headings interrupt; each explanation is written out where it is first needed."""

    def __init__(self, lang: Lang, content: int, say: Say) -> None:
        self._view = Transcript(lang=lang, glosses=True)
        self._content = content
        self._say = say
        self._explained: set[str] = set()
        self._anchors: set[str] = set()
        self._is_open = False
        self._talk = ""

    def moment(self, moment: NarratedWords) -> Iterator[str]:
        """Narration, or a mark, is a heading."""
        kind = "mark" if moment.is_mark else "told"
        name = f"{kind}-{moment.after}"
        anchor = "" if name in self._anchors else f' id="{name}"'  # the first of several that are told at one place
        self._anchors.add(name)
        yield f'{self.end()}<h3 class="{kind}"{anchor}>{escape(moment.text)}</h3>\n'

    def entry(self, entry: Entry) -> Iterator[str]:
        """The rows of one entry."""
        if not self._is_open:
            self._is_open, self._talk = True, ""
            heads = "".join(f"<th>{self._say(text)}</th>" for text in _HEADS)
            yield f'<table>\n<thead class="off"><tr class="moment">{heads}</tr></thead>\n<tbody>\n'
        yield from (self._row(row, entry) for row in self._view.rows(entry))

    def end(self) -> str:
        """The end of the table that is open."""
        was_open, self._is_open = self._is_open, False
        return "</tbody>\n</table>\n" if was_open else ""

    def _row(self, row: Row, entry: Entry) -> str:
        side = row.side or "none"
        again = " again" if row.talk == self._talk else ""
        self._talk = row.talk
        classes = f"{side} {row.verdict}{' secure' if row.secure else ''}{again}"
        text = escape(GLYPHS[row.verdict] + row.text) or "&nbsp;"
        if isinstance(entry.event, Carried):
            text = self._message(text, entry.event.content)
        if isinstance(entry.event, Packet):
            inside = "\n".join(escape(f"{name:<10} {value}") for name, value in fields(entry.event.octets))
            text = f"<details><summary>{text}</summary><pre>{inside}</pre></details>"
        cells = {
            "time": f"{row.seconds:.3f}",
            "talk": escape(row.talk),
            "mark": escape(row.mark),
            "line": text,
            "gloss": self._meaning(row),
        }
        inside = "".join(f'<td class="{name}">{cell}</td>' for name, cell in cells.items())
        return f'<tr class="{classes}" data-leg="{row.leg or "none"}" data-side="{side}">{inside}</tr>\n'

    def _meaning(self, row: Row) -> str:
        """The explanation, the first time; after that a sign that tells it to who points at it."""
        if row.gloss is None:
            return ""
        text = escape(safe(row.gloss.text))
        if text in self._explained:
            return f'<span class="again" title="{text}">″</span>'
        self._explained.add(text)
        return f'<span title="{escape(row.gloss.source)}">{text}</span>'

    def _message(self, text: str, content: Content) -> str:
        try:
            is_open = count_lines(content) <= self._content
        except OSError:
            return text
        inside = _shown(content, self._say)
        return f"<details{' open' * is_open}><summary>{text}</summary><pre>{inside}</pre></details>"


def _shown(content: Content, say: Say) -> str:
    """The message's lines made safe, as far as they are shown."""
    try:
        start = next(content.blocks(SHOWN), b"")
    except OSError:
        return say("not kept")
    text = "\n".join(escape(safe(line.removesuffix(b"\r"))) for line in start.removesuffix(b"\n").split(b"\n"))
    left = len(content) - len(start)
    return f"{text}\n{say('… {} more bytes', left)}" if left else text
