"""One entry, explained: what it says octet for octet, what it means, what it answers, how long that took, and the
message as it stood at this station.

Rules for this file: no Textual; lines of pieces come out, and everything in them is safe.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from maillab.events import Carried, Entry, Packet, Said, Side, Spoken
from maillab.mail.content import Content
from maillab.protocols.dns.described import fields
from maillab.protocols.lines import unstuff
from maillab.protocols.protocol import AnswerLine
from maillab.tui.model import Model
from maillab.tui.sink import Line, piece
from maillab.tui.texts import Texts
from maillab.views.followed import FollowedTalks
from maillab.views.transcript import Transcript

LOOKED_BACK = 2_000  # entries of the same talk that are looked at to explain one
HEX_OCTETS = 65_536  # that are shown in hexadecimal
MESSAGE_OCTETS = 262_144  # of a message that are shown
MESSAGE_LINES = 2_000
COMPARED = 1_024  # octets by which a message is known again


def inspect(model: Model, entry: Entry, texts: Texts, *, hexed: bool = False) -> list[Line]:
    """Lines to read about an entry."""
    name: str = getattr(entry.event, "talk", "")
    before = _before(model, entry, name)
    view = Transcript("rfc", texts.lang, glosses=True, ends=True)
    for earlier in before:
        view.rows(earlier)
    row = view.rows(entry)[0]
    lines: list[Line] = [_heading(model, entry, texts), (), (("bold", row.text),), ()]
    if isinstance(entry.event, Said | Packet) and hexed:
        lines += [*_hex(_open_octets(entry.event)), ()]
    elif hexed and not isinstance(entry.event, Carried):
        lines += [(("dim", texts("inspect.no_octets")),), ()]
    if row.gloss is not None:
        source: list[Line] = [(("key", row.gloss.source),)] if row.gloss.source else []
        lines += [(("plain", row.gloss.text),), *source, ()]
    lines += _answered(model, before, entry, texts)
    if isinstance(entry.event, Packet):
        lines += [(("key", f"{name:<12}"), piece("plain", value)) for name, value in fields(entry.event.octets)]
    if isinstance(entry.event, Carried):
        lines += _message(model, entry, entry.event, texts, hexed=hexed)
    return lines


def explained(model: Model, entry: Entry, texts: Texts) -> str:
    """The meaning of an entry in one line, "" where there is none."""
    name: str = getattr(entry.event, "talk", "")
    view = Transcript("rfc", texts.lang, glosses=True)
    for earlier in _before(model, entry, name):
        view.rows(earlier)
    gloss = view.rows(entry)[0].gloss
    return f"{gloss.text} ({gloss.source})" if gloss is not None and gloss.source else gloss.text if gloss else ""


def _before(model: Model, entry: Entry, name: str) -> list[Entry]:
    """The entries of the same talk before this one, the last of them."""
    talk = model.talks.get(name)
    if talk is None:
        return []
    seqs = talk.seqs
    place = bisect_left(seqs, entry.seq)
    chosen = ([seqs[0]] if place > LOOKED_BACK else []) + list(seqs[max(0, place - LOOKED_BACK) : place])
    return [earlier for seq in chosen if (earlier := model.entry(seq)) is not None]


def _heading(model: Model, entry: Entry, texts: Texts) -> Line:
    name: str = getattr(entry.event, "talk", "") or getattr(entry.event, "job", "") or getattr(entry.event, "where", "")
    talk = model.talks.get(name)
    parts = [texts("inspect.line", number=entry.seq), name]
    if isinstance(entry.event, Spoken):
        parts.append(texts("inspect.client" if entry.event.side is Side.CLIENT else "inspect.server"))
        parts.append(texts("inspect.secure" if entry.event.secure else "inspect.clear"))
    if talk is not None and talk.service:
        parts.append(f"{talk.service} {talk.server}")
    parts.append(f"{entry.at - model.start:.3f} s")
    return [piece("dim", " · ".join(part for part in parts if part))]


def _answered(model: Model, before: Sequence[Entry], entry: Entry, texts: Texts) -> list[Line]:
    """What a line answers, and how long it took."""
    event = entry.event
    if not isinstance(event, Said | Packet) or event.side is Side.CLIENT:
        return []
    talks = FollowedTalks()
    heard = [talks.hear(spoken) for spoken in (*before, entry)][-1]
    request = heard.request if isinstance(heard, AnswerLine) else None
    command = model.entry(request.mark) if request is not None else None
    if command is None:
        return []
    row = Transcript("rfc", texts.lang).rows(command)[0]
    took = texts("inspect.took", ms=f"{1000 * (entry.at - command.at):.1f}")
    return [(("dim", texts("inspect.answers") + " "), ("client", row.text)), (("dim", took),), ()]


def _open_octets(said: Said | Packet) -> bytes:
    if isinstance(said, Packet):
        return said.octets
    start, end = said.secret
    return said.line[:start] + b"*" * (end - start) + said.line[end:] if start < end else said.line


def _hex(octets: bytes) -> Iterator[Line]:
    """Sixteen octets a line, with their characters."""
    for offset in range(0, min(len(octets), HEX_OCTETS), 16):
        row = octets[offset : offset + 16]
        shown = "".join(chr(octet) if 32 <= octet < 127 else "·" for octet in row)
        yield (("dim", f"{offset:06x}  "), ("plain", f"{row.hex(' '):<47}  "), ("key", shown))


# ── the message as it stands here ──


def _message(model: Model, entry: Entry, event: Carried, texts: Texts, *, hexed: bool) -> list[Line]:
    try:
        octets = _first(event.content)
    except OSError:
        return [(("warn", texts("inspect.gone")),)]
    if hexed:
        return [(("heading", texts("inspect.hex")),), *_hex(octets)]
    plain = octets if entry.seq in model.chunks else unstuff(octets)
    added = _added_since(model, entry, event, plain)
    title = texts("inspect.message", octets=len(event.content))
    lines: list[Line] = [(("heading", title),)]
    if added:
        lines.append((("dim", texts("inspect.added", lines=added)),))
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
