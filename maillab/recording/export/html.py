"""One page that holds everything: the ladder as a drawing, the transcript with its explanations, buttons to filter.

It opens without a network and asks for none: its policy allows only the style and the script that are in it, by their
digests, so that nothing a stranger said could run even if it were not escaped.

Files: reads page.css and page.js beside this file.
"""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from importlib import resources

from maillab.events import Carried, Entry, Leg
from maillab.mail.content import Content
from maillab.recording.export.ladder import ladder
from maillab.recording.export.svg import draw
from maillab.recording.export.turns import Moment, scenes
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.notation import GLYPHS
from maillab.views.safe import safe
from maillab.views.transcript import Row, Transcript

SHOWN = 65_536  # octets of a letter that can be folded out
_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "title": "A mail session",
        "show": "Show:",
        "ladder": "Who talks to whom",
        "transcript": "Every line",
        "client": "clients",
        "server": "servers",
        "none": "what happened",
        "cut": "… {left} more octets",
        "gone": "not kept",
    },
    "vi": {
        "title": "Một phiên thư",
        "show": "Hiện:",
        "ladder": "Ai nói với ai",
        "transcript": "Từng dòng",
        "client": "máy khách",
        "server": "máy chủ",
        "none": "điều xảy ra",
        "cut": "… còn {left} octet",
        "gone": "không được giữ",
    },
}


def export(session: Session, *, lang: Lang = "en") -> Iterator[bytes]:
    """The page, in pieces."""
    words = _WORDS[lang]
    style, script = (
        resources.files("maillab.recording.export").joinpath(name).read_text("utf-8")
        for name in ("page.css", "page.js")
    )
    yield _head(safe(session.header.title) or words["title"], lang, words, style, script).encode()
    yield from (piece.encode() for piece in draw(ladder(session, lang), lang))
    yield f"</div>\n<h2>{words['transcript']}</h2>\n<table>\n".encode()
    view = Transcript(lang=lang, glosses=True)
    for item in scenes(session, lang):
        if isinstance(item, Moment):
            yield f'<tr class="moment"><td></td><td colspan="4">{escape(item.text)}</td></tr>\n'.encode()
        else:
            yield from (_row(row, item, words).encode() for row in view.rows(item))
    yield f"</table>\n<script>{script}</script>\n</body>\n</html>\n".encode()


def _head(title: str, lang: Lang, words: dict[str, str], style: str, script: str) -> str:
    policy = f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'"
    buttons = [("leg", leg, leg) for leg in Leg] + [
        ("side", side, words[side]) for side in ("client", "server", "none")
    ]
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<h1>{escape(title)}</h1>
<nav>{words["show"]} {"".join(_button(*button) for button in buttons)}</nav>
<h2>{words["ladder"]}</h2>
<div class="drawing">
"""


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _button(kind: str, value: str, text: str) -> str:
    return f'<button type="button" aria-pressed="true" data-kind="{kind}" data-value="{value}">{text}</button>'


def _row(row: Row, entry: Entry, words: dict[str, str]) -> str:
    side = row.side or "none"
    classes = f"{side} {row.verdict}{' secure' if row.secure else ''}"
    text = escape(GLYPHS[row.verdict] + row.text) or "&nbsp;"
    if isinstance(entry.event, Carried):
        text = f"<details><summary>{text}</summary><pre>{_letter(entry.event.content, words)}</pre></details>"
    gloss = f'<span title="{escape(row.gloss.source)}">{escape(safe(row.gloss.text))}</span>' if row.gloss else ""
    cells = {
        "time": f"{row.seconds:.3f}",
        "talk": escape(row.talk),
        "mark": escape(row.mark),
        "line": text,
        "gloss": gloss,
    }
    inside = "".join(f'<td class="{name}">{cell}</td>' for name, cell in cells.items())
    return f'<tr class="{classes}" data-leg="{row.leg or "none"}" data-side="{side}">{inside}</tr>\n'


def _letter(content: Content, words: dict[str, str]) -> str:
    """The letter's lines made safe, as far as they are shown."""
    try:
        start = next(content.blocks(SHOWN), b"")
    except OSError:
        return words["gone"]
    text = "\n".join(escape(safe(line.removesuffix(b"\r"))) for line in start.removesuffix(b"\n").split(b"\n"))
    left = len(content) - len(start)
    return f"{text}\n{words['cut'].format(left=left)}" if left else text
