"""What a stranger could send to hurt a terminal, and how to tell whether any of it got through.

Strings of every hostile kind, made from a seed; a strict reader of what a program wrote to its terminal; letters and
sessions full of such strings; and a program that feeds them to one widget after the other on a real terminal:

    python -m tests.tui.hostile NAMES SEED COUNT LAYER

NAMES are those of `SPECIMENS` with commas between them, LAYER is one of `LAYERS`; COUNT also as `batches` says.
"""

import asyncio
import base64
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import isawaitable
from itertools import chain, repeat
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.filter import LineFilter
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Label

from maillab import events
from maillab.client.shelf import Folder, Item
from maillab.events import Carried, Closed, Entry, Leg, Opened, Said, Secured, Side
from maillab.mail.content import Content
from maillab.mail.letter import initial_of
from maillab.recording.session import Comment, Header, Mark, Note, Session, Told
from maillab.tui import archive, letterview, sink, standing
from maillab.tui.actions import Action
from maillab.tui.archive import Saved, Summary
from maillab.tui.commands.base import Base
from maillab.tui.dialogs.ask import Ask
from maillab.tui.dialogs.help import Help
from maillab.tui.dialogs.jump import Jump
from maillab.tui.dialogs.picker import Choice, Picker
from maillab.tui.dialogs.prompt import Prompt
from maillab.tui.drafts import Draft, File
from maillab.tui.inspection import inspect
from maillab.tui.model import Model
from maillab.tui.playback import Playback, Recording
from maillab.tui.standing import Door, Row, Standing
from maillab.tui.texts import Texts
from maillab.tui.widgets.byhand import ByHandPane
from maillab.tui.widgets.compose import ComposePane
from maillab.tui.widgets.filterbar import FilterBar
from maillab.tui.widgets.hopstrip import HopStrip
from maillab.tui.widgets.inspector import Inspector
from maillab.tui.widgets.keybar import KeyBar
from maillab.tui.widgets.letters import Folders, Letters, Place
from maillab.tui.widgets.machine import RecipientPane, SenderPane
from maillab.tui.widgets.message import MessagePane
from maillab.tui.widgets.panetabs import PaneTabs
from maillab.tui.widgets.scrubber import Scrubber
from maillab.tui.widgets.sessionlist import SessionList
from maillab.tui.widgets.statusbar import StatusBar
from maillab.tui.widgets.tabbar import TabBar
from maillab.tui.widgets.talks import TalkTree
from maillab.tui.widgets.text import TextRows
from maillab.tui.widgets.titlebar import TitleBar
from maillab.tui.widgets.transcript import Transcript
from maillab.views import safe as safety
from maillab.views.journey import Trip
from tests.tui.windows import Alone

SIZE = (110, 42)  # of the terminal on which widgets are fed
NOW = 1_700_000_000.0

# ── what is sent ────────────────────────────────────────────────────────────────────────────────

H = "\x1b]52;c;UFdOSVQ=\x07\x1b]0;PWN\x07\x1b[31m\x9b32m\x1bP+q544e\x1b\\\b\x7f\r\x00\v\u202e\u2066\u200b\u061c\ud800"
M1 = "[@click=app.quit]x[/]"
M2 = "[/nope] [bold"
M3 = "[@click=app.screenshot('x.svg','.')]invoice[/]"

