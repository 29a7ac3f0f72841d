"""A Mermaid sequence diagram: the picture of the session where Markdown is read."""

import re
import textwrap
from collections.abc import Iterator

from maillab.events import Carried, Entry
from maillab.recording.export.ladder import Arrow, LadderNote, ladder
from maillab.recording.export.turns import titled
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.safe import clip
from maillab.views.transcript import CONTENT, Transcript
from maillab.views.verdict import Verdict

WIDE = 90  # columns of a note; a longer line of a message is cut, a longer sentence goes on below

# `;` ends a statement, `#` begins a character's number, `<` is taken for HTML, `%%` for a comment, `$$` for a formula.
_SPECIAL = re.compile(r"[^\w\s.,:@/()=+*!?'\[\]‹›▸⟨⟩…-]|\A(?:no)?wrap(?=:)", re.IGNORECASE)
_BREAK = "<br/>"


def export(session: Session, *, lang: Lang = "en", content: int = CONTENT) -> Iterator[bytes]:
    """A line a statement. Refusals end in a cross, replies are dashed, as diagrams have it; messages are notes."""
    title, session = titled(session, lang)
    drawn = ladder(session, lang)
    names = {name: f"P{number}" for number, name in enumerate(drawn.participants, 1)}
    view = Transcript(lang=lang, content=content)
    yield b"sequenceDiagram\n"
    if title:
        yield f"    title {_text(title)}\n".encode()
    yield b"    autonumber\n"
    for name, short in names.items():
        yield f"    participant {short} as {_text(name)}\n".encode()
    for rung in drawn.rungs:
        yield f"    {_statement(rung, names)}\n".encode()
        if isinstance(rung, Arrow) and rung.contents and content:
            yield f"    Note over {names[rung.source]},{names[rung.target]}: {_message(rung, view)}\n".encode()


def _statement(rung: Arrow | LadderNote, names: dict[str, str]) -> str:
    if isinstance(rung, LadderNote):
        over = ",".join(dict.fromkeys(names[name] for name in rung.over))
        return f"Note over {over}: {_lines(rung.text)}"
    line = "->>" if rung.side == "client" else "-->>" if rung.verdict is Verdict.OK else "--x"
    return f"{names[rung.source]}{line}{names[rung.target]}: {_lines(rung.text)}"


def _lines(text: str) -> str:
    """A text in lines that a diagram has room for."""
    return _BREAK.join(map(_text, textwrap.wrap(text, WIDE))) or _text(text)


def _message(arrow: Arrow, view: Transcript) -> str:
    """The lines of a message, one below the other."""
    carried = (Carried(arrow.talk, arrow.side, content) for content in arrow.contents)
    rows = (row for event in carried for row in view.iterate(Entry(arrow.seq, arrow.seconds, event)))
    return _BREAK.join(_text(clip(row.text, WIDE)) for row in rows)


def _text(text: str) -> str:
    """Text that Mermaid shows as it is.

    >>> _text("RCPT TO:<b@x.test>; #1")
    'RCPT TO:#60;b@x.test#62;#59; #35;1'
    """
    return _SPECIAL.sub(lambda special: "".join(f"#{ord(char)};" for char in special[0]), text.strip())
