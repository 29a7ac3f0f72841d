"""The message of a session that plays, where otherwise one's own is written: nothing here can be sent."""

from maillab.protocols.lines import unstuff
from maillab.tui.looks.sink import Line, piece
from maillab.tui.playing.playback import Playback
from maillab.tui.playing.replay_line import here
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts

READ = 65_536  # bytes of it
LINES = 200
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


def story_steps(playback: Playback, texts: Texts) -> tuple[list[Line], int]:
    """The steps of a story by their titles, the one of this moment lit; and the line in which that stands."""
    lines: list[Line] = [(("dim", texts("compose.steps")),), ()]
    now, lit = here(playback.points, playback.position), 0
    for point in playback.points:
        sign, style = ("▶", "accent") if point is now else (" ", "plain")
        lit = len(lines) if point is now else lit
        lines.append((("accent", f"{sign} "), ("dim", f"{point.number:>2}  "), piece(style, playback.title(point))))
    return lines, lit
