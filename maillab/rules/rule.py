"""A rule as a value: where, at which stage, under which conditions, what happens, and how often.

Rules for this file: values only. How a rule is written is in `language.py`, which rules are possible in `possible.py`.
A new effect is a `Kind` here, words in both of those, and what it does: to octets in `shape.py`, to time and
connection in `wire/disturb.py`. Amounts are whole numbers: milliseconds, octets, octets a second, per cent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from maillab.protocols.protocol import Protocol
from maillab.rules import glob

USUAL_TEXT = "refused on purpose, by a rule"


class Stage(StrEnum):
    """The moment at which a server asks: about to accept, to begin TLS, to obey, to take content, to answer."""

    ACCEPT = "accept"
    TLS = "tls"
    COMMAND = "command"
    CONTENT = "content"
    ANSWER = "answer"
    QUERY = "query"


class Kind(StrEnum):
    """What a rule does."""

    ANSWER = "answer"
    DROP = "drop"
    RESET = "reset"
    STALL = "stall"
    SILENCE = "silence"
    DELAY = "delay"
    THROTTLE = "throttle"
    FRAGMENT = "fragment"
    COALESCE = "coalesce"
    GARBLE = "garble"
    TRUNCATE = "truncate"
    REPLACE = "replace"


INSTEAD = frozenset({Kind.ANSWER, Kind.DROP, Kind.RESET, Kind.STALL, Kind.SILENCE})
"""Effects in place of what would have happened: no other rule is asked after one of them."""

OF_OCTETS = frozenset({Kind.THROTTLE, Kind.FRAGMENT, Kind.COALESCE, Kind.GARBLE, Kind.TRUNCATE, Kind.REPLACE})
"""Effects on octets that are said: at a command, those of its answer; at accept, all that the server says."""


@dataclass(frozen=True, slots=True)
class Effect:
    """`amount`: milliseconds, octets, octets a second or per cent, by `kind`. `code` and `enhanced`: of an answer.

    `text` is the answer's, or what stands in its place (`REPLACE`).
    """

    kind: Kind
    amount: int = 0
    code: str = ""
    enhanced: str = ""
    text: str = ""

    @property
    def line(self) -> bytes:
        """The line of an `ANSWER` in a protocol with lines.

        >>> Effect(Kind.ANSWER, code="451", enhanced="4.7.1", text="come back").line
        b'451 4.7.1 come back\\r\\n'
        """
        return " ".join(filter(None, (self.code, self.enhanced, self.text or USUAL_TEXT))).encode() + b"\r\n"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be known of the talk at that moment, as a term of a filter: `name:pattern`, or with a minus not so."""

    name: str
    pattern: str
    negated: bool = False

    def holds(self, values: Iterable[str]) -> bool:
        """Is it so, when these are the values known under the name?"""
        return any(glob.matches(self.pattern, value) for value in values) is not self.negated


@dataclass(frozen=True, slots=True)
class Rule:
    """`site` and `service`: "" is any. `verb`: the command, "CONTENT" in its answer, the type of a query; "" is any.

    Of the moments that match, `skip` are let pass, then each `every`th counts, with a `chance` in per cent, until the
    rule was played so many `times` (0: always).
    """

    stage: Stage
    effect: Effect
    site: str = ""
    service: str = ""
    verb: str = ""
    conditions: tuple[Condition, ...] = ()
    skip: int = 0
    every: int = 1
    chance: int = 100
    times: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """What a server asks with. `site` is its domain, or the name that a query asks for.

    `values` gives what is known under the name of a condition: ("bob@recipient.test",) for "to".
    """

    stage: Stage
    protocol: Protocol
    service: str
    site: str
    verb: str = ""
    values: Callable[[str], Iterable[str]] = lambda _name: ()

    def is_meant_by(self, rule: Rule) -> bool:
        """Is it a moment of this rule, however often the rule is to be played?"""
        return (
            rule.stage is self.stage
            and rule.verb in ("", self.verb)
            and rule.service in ("", self.service)
            and (not rule.site or f".{self.site}".endswith(f".{rule.site}"))
            and all(condition.holds(self.values(condition.name)) for condition in rule.conditions)
        )
