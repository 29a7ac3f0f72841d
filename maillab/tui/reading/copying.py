"""A line, an exchange or a talk as text to take along: as it was said, or as a command that says it again.

Rules for this file: whoever pastes the text may have a shell or telnet in front of them, which obey control characters
(telnet's ^] leads to a prompt that runs programs). None comes out of here but line ends.
"""

from collections.abc import Sequence
from dataclasses import replace

from maillab.events import Carried, Entry, Packet, Said, Side
from maillab.protocols.lines import unstuff
from maillab.recording.session import Header, Session
from maillab.tui.reading.model import Model
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.transcript import Transcript

FORMS = ("line", "exchange", "talk", "telnet", "swaks", "eml")


def copied(model: Model, entry: Entry, form: str, lang: Lang, header: Header | None = None) -> str:
    """The text; `header` tells of the lab whose doors a command goes to. Raises `LookupError` where there is none."""
    talk = entry.talk
    entries = model.of_talk(talk) or [entry]
    match form:
        case "line":
            return _lines([entry], lang)
        case "exchange":
            return _lines(_exchange(entries, entry), lang)
        case "talk":
            return _lines(entries, lang)
        case "telnet":
            return _telnet(entries)
        case "swaks":
            from maillab.recording.export import export

            return b"".join(export(Session(replace(header or Header(), title=talk), tuple(entries)), "swaks")).decode()
        case _:
            return _message(model, entries, entry)


def harmless(text: str) -> str:
    """What a peer wrote, for a clipboard: the guard is that of the screen; line ends stay.

    >>> harmless("a\\tb\\x1b[2J\\r\\n")
    'a b␛[2J\\r\\n'
    """
    lines = (line.removesuffix("\r").replace("\t", " ") for line in text.split("\n"))
    return ("\r\n" if "\r\n" in text else "\n").join(map(safe, lines))


def _lines(entries: Sequence[Entry], lang: Lang) -> str:
    view = Transcript("rfc", lang)
    return "\n".join(view.line(row) for entry in entries for row in view.rows(entry)) + "\n"


def _exchange(entries: Sequence[Entry], entry: Entry) -> list[Entry]:
    """The client's line before or at this entry, and all that answers it."""
    place = next(n for n, spoken in enumerate(entries) if spoken.seq == entry.seq)
    begin = place
    while begin > 0 and not is_client(entries[begin]):
        begin -= 1
    end = place + 1
    while end < len(entries) and not is_client(entries[end]):
        end += 1
    return list(entries[begin:end])


def is_client(entry: Entry) -> bool:
    """Did the client say it?"""
    return isinstance(entry.event, Said | Packet) and entry.event.side is Side.CLIENT


def _telnet(entries: Sequence[Entry]) -> str:
    """What the client said, a line each, to be typed again; secrets are left out. Raises `LookupError`."""
    lines: list[str] = []
    for entry in entries:
        event = entry.event
        if isinstance(event, Said) and event.side is Side.CLIENT:
            start, end = event.secret
            line = event.line[:start] + b"PASSWORD" + event.line[end:] if start < end else event.line
            lines.append(safe(line.rstrip(b"\r\n")))
        elif isinstance(event, Carried) and event.side is Side.CLIENT:
            lines += map(safe, event.content.whole().removesuffix(b"\r\n").split(b"\r\n"))
    if not lines:
        raise LookupError("the client said nothing in this conversation")
    return "\n".join(lines) + "\n"


def _message(model: Model, entries: Sequence[Entry], entry: Entry) -> str:
    """The message that was carried at this entry or last before it, as a file would have it. Raises `LookupError`."""
    carried = [(spoken.seq, spoken.event.content) for spoken in entries if isinstance(spoken.event, Carried)]
    if not carried:
        raise LookupError("this conversation carries no message")
    seq, content = next((pair for pair in reversed(carried) if pair[0] <= entry.seq), carried[0])
    octets = content.whole()
    lines = (octets if seq in model.chunks else unstuff(octets)).split(b"\r\n")
    return "\r\n".join(safe(line.replace(b"\t", b" ")) for line in lines)
