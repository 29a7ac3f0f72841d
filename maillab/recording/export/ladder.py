"""The session as a ladder: who takes part, and the arrows between them. Drawn by `mermaid` and `html`.

Rules for this file: a message is one arrow with its size, a reply of many lines is one arrow; all text is safe.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maillab.events import Authenticated, Closed, Entry, Event, Leg, Opened, Secured, Side, Transport
from maillab.mail.content import Content
from maillab.protocols.protocol import UNKNOWN, AnswerLine, Named, Protocol, Request
from maillab.protocols.services import Service, service_of
from maillab.recording.export.turns import ExportedTurn, headings, turns
from maillab.recording.export.vietnamese import VIETNAMESE
from maillab.recording.session import Session
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.legs import leg_of
from maillab.views.safe import clip, safe, safe_line
from maillab.views.transcript import Transcript
from maillab.views.verdict import Verdict, of_answer

LONGEST = 320  # columns of one arrow's text: all that a usual EHLO is answered
NAMED = 60  # columns of a participant's name
JOINED = 12  # lines of one answer that are told; of more, the others are counted

_CLIENTS = {
    Leg.SUBMIT: "mail program",
    Leg.LOOKUP: "resolver",
    Leg.RELAY: "sending server",
    Leg.RETRIEVE: "reader",
    None: "client",
}


@dataclass(frozen=True, slots=True)
class Arrow:
    """Something said, from one participant to another. `secure` is what went inside TLS."""

    seq: int
    seconds: float
    talk: str
    leg: Leg | None
    side: Side
    source: str
    target: str
    text: str
    secure: bool
    verdict: Verdict
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderNote:
    """Something that happened, over one participant or between two; a mark, or what was `told`, is a note over all."""

    seq: int
    seconds: float
    talk: str
    leg: Leg | None
    over: tuple[str, ...]
    text: str
    verdict: Verdict = Verdict.OK
    told: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """Participants in the order in which they come in, and what passes between them, from top to bottom."""

    participants: tuple[str, ...]
    rungs: tuple[Arrow | LadderNote, ...]


@dataclass(slots=True)
class Ends:
    """The two ends of a talk, as far as the talk tells them."""

    leg: Leg | None
    service: Service | None
    server: str
    transport: Transport
    client: str = ""

    @property
    def protocol(self) -> Protocol:
        """What they speak."""
        return self.service.protocol if self.service else UNKNOWN


def ends(entries: Iterable[Entry], lang: Lang = "en") -> dict[str, Ends]:
    """The two ends of every talk, in order. A resolver is the server that asks; a reader goes by their address."""
    by_talk: dict[str, Ends] = {}
    say = Say(lang, VIETNAMESE)
    followed = FollowedTalks()
    for entry in entries:
        heard = followed.hear(entry)
        if (name := getattr(entry.event, "talk", None)) is None:
            continue
        talk = followed[name]
        if isinstance(entry.event, Opened) or name not in by_talk:
            server = _name(talk.server) or say("server")
            by_talk[name] = Ends(talk.leg, service_of(talk.service, talk.leg), server, talk.transport)
        by_talk[name].client = _client(entry.event, heard) or by_talk[name].client
    servers = [pair.server for pair in by_talk.values() if pair.leg is Leg.SUBMIT]
    senders = [pair.client for pair in by_talk.values() if pair.leg is Leg.RELAY and pair.client]
    for pair in by_talk.values():
        if pair.leg is Leg.LOOKUP:
            pair.client = next(iter(servers + senders), "")
        pair.client = pair.client or say(_CLIENTS[pair.leg])
    return by_talk


def ladder(session: Session, lang: Lang = "en") -> Ladder:
    """The whole session as a ladder."""
    who = ends(session.entries, lang)
    participants = tuple(dict.fromkeys(name for pair in who.values() for name in (pair.client, pair.server)))
    start = session.entries[0].at if session.entries else 0.0
    rungs: list[Arrow | LadderNote] = list(_rungs(session.entries, who, lang, start))
    if participants:
        over_all = (participants[0], participants[-1])
        for words in headings(session, lang):
            seconds = words.at - start
            rungs.append(LadderNote(words.after, seconds, "", None, over_all, words.text, told=not words.is_mark))
    return Ladder(participants, tuple(sorted(rungs, key=lambda rung: rung.seq)))


def _rungs(entries: Iterable[Entry], who: dict[str, Ends], lang: Lang, start: float) -> Iterator[Arrow | LadderNote]:
    view = Transcript(lang=lang)
    for item in turns(entries):
        if isinstance(item, ExportedTurn):
            yield _arrow(item, who[item.talk], lang, start)
            continue
        row = view.rows(item)[0]  # state and decisions are one row each
        pair = who.get(item.talk)
        over: tuple[str, ...] = (pair.server,) if pair else _sender(who)
        if pair and isinstance(item.event, Opened | Secured | Closed):
            over = (pair.client, pair.server)
        if over:
            text = clip(row.text, LONGEST)
            over = tuple(dict.fromkeys(over))
            yield LadderNote(item.seq, item.at - start, row.talk, row.leg, over, text, row.verdict)


def _arrow(turn: ExportedTurn, pair: Ends, lang: Lang, start: float) -> Arrow:
    source, target = (pair.client, pair.server) if turn.side is Side.CLIENT else (pair.server, pair.client)
    counts = -1 if pair.protocol.tag_of is not None else 0  # which line says how it went
    verdict = (
        of_answer(pair.protocol.kind(turn.lines[counts])) if turn.side is Side.SERVER and turn.lines else Verdict.OK
    )
    text = clip(told(turn, pair.protocol, lang), LONGEST)
    seconds = turn.at - start
    contents = tuple(part for part in turn.parts if isinstance(part, Content))
    who = (safe(turn.talk), pair.leg, turn.side, source, target)
    return Arrow(turn.seq, seconds, *who, text, turn.secure, verdict, contents)


def told(turn: ExportedTurn, protocol: Protocol, lang: Lang = "en") -> str:
    """A turn in one line: lines joined, a message as its size, the mark of its end left out.

    >>> from maillab.protocols.smtp import SMTP
    >>> told(ExportedTurn(1, 0.0, "relay-1", Side.CLIENT, False, [Content(b"x" * 1204), b".\\r\\n"]), SMTP)
    'message, 1 204 bytes'
    >>> told(ExportedTurn(1, 0.0, "relay-1", Side.SERVER, False, [b"250-mx.test\\r\\n", b"250 HELP\\r\\n"]), SMTP)
    '250 mx.test, HELP'
    """
    say = Say(lang, VIETNAMESE)
    pieces = []
    lines = 0
    for part in turn.parts:
        if isinstance(part, Content):
            pieces.append(say("message, {} bytes", f"{len(part):,}".replace(",", " ")))
        elif part.rstrip(b"\r\n") != b"." or len(turn.parts) == 1:
            lines += 1
            joined = turn.side is Side.SERVER and lines > 1
            hidden = turn.secret if lines == 1 else (0, 0)
            pieces += [safe_line(protocol.text(part) if joined else part, hidden)] if lines <= JOINED else []
    if lines > JOINED:
        pieces.append(say("and {} more lines", lines - JOINED))
    text = ", ".join(pieces).strip() or say("(an empty line)")
    return text[:3] + " " + text[4:] if text[3:4] == "-" and lines > 1 else text  # RFC 5321 §4.2.1


def _name(text: str | bytes) -> str:
    return clip(safe(text), NAMED)


def _client(event: Event, heard: Request | AnswerLine | None) -> str:
    """What a talk's event tells of its client: the name in EHLO, the reader's address."""
    if isinstance(event, Authenticated):
        return _name(event.user) if leg_of(event.talk) is Leg.RETRIEVE else ""
    if isinstance(heard, Request) and heard.row.names in (Named.CLIENT, Named.USER):
        return _name(b"".join(heard.argument.split(None, 1)[:1]))
    return ""


def _sender(who: dict[str, Ends]) -> tuple[str, ...]:
    """Over whom a decision about a waiting message stands: the machine that sends."""
    for pair in who.values():
        if pair.leg is Leg.SUBMIT:
            return (pair.server,)
        if pair.leg is Leg.RELAY:
            return (pair.client,)
    return tuple(pair.client for pair in who.values())[:1]
