"""The list of rules: asked, counted, changed."""

import random

import pytest

from maillab.protocols.pop3 import POP3
from maillab.protocols.smtp import SMTP
from maillab.rules.language import RuleError, parse
from maillab.rules.live import Listed, Rules
from maillab.rules.rule import Effect, Kind, Moment, Stage

RCPT = Moment(Stage.COMMAND, SMTP, "smtp", "recipient.test", "RCPT")


def rules(*texts: str, seed: int = 1) -> Rules:
    """A list of these."""
    return Rules(random.Random(seed), map(parse, texts))


def played(listed: Rules, moments: int, moment: Moment = RCPT) -> list[int]:
    """How many rules are played at each of so many moments."""
    return [len(listed.ask(moment)) for _ in range(moments)]


@pytest.mark.parametrize(
    ("options", "turns"),
    [
        ("", [1, 1, 1, 1, 1, 1, 1]),
        ("times 2", [1, 1, 0, 0, 0, 0, 0]),
        ("skip 2", [0, 0, 1, 1, 1, 1, 1]),
        ("skip 2 times 1", [0, 0, 1, 0, 0, 0, 0]),
        ("every 3", [1, 0, 0, 1, 0, 0, 1]),
        ("skip 1 every 2 times 2", [0, 1, 0, 1, 0, 0, 0]),
    ],
)
def test_a_rule_is_played_when_it_is_its_turn(options: str, turns: list[int]) -> None:
    """Some moments are let pass, then every so-manieth counts, until it was played often enough."""
    assert played(rules(f"at rcpt drop {options}"), 7) == turns


def test_the_dice_decide_about_a_chance() -> None:
    """The same dice, the same turns; and about as many as the chance says."""
    turns = played(rules("at rcpt drop chance 30%"), 1000)
    assert turns == played(rules("at rcpt drop chance 30%"), 1000)
    assert 250 < sum(turns) < 350


def test_effects_come_together_until_one_is_instead() -> None:
    """A delay, then octets, then the first that takes the place of the answer; what stands behind it waits."""
    listed = rules("at rcpt delay 1s", "at rcpt garble", "at rcpt answer 451", "at rcpt drop")
    assert [each.rule.effect.kind for each in listed.ask(RCPT)] == [Kind.DELAY, Kind.GARBLE, Kind.ANSWER]
    assert [each.played for each in listed.listed] == [1, 1, 1, 0]


def test_a_rule_for_any_command_spares_those_at_which_it_is_not_possible() -> None:
    """Nor does it count them."""
    listed = rules('at command replace "250 ok"', "at answer silence")
    assert played(listed, 1) == [0]
    assert played(listed, 1, Moment(Stage.COMMAND, SMTP, "smtp", "recipient.test", "EHLO")) == [1]
    assert played(listed, 1, Moment(Stage.ANSWER, SMTP, "smtp", "recipient.test", "DATA")) == [0]
    assert [each.met for each in listed.listed] == [1, 0]


def test_an_answer_of_one_protocol_is_not_given_in_another() -> None:
    """QUIT is a command of both."""
    listed = rules("at quit answer -ERR")
    assert played(listed, 1, Moment(Stage.COMMAND, SMTP, "smtp", "recipient.test", "QUIT")) == [0]
    assert played(listed, 1, Moment(Stage.COMMAND, POP3, "pop3", "recipient.test", "QUIT")) == [1]


def test_nothing_is_asked_where_no_rule_is_on() -> None:
    """One that is switched off, used up or removed concerns no stage."""
    listed = rules("at rcpt drop times 1")
    assert listed.concerns(Stage.COMMAND)
    assert not listed.concerns(Stage.ANSWER)
    listed.switch(1, on=False)
    assert not listed.concerns(Stage.COMMAND)
    listed.switch(1, on=True)
    assert played(listed, 2) == [1, 0]
    assert not listed.concerns(Stage.COMMAND)
    assert listed[1].over
    listed.remove(1)
    assert listed.listed == ()


def test_rules_are_added_edited_and_removed() -> None:
    """Each keeps its number and its place; one that is edited or switched on again is counted anew."""
    listed = rules("at rcpt drop", "at mail drop")
    assert listed.add("at data drop") == 3
    listed.switch(3, on=False)
    played(listed, 2)
    listed.edit(1, "at rcpt answer 451 times 1")
    listed.remove(2)
    assert listed.listed == (
        Listed(1, parse("at rcpt answer 451 times 1")),
        Listed(3, parse("at data drop"), on=False),
    )
    assert listed.listed[0].text == "at rcpt answer 451 times 1"
    assert listed[1].rule.effect == Effect(Kind.ANSWER, code="451")
    assert listed.add("at rset drop") == 4
    listed.clear()
    assert listed.listed == ()


def test_what_is_no_rule_changes_nothing() -> None:
    """Nor does a number that no rule has."""
    listed = rules("at rcpt drop")
    before = listed.listed
    for change in (lambda: listed.add("at rcpt"), lambda: listed.edit(1, "at")):
        with pytest.raises(RuleError):
            change()
    for change in (lambda: listed.edit(7, "at rcpt drop"), lambda: listed.remove(7), lambda: listed.switch(7, on=True)):
        with pytest.raises(LookupError, match="7"):
            change()
    assert listed.listed is before
