"""The terms of the filter language: what each is called, what may stand behind its colon, and what it asks of an entry.

Rules for this file: a term is made into a function once and asked many times, so it does its thinking before. What an
entry says of itself is asked first; the context is for the rest.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from maillab.events import (
    Attempted,
    Carried,
    Closed,
    DecidedEvent,
    Deferred,
    Entry,
    Failed,
    JobEvent,
    Leg,
    Opened,
    Packet,
    Said,
    Secured,
    Side,
    Spoken,
)
from maillab.protocols.dns.message import read
from maillab.protocols.protocol import AnswerKind, AnswerLine
from maillab.protocols.services import SERVICES
from maillab.views.context import Context, TalkContext
from maillab.views.filter_values import Value, WrongValueError
from maillab.views.legs import leg_of, leg_of_job
from maillab.views.pattern import Pattern
from maillab.views.searched import KINDS, SearchedMessage, fold, opened, raw, spoken, text_of, verb
from maillab.views.verdict import Verdict, of_answer, of_decision, of_state

Test = Callable[[Entry, Context], bool]
Heard = frozenset[type]

NOTHING: Heard = frozenset()
EVERYTHING: Heard = frozenset(KINDS.values())
LINES = 1_000  # of a message that a regular expression is tried on

_CODE = re.compile(r"[1-5x](?:[0-9xyz]{0,2})\Z")
_ENHANCED = re.compile(r"[245x](?:\.(?:[0-9]{1,3}|x)){0,2}\Z")
_WORDS = {"+ok", "-err", "+", "noerror", "nxdomain", "servfail", "refused", "formerr", "notimp"}

_MARKED = {
    "error": (Verdict.WARN, Verdict.ERROR),
    "warning": (Verdict.WARN,),
    "failure": (Verdict.ERROR,),
}


@dataclass(frozen=True, slots=True)
class FilterTerm:
    """A term: what its context must hear, and how its test is made."""

    hears: Heard
    make: Callable[[Value], Test]


# ── words ─────────────────────────────────────────────────────────────────────────────────────


def words(value: Value) -> Test:
    """A word, "words" or /regex/ alone: in the line that was said, the message, or what was decided, as its values or
    as its row says it.

    A verb in capitals is that word, and no part of another: RCPT is not in RCPTMAX.
    """
    if value.is_pattern:
        return _pattern(Pattern(value.text))
    if verb(value.text):
        return _pattern(Pattern(rf"(?:^|[^a-z0-9]){value.text}(?:[^a-z0-9]|$)"))
    needle = fold(value.text)
    octets = needle.encode("utf-8", "surrogatepass")
    plain = needle.isascii()

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        if type(event) is Said:
            if plain:
                return octets in event.line.lower() and octets in spoken(event).lower()  # what misses, misses fast
            return needle in fold(text_of(event))
        if type(event) is Carried:
            return _in_message(event, needle, octets if plain else b"")
        return needle in fold(text_of(event)) or any(needle in fold(text) for text in context.says(entry))

    return test


def _in_message(event: Carried, needle: str, octets: bytes) -> bool:
    as_it_is = raw(event.content).lower()
    if octets and octets in as_it_is:
        return True
    coded = b"=?" in as_it_is or b"content-transfer-encoding:" in as_it_is
    if not coded and as_it_is.isascii() and b" " not in octets:  # the rest cannot change a word
        return False
    message = opened(event.content)
    return any(needle in text for text in (*message.fields, *message.lines))


def _pattern(pattern: Pattern) -> Test:
    is_in = pattern.is_in

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        if type(event) is Carried:
            message = opened(event.content)
            return any(map(is_in, message.fields)) or any(map(is_in, message.lines[:LINES]))
        if type(event) is Said:
            return is_in(spoken(event).decode("utf-8", "replace"))
        return is_in(text_of(event)) or any(map(is_in, context.says(entry)))

    return test


# ── talks ─────────────────────────────────────────────────────────────────────────────────────


def _of_talk(is_it: Callable[[TalkContext], bool]) -> Test:
    """Is the talk of an entry one of these?"""

    def test(entry: Entry, context: Context) -> bool:
        name = getattr(entry.event, "talk", None)
        return name is not None and is_it(context.talks[name])

    return test


def _leg(value: Value) -> Test:
    if not value.is_pattern and "-" in value.text and leg_of(name := fold(value.text)) is not None:
        raise WrongValueError(f"this is one conversation; did you mean talk:{name}?")
    wanted = Leg(value.choice(*Leg))

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        name = getattr(event, "talk", None)
        if name is not None:
            return context.talks[name].leg is wanted
        return isinstance(event, JobEvent) and wanted is leg_of_job(event)

    return test


def _proto(value: Value) -> Test:
    wanted = value.choice(*dict.fromkeys(service.protocol.name for service in SERVICES.values()))
    return _of_talk(lambda talk: talk.protocol.name == wanted)


def _talk(value: Value) -> Test:
    is_it = value.name_test()
    return lambda entry, _: is_it(entry.talk or getattr(entry.event, "where", ""))


def _host(value: Value) -> Test:
    is_it = value.text_test()
    return _of_talk(lambda talk: is_it(talk.server))


def _side(value: Value) -> Test:
    wanted = Side(value.choice(*Side))
    return lambda entry, _: getattr(entry.event, "side", None) is wanted


def _event(value: Value) -> Test:
    wanted = KINDS[value.choice(*KINDS)]
    return lambda entry, _: type(entry.event) is wanted


def _verb(value: Value) -> Test:
    is_it = value.name_test()
    return lambda entry, context: isinstance(entry.event, Spoken) and is_it(context.talks[entry.event.talk].verb)


def _tls(value: Value) -> Test:
    asked = fold(value.text)
    wanted = re.sub(r"\Atlsv?", "", asked)
    if value.is_pattern or not (asked in ("yes", "no") or re.match(r"1(\.[0-3])?\Z", wanted)):
        raise WrongValueError("yes, no or a version is expected here, like 1.3")

    def test(entry: Entry, context: Context) -> bool:
        name = getattr(entry.event, "talk", None)
        if name is None:
            return False
        version = fold(context.talks[name].tls)
        on = bool(version) or getattr(entry.event, "secure", False)
        return on == (asked == "yes") if asked in ("yes", "no") else version.removeprefix("tlsv").startswith(wanted)

    return test


def _user(value: Value) -> Test:
    is_it = value.text_test()
    return _of_talk(lambda talk: talk.user != "" and is_it(talk.user))


# ── replies ───────────────────────────────────────────────────────────────────────────────────


def _code(value: Value) -> Test:
    asked = fold(value.text)
    if not value.is_pattern and asked in _WORDS:
        wanted = re.compile(re.escape(asked.encode()) + rb"(?=[ \r\n]|\Z)", re.IGNORECASE)
        return partial(_answers, wanted)
    if value.is_pattern or not _CODE.match(asked):
        raise WrongValueError("a reply code is expected here, like 550, 5xx, +OK, -ERR or NXDOMAIN")
    digits = re.sub("[xyz]", "[0-9]", asked) + "[0-9]" * (3 - len(asked))
    return _reply(re.compile(f"{digits}(?![0-9])".encode()))


def _ecode(value: Value) -> Test:
    asked = fold(value.text)
    if value.is_pattern or not _ENHANCED.match(asked):
        raise WrongValueError("an enhanced code is expected here, like 5.1.1, 5.1.x or 4")
    parts = [*asked.split("."), "x", "x"][:3]
    number = r"\.".join("[0-9]{1,3}" if part == "x" else part for part in parts)
    return _reply(re.compile(f"[0-9]{{3}}[ -]{number}(?![0-9.])".encode()))


def _answers(wanted: re.Pattern[bytes], entry: Entry, _: Context) -> bool:
    """Does an answer begin with this word, or has one of DNS this code?"""
    event = entry.event
    if type(event) is Said:
        return event.side is Side.SERVER and wanted.match(event.line) is not None
    message = read(event.octets) if type(event) is Packet and event.side is Side.SERVER else None
    return message is not None and wanted.match(message.rcode.encode()) is not None


def is_marked(value: Value) -> Test:
    """Lines that a person should look at: those that are marked ! or ✗: an answer, a decision, an end."""
    wanted = _MARKED[value.choice(*_MARKED)]

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        if isinstance(event, Said | Packet):
            heard = context.talks[event.talk].heard
            return isinstance(heard, AnswerLine) and of_answer(heard.kind) in wanted
        if isinstance(event, Opened | Secured | Closed):
            return of_state(event) in wanted
        return isinstance(event, DecidedEvent) and of_decision(event) in wanted

    return test


def _reply(wanted: re.Pattern[bytes]) -> Test:
    """A reply of SMTP, or what a machine made of one."""

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        if type(event) is Said:
            if event.side is not Side.SERVER or wanted.match(event.line) is None:
                return False
            talk = context.talks[event.talk]
            is_reply = talk.leg is not Leg.LOOKUP and talk.protocol.kind(event.line) is not AnswerKind.OTHER
            return is_reply or not talk.protocol.name
        if isinstance(event, Deferred | Failed):
            return wanted.match(event.reason[:20].encode("utf-8", "replace")) is not None
        return isinstance(event, Attempted) and wanted.match(b"%03d" % event.code) is not None

    return test


# ── messages ───────────────────────────────────────────────────────────────────────────────────


def _from(value: Value) -> Test:
    is_it = value.text_test()
    return lambda entry, context: any(map(is_it, context.senders(entry.event)))


def _to(value: Value) -> Test:
    is_it = value.text_test()
    return lambda entry, context: any(map(is_it, context.recipients(entry.event)))


def _subject(value: Value) -> Test:
    is_it = value.text_test()
    return _in_content(lambda message: any(map(is_it, message.values("subject"))))


def _header(value: Value) -> Test:
    is_it = value.text_test()
    return _in_content(lambda message: any(map(is_it, message.fields)))


def _body(value: Value) -> Test:
    is_it, limit = value.text_test(), LINES if value.is_pattern else None
    return _in_content(lambda message: any(map(is_it, message.lines[:limit])))


def _in_content(is_it: Callable[[SearchedMessage], bool]) -> Test:
    return lambda entry, _: type(entry.event) is Carried and is_it(opened(entry.event.content))


def _job(value: Value) -> Test:
    is_it = value.name_test()

    def test(entry: Entry, context: Context) -> bool:
        event = entry.event
        if isinstance(event, JobEvent):
            return is_it(event.job)
        name = getattr(event, "talk", None)
        return name is not None and any(map(is_it, context.jobs_of(name)))

    return test


# ── moments ───────────────────────────────────────────────────────────────────────────────────


def _mark(value: Value) -> Test:
    is_it = value.name_test()
    return lambda _, context: context.mark != "" and is_it(context.mark)


def _after(value: Value) -> Test:
    seconds = value.moment()
    return lambda entry, context: entry.at - (context.start or 0.0) >= seconds


def _before(value: Value) -> Test:
    seconds = value.moment()
    return lambda entry, context: entry.at - (context.start or 0.0) < seconds


_TALKS = frozenset((Opened,))
_ENCRYPTION = frozenset((Opened, Secured))

TERMS: dict[str, FilterTerm] = {
    "leg": FilterTerm(_TALKS, _leg),
    "proto": FilterTerm(_TALKS, _proto),
    "talk": FilterTerm(NOTHING, _talk),
    "host": FilterTerm(_TALKS, _host),
    "side": FilterTerm(NOTHING, _side),
    "verb": FilterTerm(EVERYTHING, _verb),
    "code": FilterTerm(_TALKS, _code),
    "ecode": FilterTerm(_TALKS, _ecode),
    "is": FilterTerm(EVERYTHING, is_marked),
    "from": FilterTerm(EVERYTHING, _from),
    "to": FilterTerm(EVERYTHING, _to),
    "user": FilterTerm(EVERYTHING, _user),
    "tls": FilterTerm(_ENCRYPTION, _tls),
    "subject": FilterTerm(NOTHING, _subject),
    "header": FilterTerm(NOTHING, _header),
    "body": FilterTerm(NOTHING, _body),
    "job": FilterTerm(EVERYTHING, _job),
    "mark": FilterTerm(EVERYTHING, _mark),
    "event": FilterTerm(NOTHING, _event),
    "after": FilterTerm(NOTHING, _after),
    "before": FilterTerm(NOTHING, _before),
}
OF_MESSAGES = {name: TERMS[name] for name in ("from", "to", "subject", "header", "body")}  # no talk is needed