FIXED = (
    H, M1, M2, M3,
    "\x1b]0;PWN\x07", "\x1b]2;PWN\x1b\\", "\x1b]1;PWN\x9c", "\x1b]52;c;UFdOSVQ=\x07", "\x1b]52;p;?\x1b\\",
    "\x1b]8;;http://evil.test/\x1b\\here\x1b]8;;\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x07", "\x1b]7;file://x/\x07",
    "\x1b]9;PWN\x07", "\x1b]22;wait\x07", "\x1b]777;notify;PWN;x\x07", "\x1b]1337;File=inline=1:UFdO\x07", "\x1b]0;PWN",
    "\x1bP+q544e\x1b\\", "\x1bP$q\"p\x1b\\", "\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\", "\x1b_Ga=T,f=24;UFdO\x1b\\",
    "\x1b^PWN\x1b\\", "\x1bXPWN\x1b\\", "\x1bkPWN\x1b\\", "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1b(0lqk\x1b(B", "\x1b%@",
    "\x1bN\x1bO", "\x1b=\x1b>", "\x1bZ", "\x1bM\x1bD\x1bE", "\x1b", "\x1b\x1b", "\x1b[", "\x1b]", "\x1bP",
    "\x1b[31m", "\x1b[0m", "\x1b[7;5m", "\x1b[8m", "\x1b[m", "\x1b[38;2;1;2;3m", "\x1b[2J\x1b[H", "\x1b[3J", "\x1b[1;1H",
    "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[21t", "\x1b[?1049l", "\x1b[?25h", "\x1b[?1003h", "\x1b[?2004l", "\x1b[?2026h",
    "\x1b[>1u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?69h", "\x1b[5i", "\x1b[4h", "\x1b[!p", "\x1b[200~", "\x1b[201~", "\x1b[1;5r",
    "\x9b31m", "\x9d0;PWN\x9c", "\x90+q544e\x9c", "\x9fG\x9c", "\x98x\x9c", "\x9e", "\x84\x85\x8d", "\x8e\x8f", "\x9a",
    "\x07", "\b\b\b", "\rPWN", "\x7f", "\x0e\x0f", "\f\v", "\x05", "\x00", "\n", "\r\n", "\t", "\x1a\x18", "\x11\x13",
    "\u202e", "\u202dx\u202c", "\u2066\u2067\u2068\u2069", "\u200e\u200f\u061c", "\u202a\u202b", "user\u202emoc.live@bank.test",
    "invoice\u202efdp.exe", "\u200b\u200c\u200d", "\u2060\ufeff\xad\u180e", "\u2061\u2064\u206a\u206f", "\u2028\u2029",
    "\U000e0001\U000e0050\U000e0057\U000e004e\U000e007f", "\U000e0100", "\ufff9a\ufffab\ufffb", "\U0001d173\U0001d17a",
    "\U00013430\U0001343f", "\U0001bca0", "\ufffe\uffff", "\u3164\u115f\uffa0", "\ud800", "\udfff\ud800", "\udc80\udcff", "\udc9b31m",
    "[@click='app.bell']x[/]", "[link=http://evil.test]x[/link]", "[red on blue]x", "[/]", "[", "\\[", "[[", "[/red]", "[@click=",
    "[b]x[/b]", ":smile:", "{0}", "{count}", "{{", "%s%n", "$(id)", "`id`", "$foreground", "[$error]x", "&#27;[31m", "%1b[31m",
    "\\x1b[31m", "=?utf-8?b?G11dMDtQV04H?=", "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307", "日本", "👍🏽", "👩\u200d👩\u200d👧", "\u0e33", "é", "ệ",
)  # fmt: skip
_FILLERS = ("", " ", "x", "PWN", "invoice", "@", '"', "'", "<>", ",", ":", ";", "/", "..", "%", "\\")
_ENDS = ("\x07", "\x1b\\", "\x9c", "")
_FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstuvwxyz{|}~"


def strings(seed: int, count: int, first: int = 0) -> list[str]:
    """So many hostile strings, always the same of a seed; each begins with its number, so that it can be seen."""
    dice = random.Random(seed)
    return [f"{number:04x}|{_string(dice)}" for number in range(first, first + count)]


def _string(dice: random.Random) -> str:
    parts = [_part(dice) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5)))]
    return "".join(f"{part}{dice.choice(_FILLERS)}" for part in parts)


def _part(dice: random.Random) -> str:
    match dice.randrange(8):
        case 0:
            return _sequence(dice)
        case 1:
            return "".join(chr(dice.choice(HIDDEN)) for _ in range(dice.randint(1, 4)))
        case 2:
            return dice.choice("e日x") + "\u0301\u0323\u20dd"[dice.randrange(3)] * dice.randint(1, 40)
        case _:
            return dice.choice(FIXED)


def _sequence(dice: random.Random) -> str:
    """Any sequence of the form of CSI, OSC, DCS, APC, PM, SOS; of seven bits or of eight; whole or not."""
    begin = dice.choice(("\x1b[", "\x9b", "\x1b]", "\x9d", "\x1bP", "\x90", "\x1b_", "\x9f", "\x1b^", "\x1bX"))
    numbers = ";".join(str(dice.choice((0, 1, 2, 4, 8, 22, 52, 1000, 2026))) for _ in range(dice.randint(0, 3)))
    if begin in ("\x1b[", "\x9b"):
        return f"{begin}{dice.choice(('', '', '?', '>', '<', '='))}{numbers}{dice.choice(('', '', '$', ' '))}{dice.choice(_FINALS)}"
    return f"{begin}{numbers};PWN{dice.choice(_ENDS)}"


MONSTERS = (
    "x" * 1_000_000,
    "日" * 200_000,
    "\n" * 100_000,
    "\t" * 100_000,
    "e" + "\u0301" * 100_000,
    "👩\u200d" * 20_000,
    f"{H}{M1}{M2}{M3}" * 2_000,
    "\ud800" * 50_000,
    "\u202e" * 50_000,
    "a\u0301" * 50_000,
    "x " * 100_000,
    "[" * 100_000,
)
"""Strings of which each alone is too much."""

# ── what came out ───────────────────────────────────────────────────────────────────────────────

HIDDEN = [
    code
    for code in chain(range(0x3000), range(0xD800, 0xE000), range(0xF000, 0x20000), range(0xE0000, 0xE1000))
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    and code not in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)  # letters, to the eye
]  # fmt: skip
UNSEEN = re.compile("[" + "".join(map(chr, HIDDEN)).replace("\\", "").replace("]", "") + "]")

