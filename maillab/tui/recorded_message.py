"""The message of a session that plays, where otherwise one's own is written: nothing here can be sent."""

from maillab.events import Carried
from maillab.mail.content import Content
from maillab.protocols.lines import unstuff
from maillab.tui.model import Model
from maillab.tui.sink import Line, piece
from maillab.tui.texts import Texts
from maillab.views.journey import Hop

READ = 65_536  # bytes of it
LINES = 200
_FIELDS = ("From", "To", "Cc", "Date", "Subject")


def recorded_message(model: Model, texts: Texts) -> list[Line]:
    """Its fields and its text, as soon as it was carried."""
    lines: list[Line] = [(("dim", texts("compose.recorded")),), ()]
    if (content := _carried(model)) is None:
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


def _carried(model: Model) -> Content | None:
    """The message that the screens are about, as it was carried first."""
    trip = model.trip
    talks = {talk for hop in (Hop.SUBMIT, Hop.RELAY) for talk in trip.talks[hop]} if trip is not None else set()
    for entry in model.entries:
        if isinstance(entry.event, Carried) and entry.event.talk in talks:
            return entry.event.content
    return None
