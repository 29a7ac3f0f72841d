"""A recording for asciinema (asciicast v2): the transcript in colours, at a pace that can be read.

Real pauses are kept up to a limit, and no line follows another faster than a person can see it come.
"""

import json
from collections.abc import Iterator

from maillab.recording.export.turns import NarratedWords, scenes, titled
from maillab.recording.session import Session
from maillab.views.gloss import Lang
from maillab.views.notation import Notation
from maillab.views.safe import cells
from maillab.views.transcript import CONTENT, Transcript

WIDTH, HEIGHT = 110, 32  # columns and lines of the terminal that is shown
READING = 17.0  # characters a second
SHORTEST, LONGEST = 0.25, 2.0  # seconds between two lines


def export(
    session: Session, *, notation: Notation = "rfc", lang: Lang = "en", content: int = CONTENT
) -> Iterator[bytes]:
    """The header, then an event a line of the transcript, and one for every mark."""
    view = Transcript(notation, lang, content=content)
    start = session.entries[0].at if session.entries else 0.0
    title, session = titled(session, lang)
    yield _json({"version": 2, "width": WIDTH, "height": HEIGHT, "timestamp": int(start), "title": title})
    now, before = 0.0, start
    for item in scenes(session, lang):
        if isinstance(item, NarratedWords):
            yield from _moment(item, now)
            now += min(LONGEST, len(item.text) / READING) * (not item.is_mark)
            continue
        for row in view.iterate(item):
            now += min(LONGEST, max(SHORTEST, item.at - before))
            before = item.at
            height = -(-cells(view.line(row)) // WIDTH)  # a line that the terminal folds takes longer to read
            now += SHORTEST / 2 * max(0, min(height, HEIGHT) - 1)
            yield _json([round(now, 3), "o", view.paint(row) + "\r\n"])


def _moment(moment: NarratedWords, now: float) -> Iterator[bytes]:
    """A mark that players can jump to, or the narrator's words in bold."""
    if moment.is_mark:
        yield _json([round(now, 3), "m", moment.text])
    else:
        yield _json([round(now, 3), "o", f"\r\n\x1b[1m{moment.text}\x1b[0m\r\n\r\n"])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
