"""Which rules are possible in which protocol, and why the others are not.

Rules for this file: nothing that is possible can lose a message that was answered 250. So no rule says that something
was done that was not; none changes what is stored; and none makes one answer into two, or takes one away and goes on
talking, since the client would take an answer for that to another command.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from maillab.protocols.dns import DNS
from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import AnswerForm, ContentForm, Named, Protocol, Verb
from maillab.protocols.services import SERVICES
from maillab.protocols.smtp import SMTP
from maillab.rules.rule import OF_OCTETS, Kind, Rule, Stage

CONTENT = "CONTENT"  # stands for a verb: what answers the content of a message
TYPES = ("A", "AAAA", "ANY", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT")  # that are asked for
NAMED = 17  # commands that are named in a complaint; more would be a wall
RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "TC")  # TC: truncated, ask over TCP

_REFUSALS = MappingProxyType(  # what a rule may answer with, and an example
    {
        SMTP: (re.compile("[45][0-9]{2}"), 'answer 451 4.7.1 "come back"'),
        POP3: (re.compile("-ERR"), 'answer -ERR "come back"'),
        IMAP: (re.compile("NO|BAD|BYE"), 'answer NO "come back"'),
        DNS: (re.compile("|".join(RCODES)), "answer SERVFAIL"),
    }
)

_KEPT = (CONTENT, "COPY", "MOVE")  # whose answer says that a message is safe somewhere
_CONFIRMS = re.compile(r"\s*(?:[23]|(?:\S+\s+)?OK\b)", re.IGNORECASE)  # RFC 5321 §4.2.1, RFC 9051 §7.1.1
_NOT_ONE_LINE = re.compile(r"[\r\n]|\A\s*[0-9]{3}-")  # a hyphen promises more lines (RFC 5321 §4.2.1)

_TLS = "nothing is sent while TLS starts: drop, reset, delay and stall are possible"
_HEARD = "content is received, not sent: throttle, delay and truncate are possible"
_STORED = "content is stored as it was sent; throttle, delay and truncate are possible"
_UNASKED = "nothing was asked yet: drop, reset, delay and stall are possible"
_ACKNOWLEDGED = "a rule cannot confirm this: if it was not done, a message would be lost"
_SPOILT = "a message that arrives changed may be deleted, and is lost: truncate, drop and delay are possible"
_CONTENT_FOLLOWS = "content follows after this answer, and would be read as commands; write: at data answer 451"
_LITERAL_FOLLOWS = "content follows after this answer, and would be read as commands; write: at append answer NO"
_DEFLATED = "both sides deflate after this answer; a rule for the command itself can refuse it"
_WAITS = "news follow after this answer; a rule for the command itself can refuse it"
_TLS_FOLLOWS = "TLS begins after this answer; a rule for the command itself can refuse it"

REFUSED: Mapping[tuple[Stage, Kind], str] = MappingProxyType(
    {
        **{(Stage.TLS, kind): _TLS for kind in {Kind.ANSWER, Kind.SILENCE, *OF_OCTETS}},
        **{(Stage.CONTENT, kind): _HEARD for kind in (Kind.FRAGMENT, Kind.COALESCE)},
        **{(Stage.CONTENT, kind): _STORED for kind in (Kind.GARBLE, Kind.REPLACE)},
        (Stage.ACCEPT, Kind.SILENCE): _UNASKED,
    }
)


# ── protocols ──


def spoken() -> tuple[Protocol, ...]:
    """The protocols of all services, each once."""
    return tuple(dict.fromkeys(service.protocol for service in SERVICES.values()))


def stages(protocol: Protocol) -> tuple[Stage, ...]:
    """The stages that a talk has; a protocol without commands is one of questions.

    >>> [stage.value for stage in stages(DNS)], Stage.CONTENT in stages(POP3)
    (['accept', 'query', 'answer'], False)
    """
    if not protocol.verbs:
        return Stage.ACCEPT, Stage.QUERY, Stage.ANSWER
    verbs = protocol.verbs.values()
    some = [Stage.TLS] * any(verb.tls for verb in verbs), [Stage.CONTENT] * any(map(_brings_content, verbs))
    return Stage.ACCEPT, *some[0], Stage.COMMAND, *some[1], Stage.ANSWER


def verbs(protocol: Protocol) -> tuple[str, ...]:
    """What can be asked or told: its commands and what stands for content, or the types that are asked for."""
    return (*protocol.verbs, *([CONTENT] if Stage.CONTENT in stages(protocol) else [])) or TYPES


def conditions(protocol: Protocol) -> tuple[str, ...]:
    """What may be known of a talk."""
    if not protocol.verbs:
        return "name", "over", "peer", "code"
    return (*_envelope(protocol), "user", "peer", "tls", "argument", "code")


def _envelope(protocol: Protocol) -> Iterator[str]:
    words = {Named.SENDER: "from", Named.RECIPIENT: "to", Named.CLIENT: "hello"}
    named = {verb.names for verb in protocol.verbs.values()}
    return (word for name, word in words.items() if name in named)


def knows(protocol: Protocol, stage: Stage, verb: str) -> bool:
    """Has the protocol this stage, and this command or type ("": any)?

    >>> knows(POP3, Stage.COMMAND, "RETR"), knows(DNS, Stage.QUERY, "TYPE65"), knows(DNS, Stage.COMMAND, "")
    (True, True, False)
    """
    if not verb or stage not in stages(protocol):
        return stage in stages(protocol)
    if stage not in (Stage.COMMAND, Stage.QUERY, Stage.ANSWER) or (verb == CONTENT and stage is not Stage.ANSWER):
        return False
    numbered = not protocol.verbs and re.fullmatch("TYPE[0-9]{1,5}", verb)  # RFC 3597 §5
    return bool(numbered) or verb in verbs(protocol)


def protocol_of_answer(code: str) -> Protocol | None:
    """Whose code it is, `None` for one that no rule may answer with.

    >>> [protocol.name if (protocol := protocol_of_answer(code)) else "" for code in ("451", "-ERR", "NXDOMAIN", "250")]
    ['smtp', 'pop3', 'dns', '']
    """
    return next((protocol for protocol, (pattern, _) in _REFUSALS.items() if pattern.fullmatch(code)), None)


# ── rules ──


def protocols(rule: Rule) -> frozenset[Protocol]:
    """The protocols in which a rule is possible.

    >>> from maillab.rules.rule import Effect
    >>> sorted(protocol.name for protocol in protocols(Rule(Stage.COMMAND, Effect(Kind.DROP), verb="QUIT")))
    ['pop3', 'smtp']
    """
    return frozenset(protocol for protocol in spoken() if not why_not(rule, protocol))


@lru_cache(4096)
def why_not(rule: Rule, protocol: Protocol, verb: str = "") -> str:
    """Why a rule is not possible in a protocol, "" where it is. `verb`: that of a moment, where the rule says any."""
    verb, name = verb or rule.verb, protocol.name.upper()
    if not knows(protocol, rule.stage, ""):
        return f"{name} has no stage {rule.stage}; it has {', '.join(stages(protocol))}"
    if not knows(protocol, rule.stage, rule.verb):
        having = [each for each in verbs(protocol) if knows(protocol, rule.stage, each)]
        return f"{name} has no {rule.verb}; it has {', '.join(having[:NAMED])}{', ...' * (len(having) > NAMED)}"
    for condition in rule.conditions:
        if condition.name not in conditions(protocol):
            return f"{condition.name}: is not known in {name}; known are {', '.join(conditions(protocol))}"
        if condition.name == "code" and rule.stage is not Stage.ANSWER:
            return "code: works with answers only; write: at answer to ..."
    return _why_no_effect(rule, protocol, verb)


def _why_no_effect(rule: Rule, protocol: Protocol, verb: str) -> str:
    effect, kind = rule.effect, rule.effect.kind
    if kind is Kind.ANSWER and protocol_of_answer(effect.code) is not protocol:
        example = _REFUSALS[protocol][1] if protocol in _REFUSALS else "replace"
        return f"an answer of {protocol.name.upper()} is written like this: {example}"
    if (refused := REFUSED.get((rule.stage, kind))) is not None:
        return refused
    if not protocol.verbs:
        return _UNASKED if rule.stage is Stage.ACCEPT and kind in (Kind.ANSWER, Kind.REPLACE) else ""
    if kind is Kind.REPLACE and _NOT_ONE_LINE.search(effect.text):
        return "an answer is replaced by one line"
    if kind is Kind.GARBLE and _may_spoil(rule.stage, protocol, verb):
        return _SPOILT
    return _why_not_said(rule, protocol.verb(verb))


def _may_spoil(stage: Stage, protocol: Protocol, verb: str) -> bool:
    """Does this answer hold a stored message, or all answers of a talk, in which one may be asked for?"""
    spoken = protocol.verbs.values() if stage is Stage.ACCEPT else [protocol.verb(verb)]
    return any(row.answer is AnswerForm.MESSAGE for row in spoken)


def _why_not_said(rule: Rule, verb: Verb) -> str:
    """What would make a client believe that TLS begins, that content is wanted or not, or that something was taken."""
    kind = rule.effect.kind
    another = kind is Kind.REPLACE or (rule.stage is Stage.ANSWER and kind in (Kind.ANSWER, Kind.SILENCE))
    if verb.tls and another:
        return _TLS_FOLLOWS
    if (verb.deflates or verb.waits) and another:
        return _DEFLATED if verb.deflates else _WAITS
    if verb.content is ContentForm.DOTTED and another:
        return _CONTENT_FOLLOWS
    if verb.content is ContentForm.LITERAL and another:
        return _LITERAL_FOLLOWS
    takes = _brings_content(verb) or verb.names is Named.RECIPIENT or verb.name in _KEPT
    confirms = kind is Kind.REPLACE and _CONFIRMS.match(rule.effect.text)
    return _ACKNOWLEDGED if takes and confirms else ""


def _brings_content(verb: Verb) -> bool:
    return verb.content is not ContentForm.NONE
