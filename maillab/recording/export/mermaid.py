"""A Mermaid sequence diagram: the picture of the session where Markdown is read."""

import re
from collections.abc import Iterator

from maillab.recording.export.ladder import Arrow, Note, ladder
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.verdict import Verdict

# `;` ends a statement, `#` begins a character's number, `<` is taken for HTML, `%%` for a comment, `$$` for a formula.
_SPECIAL = re.compile(r"[^\w\s.,:@/()=+*!?'\[\]‹›▸⟨⟩…-]|\A(?:no)?wrap(?=:)", re.IGNORECASE)
_EMPTY = "(an empty line)"


def export(session: Session, *, lang: Lang = "en") -> Iterator[bytes]:
    """A line a statement. Refusals end in a cross, replies are dashed, as sequence diagrams have it."""
    drawn = ladder(session, lang)
    names = {name: f"P{number}" for number, name in enumerate(drawn.participants, 1)}
    yield b"sequenceDiagram\n"
    if session.header.title:
        yield f"    title {_text(safe(session.header.title))}\n".encode()
    yield b"    autonumber\n"
    for name, short in names.items():
        yield f"    participant {short} as {_text(name)}\n".encode()
    for rung in drawn.rungs:
        yield f"    {_statement(rung, names)}\n".encode()


def _statement(rung: Arrow | Note, names: dict[str, str]) -> str:
    if isinstance(rung, Note):
        over = ",".join(names[name] for name in rung.over)
        return f"Note over {over}: {_text(rung.text)}"
    line = "->>" if rung.side == "client" else "-->>" if rung.verdict is Verdict.OK else "--x"
    return f"{names[rung.source]}{line}{names[rung.target]}: {_text(rung.text)}"


def _text(text: str) -> str:
    """Text that Mermaid shows as it is.

    >>> _text("RCPT TO:<b@x.test>; #1")
    'RCPT TO:#60;b@x.test#62;#59; #35;1'
    """
    escaped = _SPECIAL.sub(lambda found: "".join(f"#{ord(char)};" for char in found[0]), text.strip())
    return escaped or _EMPTY