_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_STYLE = r"(?:[1-479]|[34]8;2;\d{1,3};\d{1,3};\d{1,3})"
TOKEN = re.compile(
    r"(?P<run>\x1b\["
    + _STYLE
    + "(?:;"
    + _STYLE
    + r")*m(?P<text>[^\x00-\x1f\x7f-\x9f]*)\x1b\[0m)"  # one style, one text
    r"|(?P<move>\x1b\[\d+;\d+H)"
    r"|(?P<line>\r\n(?=\x1b\[\d+;\d+H))"  # between two lines of a picture
    rf"|(?P<mode>\x1b\[\?(?:{_MODES})[hl])"
    r"|(?P<query>\x1b\[\?(?:2026|2048)\$p)"
    r"|(?P<keyboard>\x1b\[>25u|\x1b\[<u)"
    r"|(?P<pointer>\x1b\]22;(?:default|pointer|text|grab|grabbing|ns-resize|ew-resize)\x07)"
    r"|(?P<clipboard>\x1b\]52;c;(?P<copied>[A-Za-z0-9+/]*={0,2})\x07)"
)
_OUTSIDE = re.compile(r"(?:[^\x00-\x1f\x7f-\x9f]|\r\n)+")


@dataclass(frozen=True)
class Reading:
    """What was found in all that a program wrote. `text` is what it drew, `copied` what it put into the clipboard."""

    octets: int
    faults: tuple[str, ...]
    text: str
    copied: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Nothing but what Textual itself writes, and text."""
        return not self.faults


def reading(stream: bytes) -> Reading:
    """Read a stream strictly: every token of it is one of those that Textual writes in this program, whole and in its form.

    Every text stands in a style of its own that is ended behind it, so that a sequence within a text cannot pass for one
    of Textual's. Plain text without a style is only written before the window opens and after it has closed.
    """
    try:
        text = stream.decode()
    except UnicodeDecodeError as error:
        around = stream[max(0, error.start - 40) : error.start + 40]
        return Reading(len(stream), (f"octets that are no UTF-8: {around!r}",), "", ())
    faults: list[str] = []
    drawn: list[str] = []
    copied: list[str] = []
    place, inside = 0, False
    while place < len(text):
        token = TOKEN.match(text, place) or (None if inside else _OUTSIDE.match(text, place))
        if token is None:
            faults.append(f"at {place}: {text[max(0, place - 60) : place + 60]!r}")
            place += 1
            continue
        if token.re is TOKEN:
            match token.lastgroup:
                case "run":
                    drawn.append(token["text"])
                case "mode" if "1049" in token[0]:
                    inside = token[0].endswith("h")
                case "clipboard":
                    copied.append(token["copied"])
        place = token.end()
    faults += [f"hidden U+{ord(one[0]):04X}: {_around(text, one.start())!r}" for one in _hidden(text)]
    return Reading(len(stream), tuple(faults), "\n".join(drawn), tuple(copied))


def _hidden(text: str) -> Iterator[re.Match[str]]:
    """Characters that nobody sees, or that turn writing round; those of ASCII are judged with the tokens."""
    return (found for found in UNSEEN.finditer(text) if found[0] > "\x7f")


def _around(text: str, place: int) -> str:
    return text[max(0, place - 40) : place + 40]


def unpacked(copied: str) -> str:
    """What was put into the clipboard."""
    return base64.b64decode(copied, validate=True).decode()


# ── letters and sessions ────────────────────────────────────────────────────────────────────────


class Words:
    """Hostile strings, one after the other, round and round."""

    def __init__(self, given: Sequence[str]) -> None:
        self._given = list(given)
        self._place = -1

    def __call__(self) -> str:
        self._place += 1
        return self._given[self._place % len(self._given)]

    def octets(self) -> bytes:
        """The next one as octets."""
        return octets_of(self())

    def header(self) -> bytes:
        """The next one as the value of a header field: by turns as it is, and encoded so that every octet arrives."""
        octets = self.octets()
        if self._place % 2:
            return b"=?utf-8?b?" + base64.b64encode(octets) + b"?="
        return octets.replace(b"\r", b"").replace(b"\n", b"")

    def field(self, *, strict: bool) -> bytes:
        """The next one as the name of a header field; `strict`: of characters that may stand in one."""
        octets = self.octets()
        return bytes(octet for octet in octets if 32 < octet < 127 and octet != 58) if strict else octets

    def name(self) -> str:
        """The next one as the name of a file."""
        return octets_of(self()).replace(b"/", b"").replace(b"\0", b"")[:180].decode("utf-8", "surrogateescape")


def octets_of(text: str) -> bytes:
    """A string as octets, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")


