"""Markdown: the talks one after another, each a table with an explanation beside every line."""

import re
from collections.abc import Iterator

from maillab.events import Leg
from maillab.recording.export.ladder import ends
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.legs import leg_of
from maillab.views.notation import GLYPHS
from maillab.views.safe import safe
from maillab.views.transcript import Row, Transcript

_TICKS = re.compile("`+")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "title": "A mail session",
        "contents": "Contents",
        "line": "line",
        "meaning": "what it means",
        "decided": "What happened to waiting letters",
        Leg.SUBMIT: "a mail program hands a letter over",
        Leg.LOOKUP: "asking who is responsible",
        Leg.RELAY: "one server hands a letter to another",
        Leg.RETRIEVE: "a reader fetches letters",
    },
    "vi": {
        "title": "Một phiên thư",
        "contents": "Mục lục",
        "line": "dòng",
        "meaning": "ý nghĩa",
        "decided": "Chuyện gì xảy ra với thư đang chờ",
        Leg.SUBMIT: "chương trình thư gửi thư đi",
        Leg.LOOKUP: "hỏi ai chịu trách nhiệm",
        Leg.RELAY: "máy chủ chuyển thư cho nhau",
        Leg.RETRIEVE: "người đọc tải thư về",
    },
}


def export(session: Session, *, lang: Lang = "en") -> Iterator[bytes]:
    """Title, table of contents, a section a talk, and last what was decided between the talks."""
    words = _WORDS[lang]
    talks = _rows(session, lang)
    headings = {talk: _heading(talk, words) for talk in talks}
    yield f"# {_plain(safe(session.header.title)) or words['title']}\n\n## {words['contents']}\n\n".encode()
    for number, heading in enumerate(headings.values(), 1):
        yield f"{number}. [{heading}](#talk-{number})\n".encode()
    for number, (talk, rows) in enumerate(talks.items(), 1):
        yield f'\n<a id="talk-{number}"></a>\n\n## {headings[talk]}\n\n'.encode()
        yield f"| | {words['line']} | {words['meaning']} |\n|---|---|---|\n".encode()
        for row in rows:
            meaning = _plain(safe(row.gloss.text)) if row.gloss else ""
            yield f"| {_plain(row.mark)} | {_code(GLYPHS[row.verdict] + row.text)} | {meaning} |\n".encode()


def _rows(session: Session, lang: Lang) -> dict[str, list[Row]]:
    """The rows of every talk; under "" those that belong to none."""
    view = Transcript(lang=lang, glosses=True)
    talks: dict[str, list[Row]] = {talk: [] for talk in ends(session.entries)}
    between: list[Row] = []
    for entry in session.entries:
        for row in view.rows(entry):
            talks.get(getattr(entry.event, "talk", ""), between).append(row)
    return talks | {"": between} if between else talks


def _heading(talk: str, words: dict[str, str]) -> str:
    leg = leg_of(talk)
    return f"{_plain(safe(talk))}: {words[leg]}" if leg else _plain(safe(talk)) or words["decided"]


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
