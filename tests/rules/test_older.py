"""Faults of older configurations."""

import pytest

from maillab.rules.language import parse
from maillab.rules.older import of_fault
from maillab.rules.rule import Effect, Kind, Rule, Stage


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ({"verb": "CONNECT", "code": 554}, Rule(Stage.ACCEPT, Effect(Kind.ANSWER, code="554"), service="smtp")),
        ({"verb": "MAIL", "code": 0}, Rule(Stage.COMMAND, Effect(Kind.DROP), service="smtp", verb="MAIL")),
        (
            {"verb": ".", "code": 451, "enhanced": "4.3.0", "text": 'not "now"', "times": 3},
            Rule(Stage.CONTENT, Effect(Kind.ANSWER, 0, "451", "4.3.0", 'not "now"'), service="smtp", times=3),
        ),
    ],
)
def test_a_fault_is_a_rule_of_port_25(fault: dict[str, object], rule: Rule) -> None:
    """With its code and its words, as often as it was to be played."""
    assert parse(of_fault(fault)) == rule
