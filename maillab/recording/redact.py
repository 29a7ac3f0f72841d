"""Secrets struck out before anything is kept: as many `*` stand in their place, and the entry tells where.

`secret` of such a `Said` still points at the place, so that every view shows `‹redacted 12›` there, as it did live,
and nobody takes the `*` for something that was said.
"""

from msgspec.structs import replace

from maillab.events import Entry, Said
from maillab.recording.session_lines import FILLER
from maillab.views.safe import secret_slice


def redacted(entry: Entry) -> Entry:
    """The same entry without its secret; the length stays.

    >>> from maillab.events import Side
    >>> entry = Entry(1, 0.0, Said("submit-1", Side.CLIENT, b"PASS hunter2\\r\\n", secret=(5, 12)))
    >>> redacted(entry).event
    Said(talk='submit-1', side=<Side.CLIENT: 'client'>, line=b'PASS *******\\r\\n', secure=False, secret=(5, 12))
    """
    event = entry.event
    if not isinstance(event, Said) or event.secret == (0, 0):
        return entry
    start, end = secret_slice(event.line, event.secret)
    line = event.line[:start] + FILLER * (end - start) + event.line[end:]
    return replace(entry, event=replace(event, line=line, secret=(start, end)))