def letter(words: Words, *, html: bool = False) -> bytes:
    """A letter that is hostile in every field and in every part; one of HTML has a header that is whole."""
    plain = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + b"\r\n".join(words.octets() for _ in range(6))
    page = (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<title>%s</title><h1>%s</h1><p>%s</p><pre>%s</pre>"
        b'<a href="https://evil.test/%s">%s</a><img alt="%s">&#27;]0;PWN&#7;&#x202e;&#x9b;31m'
    ) % tuple(words.octets() for _ in range(7))
    percent = b"".join(b"%%%02x" % octet for octet in words.octets())
    quoted = words.header().replace(b'"', b"")
    parts = [
        page if html else plain,
        b"Content-Type: application/x; name=\"%s\"\r\nContent-Disposition: attachment; filename*=utf-8''%s\r\n\r\nx"
        % (quoted, percent),
        b'Content-Type: text/plain; charset="%s"\r\nContent-Transfer-Encoding: %s\r\nContent-Description: %s\r\n\r\n%s'
        % (words.header(), words.header(), words.header(), words.octets()),
        b"Content-Type: message/rfc822\r\n\r\nFrom: %s <a@b.test>\r\nSubject: %s\r\n\r\n%s"
        % (words.header(), words.header(), words.octets()),
    ]
    head = (
        b"Received: from %s by %s with %s id %s; Mon, 23 Nov 2026 10:00:02 +0000\r\n"
        b"From: %s <mallory@evil.test>\r\nTo: %s <bob@recipient.test>\r\nCc: %s\r\nReply-To: %s\r\nDate: %s\r\n"
        b'Subject: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\nX-%s: %s\r\n\r\n'
    ) % (*(words.header() for _ in range(10)), words.field(strict=html), words.header())
    return head + b"".join(b"--b\r\n%s\r\n" % part for part in parts) + b"--b--\r\n"


def session(given: Sequence[str]) -> Session:
    """A session in which every field of everything that can happen is hostile: two letters, each sent and read."""
    words = Words(given)
    happened: list[events.Event] = []
    for number in (1, 2):
        happened += _journey(words, number)
    entries = tuple(Entry(seq, NOW + seq / 100, event) for seq, event in enumerate(happened, 1))
    notes: list[Note] = [Told(words(), words(), 0, NOW), Comment(words().replace("\r", ""), 0)]
    notes += [Mark(words(), seq, NOW + seq / 100) for seq in range(5, len(entries), 9)]
    people = [{"name": words()} for _ in range(3)]
    lab = {"sites": [{"domain": words(), "people": people}, {"domain": words(), "people": people}], words(): words()}
    return Session(Header(words(), NOW, lab=lab, note=words()), entries, tuple(notes))


def _journey(words: Words, number: int) -> list[events.Event]:
    """One letter's way."""
    submit, relay, lookup, pop = (f"{name}-{number}" for name in ("submit", "relay", "lookup", "retrieve"))
    odd, name, job, box = words(), words(), words(), f"{words()}@{words()}"
    content = Content(letter(words, html=number == 2))
    return [
        Opened(odd, Leg.SUBMIT, words(), words()),
        Said(odd, Side.SERVER, b"220 " + words.octets()),
        Closed(odd, words()),
        Opened(submit, Leg.SUBMIT, "submission", words()),
        *_said(submit, Side.SERVER, b"220 %s\r\n", words),
        *_said(submit, Side.CLIENT, b"EHLO %s\r\n", words),
        *_said(submit, Side.SERVER, b"250-%s\r\n", words, 3),
        *_said(submit, Side.SERVER, b"250 %s\r\n", words),
        Secured(submit, words()),
        *_said(submit, Side.CLIENT, b"%s\r\n", words, 3),
        *_said(submit, Side.SERVER, b"500 5.5.2 %s\r\n", words, 2),
        events.Authenticated(submit, words(), words()),
        *_said(submit, Side.CLIENT, b"MAIL FROM:<%s>\r\n", words),
        *_said(submit, Side.SERVER, b"250 %s\r\n", words),
        *_said(submit, Side.CLIENT, b"RCPT TO:<%s>\r\n", words),
        *_said(submit, Side.SERVER, b"550 %s\r\n", words),
        Said(submit, Side.CLIENT, b"DATA\r\n"),
        *_said(submit, Side.SERVER, b"354 %s\r\n", words),
        Carried(submit, Side.CLIENT, content),
        events.Submitted(submit, name, box, (f"{words()}@{words()}", words()), len(content)),
        events.Queued(job, name, words(), (words(), words())),
        Closed(submit, words()),
        Opened(lookup, Leg.LOOKUP, "dns", words()),
        *_said(lookup, Side.CLIENT, b"%s IN MX\r\n", words),
        *_said(lookup, Side.SERVER, b"%s 60 IN TXT \"x\"\r\n", words, 3),
        events.Routed(job, (words(), words())),
        Opened(relay, Leg.RELAY, "smtp", words()),
        *_said(relay, Side.SERVER, b"%s\r\n", words, 3),
        Carried(relay, Side.CLIENT, content),
        events.Attempted(job, words(), 450),
        events.Deferred(job, (words(),), words(), 60),
        events.Delivered(relay, box, number, len(content)),
        events.Tolerated(relay, words(), words()),
        events.FaultPlayed(relay, words()),
        Opened(pop, Leg.RETRIEVE, "pop3", words()),
        *_said(pop, Side.SERVER, b"+OK %s\r\n", words),
        *_said(pop, Side.CLIENT, b"USER %s\r\n", words),
        *_said(pop, Side.SERVER, b"-ERR %s\r\n", words),
        Said(pop, Side.CLIENT, b"RETR 1\r\n"),
        *_said(pop, Side.SERVER, b"+OK %s\r\n", words),
        Carried(pop, Side.SERVER, content),
        events.Read(pop, box, number),
        events.Removed(pop, box, (number,)),
        *([events.Failed(job, (words(),), words())] if number == 2 else []),
        events.Bounced(job, words(), words(), words()),
        events.Dropped(words(), words()),
        events.Queued(words(), words(), words(), (words(),)),
        events.Deferred(words(), (words(),), words(), 90),
        events.Warned(words(), words()),
        events.Stumbled(words(), words(), words()),
    ]  # fmt: skip


