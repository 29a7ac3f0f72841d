"""Markdown: the talks one after another, each a table with an explanation beside every line, messages as they are.

The narrator's words stand where they were said, as quotations between the pieces of a table.
"""

import itertools
import re
from collections.abc import Iterable, Iterator

from maillab.events import Carried, Leg
from maillab.recording.export.ladder import ends
from maillab.recording.export.turns import NarratedWords, scenes, titled
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.legs import leg_of
from maillab.views.notation import GLYPHS
from maillab.views.safe import safe
from maillab.views.transcript import CONTENT, Row, Transcript

_TICKS = re.compile("`+")
_BEGINNING = re.compile(r"\A(\s*[0-9]*)([#+=.)-])")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_LEGS = {
    Leg.SUBMIT: "a mail program sends a message",
    Leg.LOOKUP: "asking DNS which host receives the mail",
    Leg.RELAY: "one server sends a message to another",
    Leg.RETRIEVE: "a mail program fetches messages",
}

_Piece = str | tuple[Row, bool]  # what a narrator said; a row, and does it belong to a message?


def export(session: Session, *, lang: Lang = "en", content: int = CONTENT) -> Iterator[bytes]:
    """Title, table of contents, a section a talk, and last what was decided between the talks."""
    say = Say(lang, VIETNAMESE)
    title, session = titled(session, lang)
    talks, before = _pieces(session, lang, content)
    headings = {talk: _heading(talk, say) for talk in talks}
    yield f"# {_plain(title) or say('A mail session')}\n\n".encode()
    yield from (_told(text) for text in before)
    yield f"## {say('Contents')}\n\n".encode()
    for number, heading in enumerate(headings.values(), 1):
        yield f"{number}. [{heading}](#talk-{number})\n".encode()
    for number, (talk, pieces) in enumerate(talks.items(), 1):
        yield f'\n<a id="talk-{number}"></a>\n\n## {headings[talk]}\n\n'.encode()
        yield from _section(pieces, say)


def _pieces(session: Session, lang: Lang, content: int) -> tuple[dict[str, list[_Piece]], list[str]]:
    """Rows and narration of every talk, under "" those that belong to none; and what is told before the first talk.

    What a narrator says introduces what comes next, so it stands in that talk.
    """
    view = Transcript(lang=lang, glosses=True, content=content)
    talks: dict[str, list[_Piece]] = {talk: [] for talk in ends(session.entries)}
    between: list[_Piece] = []
    before: list[str] = []
    told: list[str] = []
    for item in scenes(session, lang):
        if isinstance(item, NarratedWords):
            told += [] if item.is_mark else [item.text]
            continue
        if not any((*talks.values(), between)):
            before, told = told[:-1], told[-1:]  # of the first words the last belong to what comes
        place = talks.get(item.talk, between)
        place += told
        told = []
        place += [(row, isinstance(item.event, Carried) and content != 0) for row in view.rows(item)]
    last = next((pieces for pieces in reversed([*talks.values(), between]) if pieces), None)
    if last is None:
        return talks, before + told
    last += told
    return (talks | {"": between} if between else talks), before


def _section(pieces: Iterable[_Piece], say: Say) -> Iterator[bytes]:
    """Tables, with messages and narration between them."""
    kinds = itertools.groupby(pieces, key=lambda piece: piece[1] if isinstance(piece, tuple) else None)
    separate = b""
    for is_message, group in kinds:
        yield separate
        separate = b"\n"
        if is_message is None:
            yield b"\n".join(_told(piece).rstrip(b"\n") + b"\n" for piece in group if isinstance(piece, str))
            continue
        rows = [piece[0] for piece in group if not isinstance(piece, str)]
        if is_message:
            yield from _message(rows)
            continue
        yield f"| | {say('line')} | {say('what it means')} |\n|---|---|---|\n".encode()
        for row in rows:
            meaning = _plain(safe(row.gloss.text)) if row.gloss else ""
            yield f"| {_plain(row.mark)} | {_code(GLYPHS[row.verdict] + row.text)} | {meaning} |\n".encode()


def _message(rows: list[Row]) -> Iterator[bytes]:
    """The lines of a message, in a block whose fence no line of it can close."""
    longest = max((len(ticks) for row in rows for ticks in _TICKS.findall(row.text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text\n".encode()
    yield from (f"{row.text}\n".encode() for row in rows)
    yield f"{fence}\n".encode()


def _told(text: str) -> bytes:
    """A quotation: no heading and no list, whatever it begins with.

    >>> _told("# one"), _told("1. two")
    (b'> \\\\# one\\n\\n', b'> 1\\\\. two\\n\\n')
    """
    return b"> " + _BEGINNING.sub(r"\1\\\2", _plain(text), count=1).encode() + b"\n\n"


def _heading(talk: str, say: Say) -> str:
    leg = leg_of(talk)
    name = _plain(safe(talk))
    return f"{name}: {say(_LEGS[leg])}" if leg else name or say("What happened to waiting messages")


def _plain(text: str) -> str:
    """Words of a paragraph or a cell, in which nothing is markup.

    >>> _plain("<b> a|b")
    '\\\\<b\\\\> a\\\\|b'
    """
    return _MARKUP.sub(r"\\\1", text)


def _code(text: str) -> str:
    """A line of a talk in a cell, as code: fenced by more ticks than it holds, its bars escaped.

    >>> _code("a`b|c")
    '``a`b\\\\|c``'
    """
    if not text.strip():
        return ""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{space}{text.replace('|', chr(92) + '|')}{space}{fence}"
