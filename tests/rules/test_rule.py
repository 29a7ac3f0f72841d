"""Rules and moments as values."""

import pytest

from maillab.protocols.smtp import SMTP
from maillab.rules.rule import INSTEAD, OF_OCTETS, Condition, Effect, Kind, Moment, Rule, Stage

KNOWN = {"to": ("bob@recipient.test", "carol@recipient.test"), "user": ("",)}


def moment(**changes: str) -> Moment:
    """RCPT at port 25 of recipient.test."""
    where = {"service": "smtp", "site": "recipient.test", "verb": "RCPT"} | changes
    return Moment(Stage.COMMAND, SMTP, values=lambda name: KNOWN.get(name, ()), **where)


def rule(*conditions: Condition, site: str = "", service: str = "", verb: str = "") -> Rule:
    """A rule of commands."""
    return Rule(Stage.COMMAND, Effect(Kind.DROP), site, service, verb, conditions)


@pytest.mark.parametrize(
    ("made", "is_meant"),
    [
        (rule(), True),
        (rule(verb="RCPT"), True),
        (rule(verb="MAIL"), False),
        (rule(service="smtp"), True),
        (rule(service="submission"), False),
        (rule(site="recipient.test"), True),
        (rule(site="test"), True),
        (rule(site="ent.test"), False),
        (rule(Condition("to", "bob*")), True),
        (rule(Condition("to", "carol*")), True),
        (rule(Condition("to", "dave*")), False),
        (rule(Condition("to", "dave*", negated=True)), True),
        (rule(Condition("to", "bob*"), Condition("to", "carol*", negated=True)), False),
        (rule(Condition("user", "")), True),
        (rule(Condition("hello", "*")), False),
        (rule(Condition("hello", "*", negated=True)), True),
        (Rule(Stage.ANSWER, Effect(Kind.DROP)), False),
    ],
)
def test_a_moment_is_meant_when_everything_fits(made: Rule, is_meant: bool) -> None:
    """Stage, command, service, site, and each condition; what a rule does not name is any."""
    assert moment().is_meant_by(made) is is_meant


def test_every_effect_has_its_manner() -> None:
    """An effect is in place of what would happen, or of octets, or a delay."""
    assert INSTEAD | OF_OCTETS | {Kind.DELAY} == set(Kind)
    assert not INSTEAD & OF_OCTETS
