"""How a line or an event should strike the eye: fine, not now, never.

Rules for this file: it judges what was said, not who said it, and gives a value;
signs and colours are others' business.
"""

from enum import StrEnum
from typing import assert_never

from maillab.events import (
    Adjusted,
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    DecidedEvent,
    Deferred,
    Delivered,
    Dropped,
    Failed,
    Opened,
    Queued,
    Read,
    Removed,
    Routed,
    RulePlayed,
    Secured,
    Stumbled,
    Submitted,
    Tolerated,
    Warned,
)
from maillab.protocols.protocol import AnswerKind

DUE = ("quit", "answered")  # reasons to end that nobody has to be told of


class Verdict(StrEnum):
    """`warn` for not now and for what is odd, `error` for never."""

    OK = "ok"
    WARN = "warn"
    ERROR = "error"


def of_answer(kind: AnswerKind) -> Verdict:
    """Is this answer of a server a refusal, and for how long?

    >>> of_answer(AnswerKind.TEMPORARY)
    <Verdict.WARN: 'warn'>
    """
    match kind:
        case AnswerKind.TEMPORARY:
            return Verdict.WARN
        case AnswerKind.PERMANENT:
            return Verdict.ERROR
        case AnswerKind.GOOD | AnswerKind.GO_AHEAD | AnswerKind.CHALLENGE | AnswerKind.OTHER:
            return Verdict.OK
        case _:
            assert_never(kind)


def of_state(event: Opened | Secured | Closed) -> Verdict:
    """Did a talk end otherwise than it should?

    >>> of_state(Closed("submit-1", "lost"))
    <Verdict.WARN: 'warn'>
    """
    return Verdict.WARN if isinstance(event, Closed) and event.why not in DUE else Verdict.OK


def of_decision(event: DecidedEvent) -> Verdict:
    """Did a machine decide something that a person should look at?"""
    match event:
        case Attempted(_, _, code):
            if 200 <= code < 400:
                return Verdict.OK
            return Verdict.ERROR if 500 <= code < 600 else Verdict.WARN  # silence is not a refusal
        case Bounced(_, _, kind, _):
            return {"failed": Verdict.ERROR, "delayed": Verdict.WARN}.get(kind, Verdict.OK)
        case Failed() | Stumbled():
            return Verdict.WARN if isinstance(event, Failed) and event.removed else Verdict.ERROR
        case Deferred() | Dropped() | Tolerated() | RulePlayed() | Warned():
            return Verdict.WARN
        case Authenticated() | Submitted() | Queued() | Routed() | Delivered() | Read() | Removed() | Adjusted():
            return Verdict.OK
        case _:
            assert_never(event)