def _said(talk: str, side: Side, form: bytes, words: Words, times: int = 1) -> list[events.Event]:
    return [Said(talk, side, form % words.octets()) for _ in range(times)]


# ── one widget after the other ──────────────────────────────────────────────────────────────────

EN = Texts("en")
LAYERS = ("both", "guard", "safe")  # of the two: both, the second without the first, the first without the second


@dataclass(frozen=True)
class Show:
    """What is to be seen: widgets or a screen, and what is done to them when they stand."""

    widgets: Sequence[Widget] = ()
    screen: Screen[Any] | None = None
    then: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Specimen:
    """A way of content to the screen. `room` strings are shown at once.

    `ours`: its words are those of our own catalogues, or stand where somebody typed them: only the guard looks at them.
    `shown` of a hundred strings can be seen, at least, with their numbers; the others stand beyond an edge.
    """

    show: Callable[[list[str]], Show]
    room: int
    ours: bool = False
    shown: int = 95


SPECIMENS: dict[str, Specimen] = {}


def specimen(room: int, *, ours: bool = False, shown: int = 95) -> Callable[[Callable[[list[str]], Show]], Any]:
    """Enter it into the table, by the name of its function."""

    def enter(show: Callable[[list[str]], Show]) -> Callable[[list[str]], Show]:
        SPECIMENS[show.__name__] = Specimen(show, room, ours, shown)
        return show

    return enter


class Hostile(Texts):
    """A catalogue that is not to be trusted."""

    def __init__(self, given: Sequence[str]) -> None:
        super().__init__("en")
        self._words = Words(given)

    def __call__(self, key: str, **values: object) -> str:
        return self._words()


def _each(widgets: Sequence[Widget], classes: str = "one") -> Show:
    return Show([Vertical(widget, classes=classes) for widget in widgets])


def _entry(seq: int, event: events.Event) -> Entry:
    return Entry(seq, NOW + seq, event)


