"""One entry explained by its fields: whatever it is, a line of any protocol, a message, a decision."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from maillab.events import Carried, Entry, Packet, Said, Secured
from maillab.mail.content import Content
from maillab.protocols.protocol import AnswerKind, AnswerLine, Protocol, Request, RequestKind
from maillab.protocols.smtp import SMTP
from maillab.views.fields import command, decided, dns, listing, login, offers, received, reply, report, tls
from maillab.views.fields.part import Block
from maillab.views.fields.vietnamese import VIETNAMESE
from maillab.views.followed import FollowedTalks
from maillab.views.gloss import Gloss, Lang, glosses_of
from maillab.views.language import Say
from maillab.views.safe import secret_slice

MESSAGE = 262_144  # bytes of a message that are looked into
FILLER = b"*"  # what a record holds where a secret stood


class FieldsOfEntry(NamedTuple):
    """`blocks` are the fields, `sentences` what else they say, `meaning` what it means where its gloss is another."""

    blocks: tuple[Block, ...] = ()
    sentences: tuple[str, ...] = ()
    meaning: Gloss | None = None


def fields_of(entries: Sequence[Entry], place: int, lang: Lang = "en") -> FieldsOfEntry:
    """Explain entry number `place` of these, which are of one talk: those before it, and those behind it of its answer.

    >>> from maillab.events import Side
    >>> hello = Entry(1, 0.0, Said("relay-1", Side.CLIENT, b"EHLO me.test\\r\\n"))
    >>> fields_of([hello], 0).blocks[0].parts[1].text
    'me.test'
    """
    say = Say(lang, VIETNAMESE)
    entry = entries[place]
    match entry.event:
        case Packet(_, _, octets):
            return FieldsOfEntry(tuple(dns.blocks(octets, say)), tuple(dns.sentences(octets, say)))
        case Carried(_, _, content):
            return FieldsOfEntry(tuple(_message(content, say)))
        case Said():
            return _said(entries, place, entry.event, say)
        case Secured():
            return FieldsOfEntry(
                tuple(tls.blocks(entry.event, say)),
                tuple(tls.sentences(entry.event, say)),
                decided.meaning(entry.event, say),
            )
        case other:
            return FieldsOfEntry(meaning=decided.meaning(other, say))


def _message(content: Content, say: Say) -> list[Block]:
    """The way of a message, and what it reports where it is a report; [] where its file is gone."""
    octets = b""
    try:
        for block in content.blocks():
            octets += block
            if len(octets) >= MESSAGE:
                break
    except OSError:
        return []
    return [*report.blocks(octets[:MESSAGE], say), *received.blocks(octets, say)]


def _said(entries: Sequence[Entry], place: int, said: Said, say: Say) -> FieldsOfEntry:
    """A line, without its secret."""
    talks = FollowedTalks()
    heard = [talks.hear(one) for one in entries]
    here, protocol = heard[place], talks[said.talk].protocol
    start, end = secret_slice(said.line, said.secret)
    is_kept = start < end and said.line[start:end].strip(FILLER) != b""
    words = (said.line[:start] + said.line[end:]).decode("utf-8", "replace").strip()
    match here:
        case Request(kind=RequestKind.RESPONSE):
            before = [one.event.line for one in entries[_login(heard, place) : place] if isinstance(one.event, Said)]
            return FieldsOfEntry(tuple(login.response(said.line, is_kept, before, say)))
        case Request() if here.row.login:
            return FieldsOfEntry(tuple(login.command(said.line, is_kept, say)))
        case Request():
            return FieldsOfEntry(tuple(command.blocks(here, words, say)))
        case AnswerLine(kind=AnswerKind.CHALLENGE):
            code = words.partition(" ")[0]
            meaning = glosses_of(protocol, say.lang).get((protocol.name, "reply", code))  # without the words in base64
            return FieldsOfEntry(tuple(login.challenge(said.line, say)) if start == end else (), (), meaning)
        case AnswerLine():
            return FieldsOfEntry(tuple(_answer(entries, heard, place, protocol, words, say)))
    return FieldsOfEntry()


def _answer(
    entries: Sequence[Entry],
    heard: Sequence[Request | AnswerLine | None],
    place: int,
    protocol: Protocol,
    words: str,
    say: Say,
) -> list[Block]:
    here = heard[place]
    if not isinstance(here, AnswerLine):
        return []
    asked = here.request
    if asked is not None and asked.row.offers and here.kind in (AnswerKind.GOOD, AnswerKind.OTHER):
        if not here.first:
            return offers.block(protocol, words.encode(), say)
        spoken = (one.event for one, what in zip(entries, heard, strict=True) if _answers(what, asked))
        return offers.blocks(protocol, [event.line for event in spoken if isinstance(event, Said)], say)
    return reply.blocks(words, say) if protocol is SMTP else listing.blocks(here, words, say)


def _answers(heard: Request | AnswerLine | None, asked: Request) -> bool:
    return isinstance(heard, AnswerLine) and heard.request is asked


def _login(heard: Sequence[Request | AnswerLine | None], place: int) -> int:
    """Where the login began that goes on at this place."""
    steps = takewhile(lambda n: not _is_command(heard[n]), range(place, -1, -1))
    return max(0, place - len([*steps]))


def _is_command(heard: Request | AnswerLine | None) -> bool:
    return isinstance(heard, Request) and heard.kind is RequestKind.COMMAND
