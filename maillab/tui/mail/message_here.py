"""A message as it stands at one station of its way, and which lines were added since the one before.

Rules for this file: no Textual; of a large message the beginning is enough; its file may be gone.
"""

from collections.abc import Iterator

from maillab.events import Carried, Entry
from maillab.mail.content import Content
from maillab.protocols.lines import unstuff
from maillab.tui.looks.sink import Line, piece
from maillab.tui.reading.hexadecimal import hexadecimal
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts

LOOKED_BACK = 2_000  # entries among which the station before is looked for
MESSAGE_OCTETS = 262_144  # of a message that are shown
MESSAGE_LINES = 2_000
COMPARED = 1_024  # octets by which a message is known again


def message_here(model: Model, entry: Entry, event: Carried, texts: Texts, cells: int, *, hexed: bool) -> list[Line]:
    """Its lines at this station; those that came since the station before stand out."""
    try:
        octets = _first(event.content)
    except OSError:
        return [(("warn", texts("explain.gone")),)]
    if hexed:
        return [(("heading", texts("explain.hex")),), *hexadecimal(octets, cells)]
    plain = octets if entry.seq in model.chunks else unstuff(octets)
    added = _added_since(model, entry, event, plain)
    title = texts("explain.message", octets=len(event.content))
    lines: list[Line] = [(("heading", title),)]
    if added:
        lines.append((("dim", texts("explain.added", lines=added)),))
    for number, line in enumerate(plain.split(b"\r\n")[:MESSAGE_LINES]):
        new = number < added
        lines.append([("good", "+ ") if new else ("dim", "  "), piece("good" if new else "plain", line)])
    return lines


def _first(content: Content) -> bytes:
    """The first octets of a content. Raises `OSError` when its file is gone."""
    octets = b""
    for block in content.blocks():
        octets += block
        if len(octets) >= MESSAGE_OCTETS:
            break
    return octets[:MESSAGE_OCTETS]


def _added_since(model: Model, entry: Entry, event: Carried, plain: bytes) -> int:
    """How many lines stand in front that the message did not have at the station before."""
    for seq, other in _same_message_before(model, entry, event):
        try:
            earlier = _first(other)
        except OSError:
            continue
        begin = (earlier if seq in model.chunks else unstuff(earlier))[:COMPARED]
        place = plain.find(begin) if begin else -1
        if place == 0 or (place > 0 and plain.endswith(b"\r\n", 0, place)):
            return plain.count(b"\r\n", 0, place)
    return 0


def _same_message_before(model: Model, entry: Entry, event: Carried) -> Iterator[tuple[int, Content]]:
    """Contents that were carried before, in other talks: the newest first, and not for ever."""
    place = model.index(entry.seq)
    looked = 0
    for earlier in reversed(model.entries[max(0, place - LOOKED_BACK) : place]):
        other = earlier.event
        if isinstance(other, Carried) and other.talk != event.talk:
            yield earlier.seq, other.content
            looked += 1
            if looked >= 20:
                return
