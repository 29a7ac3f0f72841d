"""The message of a session that plays, where otherwise one's own is written: nothing here can be sent."""

import re
from collections.abc import Sequence

from maillab.protocols.lines import unstuff
from maillab.tui.looks.sink import Line, piece
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts

READ = 65_536  # bytes of it
LINES = 200
_NUMBER = re.compile(r"^\w+ \d+\. ")  # "Step 1. "
_FIELDS = ("From", "To", "Cc", "Date", "Subject")


def recorded_message(model: Model, texts: Texts) -> list[Line]:
    """Its fields and its text, as soon as it was carried."""
    lines: list[Line] = [(("dim", texts("compose.recorded")),), ()]
    trip = model.trip
    content = model.content_of(trip) if trip is not None else None
    if content is None:
        return lines
    try:
        octets = next(content.blocks(READ), b"")
    except OSError:
        return [*lines, (("warn", texts("explain.gone")),)]
    from maillab.client.read import read  # with all its decoders: only when a session plays

    message = read(unstuff(octets))
    named = [(name, message.header(name)) for name in _FIELDS]
    lines += [(("key", f"{name:<9}"), piece("plain", value)) for name, value in named if value]
    return [*lines, (), *((piece("plain", line),) for line in message.text.split("\n")[:LINES])]


def story_steps(words: Sequence[str], now: str, texts: Texts) -> list[Line]:
    """What a narrator says behind the title, each step in its first sentence; the one of this moment is lit."""
    lines: list[Line] = [(("dim", texts("compose.steps")),), ()]
    for number, said in enumerate(words[1:], 1):
        sign, style = ("▶", "accent") if said == now else (" ", "plain")
        sentence = _NUMBER.sub("", said).partition(". ")[0].rstrip(".")
        lines.append((("accent", f"{sign} "), ("dim", f"{number:>2}  "), piece(style, sentence)))
    return lines