def _pairs(given: list[str]) -> Iterator[tuple[str, str]]:
    words = chain(given, repeat(""))
    return ((next(words), next(words)) for _ in range((len(given) + 1) // 2))


@specimen(36)
def titlebar(given: list[str]) -> Show:
    """The state at the right edge."""
    bars = [TitleBar(EN) for _ in given]
    for bar, text in zip(bars, given, strict=True):
        bar.state = (sink.piece("warn", text),)
    return _each(bars)


@specimen(36, ours=True)
def tabbar(given: list[str]) -> Show:
    """Names of tabs."""
    return _each([TabBar(Hostile([text]), "message", ("a",)) for text in given])


@specimen(36, ours=True)
def panetabs(given: list[str]) -> Show:
    """Names of panes."""
    return _each([PaneTabs(Hostile([text]), ("a",)) for text in given])


@specimen(36, shown=90)
def keybar(given: list[str]) -> Show:
    """Keys, as a configuration names them; those that do not fit fall away."""
    action = Action("app.help", ("f1",), 1)

    def keys_of(text: str) -> Callable[[Action], Sequence[str]]:
        return lambda _: [text]

    return _each([KeyBar(EN, lambda: [action], keys_of(text)) for text in given])


@specimen(72)
def statusbar(given: list[str]) -> Show:
    """What is filtered, what a line means, what is said for a moment."""
    bars: list[Widget] = []
    for number, (one, other) in enumerate(_pairs(given)):
        bar = StatusBar()
        bar.facts, bar.meaning = (one[:30], other) if number % 3 else ("", "")
        bar.word = "" if number % 3 else f"{one[:50]} {other}"
        bars.append(bar)
    return _each(bars)


@specimen(36, shown=0)
def scrubber(given: list[str]) -> Show:
    """Marks; their names are not shown here."""
    entries = [_entry(seq, Closed("x", text)) for seq, text in enumerate(given, 1)]
    bar = Scrubber(EN)
    playback = Playback(Recording(Header(given[0]), entries, [Mark(text, 1, NOW) for text in given], whole=True))
    return Show([bar], then=lambda: bar.show(playback))


@specimen(72)
def hopstrip(given: list[str]) -> Show:
    """From whom, to whom."""
    bars = [HopStrip(EN) for _ in _pairs(given)]

    def then() -> None:
        for bar, (one, other) in zip(bars, _pairs(given), strict=True):
            bar.show(Trip(one, one, (other,), 1), (1, 1))

    show = _each(bars)
    return Show(show.widgets, then=then)


@specimen(20, ours=True, shown=90)
def filterbar(given: list[str]) -> Show:
    """What was typed, what is wrong with it."""
    bars = [FilterBar() for _ in _pairs(given)]

    def then() -> None:
        for bar, (one, other) in zip(bars, _pairs(given), strict=True):
            bar.ask("filter", one, other, lambda: None)

    return Show(_each(bars).widgets, then=then)


@specimen(30)
def transcript(given: list[str]) -> Show:
    """Lines of every kind of thing that can happen."""
    kinds: Sequence[Callable[[str], events.Event]] = (
        lambda text: Said("relay-1", Side.SERVER, b"220 " + octets_of(text)),
        lambda text: Said("relay-1", Side.CLIENT, octets_of(text)),
        lambda text: Opened("relay-1", Leg.RELAY, "smtp", text),
        lambda text: Closed("relay-1", text),
        lambda text: Secured("relay-1", text),
        lambda text: events.Authenticated("relay-1", text, "PLAIN"),
        lambda text: events.Deferred("L1", ("b@x.test",), text, 9),
        lambda text: events.Routed("L1", (text,)),
        lambda text: events.Warned("x", text),
        lambda text: events.Tolerated("relay-1", text, "x"),
        lambda text: events.FaultPlayed("relay-1", text),
        lambda text: events.Stumbled("x", "x", text),
    )
    model = Model()
    model.take([_entry(seq, kinds[seq % len(kinds)](text)) for seq, text in enumerate(given, 1)])
    return Show([Transcript(model, "en")])


@specimen(24)
def inspector(given: list[str]) -> Show:
    """One line explained: who said it where, what it was."""
    model, panes, seq = Model(), [], 0
    lines: list[Entry] = []
    for one, other in _pairs(given):
        lines += [
            _entry(seq + 1, Opened(one, Leg.RELAY, "smtp", "x")),
            _entry(seq + 2, Said(one, Side.CLIENT, octets_of(other))),
        ]
        seq += 2
    model.take(lines)
    for entry in lines[1::2]:
        pane = Inspector(classes="")
        pane.show_lines([line for line in inspect(model, entry, EN) if line][:3])
        panes.append(pane)
    return _each(panes, "three")


@specimen(36)
def talks(given: list[str]) -> Show:
    """Talks of no letter, and letters, by their names, their people and their servers."""
    model, lines = Model(), []
    for number, (one, other) in enumerate(_pairs(given)):
        seq = 3 * number + 1
        lines += [_entry(seq, Opened(one, Leg.RELAY, "smtp", other)), _entry(seq + 1, Closed(one, other))]
        lines.append(_entry(seq + 2, events.Submitted(f"t{seq}", other, f"{one}@x", (other,), 1)))
    model.take(lines)
    tree = TalkTree(EN)
    return Show([tree], then=lambda: tree.show_model(model))


@specimen(36)
def folders(given: list[str]) -> Show:
    """Accounts."""
    pane = Folders(EN)
    places = [Place(text, Folder.INBOX, 3, 1) for text in given]
    return Show([pane], then=lambda: pane.show_places(places, None))


@specimen(72)
def letters(given: list[str]) -> Show:
    """From whom, about what; and why there is nothing."""
    items = [
        Item(n, "b@x", Folder.SENT if n % 2 else Folder.INBOX, "", True, False, 9, NOW, one, one, other, None, False)
        for n, (one, other) in enumerate(_pairs(given))
    ]
    full, empty = Letters(EN), Letters(EN)
    full.styles.height = len(items) + 1

    def then() -> None:
        full.show_items(items, "", NOW)
        empty.show_items([], given[0], NOW)

    return Show([full, Vertical(empty, classes="one")], then=then)


@specimen(9, shown=85)
def machines(given: list[str]) -> Show:
    """Sites, doors, people, queues, offers, what is unusual, why there is no lab."""
    word = Words(given)
    site, job = word(), f"{initial_of(0)}{word()}"
    model = Model()
    model.take([
        _entry(1, Opened("submit-1", Leg.SUBMIT, "submission", f"mail.{site}")),
        _entry(2, Said("submit-1", Side.CLIENT, b"EHLO x\r\n")),
        _entry(3, Said("submit-1", Side.SERVER, b"250-" + octets_of(word()) + b"\r\n")),
        _entry(4, events.Queued(job, "L1", "x", (whom := word(),))),
        _entry(5, events.Deferred(job, (whom,), word(), 60)),
    ])  # fmt: skip
    door = Door(site, "submission", 25, "none", True)
    known = Standing((site,), (door,), {site: (f"{word()}@x", word())}, notes={site: (word(),)})
    broken = Standing(trouble=word())
    panes = [SenderPane(id="sender"), RecipientPane(id="recipient"), SenderPane(id="other"), RecipientPane(id="last")]
    for pane in panes:
        pane.remove_class("pane")
    rows: list[list[Row]] = [
        standing.sending(known, model, site, EN, NOW),
        standing.receiving(known, model, site, EN),
        standing.sending(broken, model, site, EN, NOW),
        standing.receiving(standing.of_session(session(given).header), model, word(), EN),
    ]

    def then() -> None:
        for pane, shown in zip(panes, rows, strict=True):
            pane.show_rows(shown)

    return Show(panes, then=then)


@specimen(8, shown=90)
def message(given: list[str]) -> Show:
    """A letter in each of the ways to look at it."""
    panes = [MessagePane(EN) for _ in letterview.TABS]
    for pane in panes:
        pane.remove_class("pane")
        pane.styles.height = 8
    octets = [letter(Words(given), html=bool(number % 2)) for number in range(len(panes))]

    def then() -> None:
        for pane, tab, whole in zip(panes, letterview.TABS, octets, strict=True):
            pane.show(letterview.tab(letterview.opened(whole), tab, EN))

    return Show([Vertical(pane, classes="eight") for pane in panes], then=then)


@specimen(36)
def sessionlist(given: list[str]) -> Show:
    """Names of files."""
    pane = SessionList(EN)
    files = [Saved(Path(Words([text]).name()), 1, NOW) for text in given]
    return Show([pane], then=lambda: pane.show_sessions(files, given[0]))


@specimen(9, shown=85)
def preview(given: list[str]) -> Show:
    """A session at a glance: its title, its marks, its first lines; or why it cannot be read."""
    entries = tuple(_entry(seq, Said("x", Side.SERVER, octets_of(text))) for seq, text in enumerate(given[3:], 1))
    good = Summary(given[0], len(entries), marks=tuple(given[1:2]), first=entries)
    panes = [TextRows(archive.preview(one, EN)) for one in (Summary(trouble=given[-1]), good)]
    return Show(panes)


@specimen(8, ours=True, shown=85)
def compose(given: list[str]) -> Show:
    """Every field of a letter that is written, files, complaints."""
    pane, word = ComposePane(EN), Words(given)
    draft = Draft(word(), word(), word(), word(), word(), word(), word(), (File(word(), word(), b"x"),))

    def then() -> None:
        pane.know(given)
        pane.write(draft)
        pane.say(given[0], bad=True)

    return Show([Vertical(pane, classes="half")], then=then)


@specimen(8, ours=True, shown=90)
def compose_source(given: list[str]) -> Show:
    """Its header and its octets."""
    pane, word = ComposePane(EN), Words(given)

    async def then() -> None:
        pane.write(Draft(headers=f"{word()}\n{word()}"))
        pane.show_tab("headers")
        while not any(rows.size.area for rows in pane.query("#headers")):
            await Feeder.running.drawn()
        pane.show_source((), [[sink.piece("plain", text)] for text in given])

    return Show([pane], then=then)


@specimen(8, shown=90)
def byhand(given: list[str]) -> Show:
    """A conversation that is typed."""
    pane = ByHandPane(EN)
    pane.add_class("-on")

    def then() -> None:
        pane.begin(given[0], "smtp")
        pane.note("\n".join(given[1:3]))
        for seq, text in enumerate(given[3:], 1):
            pane.heard(_entry(seq, Said("by-hand", Side.SERVER if seq % 2 else Side.CLIENT, b"250 " + octets_of(text))))

    return Show([pane], then=then)


@specimen(6)
def textrows(given: list[str]) -> Show:
    """A text to read."""
    return Show([TextRows([[sink.piece("plain", text)] for text in given])])


@specimen(24)
def titles(given: list[str]) -> Show:
    """Titles of panes, above and below."""
    boxes = []
    for one, other in _pairs(given):
        box = Vertical(classes="boxed")
        box.border_title, box.border_subtitle = sink.content(one), sink.content(other)
        boxes.append(box)
    return Show(boxes)


@specimen(36)
def labels(given: list[str]) -> Show:
    """Labels."""
    return Show([Label(sink.content(text), classes="one") for text in given])


@specimen(6, shown=90)
def ask(given: list[str]) -> Show:
    """A question and its answers."""
    return Show(screen=Ask("\n".join(given[:3]), [(text, text[:3], text) for text in given[3:]]))


@specimen(24, ours=True, shown=80)
def picker(given: list[str]) -> Show:
    """A list to choose from."""
    choices = [Choice(one, one, other, "k") for one, other in _pairs(given[1:])]
    return Show(screen=Picker(given[0], choices, nothing=given[0]))


@specimen(3, ours=True)
def prompt(given: list[str]) -> Show:
    """A field to fill in."""
    title, value, hint = (*given, "", "")[:3]
    return Show(screen=Prompt(title, value=value, hint=hint, suggestions=given))


@specimen(6, shown=90)
def help_(given: list[str]) -> Show:
    """A text of help."""
    return Show(screen=Help([[sink.piece("plain", text)] for text in given]))


@specimen(36, shown=0)
def jump(given: list[str]) -> Show:
    """Letters to jump by; nothing of anybody's is in them."""
    return Show(screen=Jump([Offset(1, number) for number in range(len(given))]))


@specimen(4, shown=90)
def notes(given: list[str]) -> Show:
    """What is said before everything: an error, in the words of whoever made it."""

    def then() -> None:
        app = Feeder.running
        app.clear_notifications()
        Base.say(app, "\n".join(given), bad=True)  # type: ignore[arg-type]  # of the window it needs nothing else

    return Show([Label("")], then=then)


class Feeder(Alone):
    """Shows one batch of strings after the other in one specimen after the other, and ends."""

    CSS = """
    .one { height: 1; } .three { height: 3; } .eight { height: 8; } .half { height: 20; } .boxed { height: 3; }
    .boxed { border: round red; } #filterbar, #panetabs { display: block; } Toast { width: 100; max-width: 100; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "end", priority=True)]
    running: "Feeder"

    def __init__(self, batches: Sequence[tuple[Specimen, list[str]]], layer: str, *, stays: bool = False) -> None:
        super().__init__([], "-short")
        self._batches, self._layer, self._stays = batches, layer, stays
        Feeder.running = self

    def get_line_filters(self) -> list[LineFilter]:
        return list(App.get_line_filters(self)) if self._layer == "safe" else super().get_line_filters()

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._feed())

    async def _feed(self) -> None:
        for one, given in self._batches:
            await self._put(one.show(given))
        if not self._stays:
            self.exit()

    async def _put(self, show: Show) -> None:
        """Show it, and wait until it has been drawn."""
        if show.screen is not None:
            await self.push_screen(show.screen)
        else:
            await self.screen.remove_children()
            await self.screen.mount_all(show.widgets)
        await self.drawn()
        if isawaitable(done := show.then()):
            await done
        for _ in range(4):  # a change of size is drawn after it was measured
            await self.drawn()
        if show.screen is not None and not self._stays:
            await self.pop_screen()

    async def drawn(self) -> None:
        """Wait for the next picture."""
        seen = asyncio.Event()
        self.call_after_refresh(seen.set)
        await seen.wait()

    def action_end(self) -> None:
        """The end, when somebody wants it."""
        self.exit(return_code=7)


def without_the_first_layer() -> None:
    """From now on nothing is made safe by anybody but the guard."""
    first = safety.safe

    def as_it_is(data: bytes | str, *, ends: bool = False) -> str:
        return data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")

    for module in list(sys.modules.values()):
        if getattr(module, "safe", None) is first:
            module.safe = as_it_is  # type: ignore[attr-defined]


@cache
def widget_classes() -> dict[str, type]:
    """Every widget and dialog of the window, by its name."""
    import importlib
    import pkgutil

    found: dict[str, type] = {}
    for room in ("maillab.tui.widgets", "maillab.tui.dialogs"):
        for module in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}."):
            for name, kind in vars(importlib.import_module(module.name)).items():
                if isinstance(kind, type) and issubclass(kind, Widget) and kind.__module__ == module.name:
                    found[name] = kind
    return found


def batches(names: Sequence[str], seed: int, count: str) -> Iterator[tuple[Specimen, list[str]]]:
    """What is shown at once, one after the other: so many strings of each specimen, or as COUNT says otherwise.

    "frame": as many as it has room for; "monsters": each alone; "markup": what would act if it were markup.
    """
    for name in names:
        one = SPECIMENS[name]
        if count == "monsters":
            yield from ((one, [monster]) for monster in MONSTERS)
        elif count == "markup":
            yield one, [M1, M2, M3]
        else:
            given = strings(seed, one.room, first_of(name)) if count == "frame" else strings(seed, int(count))
            yield from ((one, given[begin : begin + one.room]) for begin in range(0, len(given), one.room))


def first_of(name: str) -> int:
    """The number of the first string of a specimen, where each has one frame."""
    return 0x100 * list(SPECIMENS).index(name)


def main(names: str, seed: str, count: str, layer: str = "both", *options: str) -> int:
    """Feed these; the exit code is 0 when the end was reached, 7 when somebody pressed F12."""
    if layer == "guard":
        without_the_first_layer()
    app = Feeder(list(batches(names.split(","), int(seed), count)), layer, stays="stays" in options)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
