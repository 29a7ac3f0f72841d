"""The list of rules by chance: added, edited, switched and asked in any order, it plays and counts what a model says.

The model counts turns by writing them down: it knows nothing of how the list does it.
"""

import random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from maillab.protocols.smtp import SMTP
from maillab.rules.live import Rules
from maillab.rules.rule import INSTEAD, Effect, Kind, Moment, Rule, Stage
from tests.chance import play_by_chance

EFFECTS = [Effect(Kind.DELAY, 5), Effect(Kind.GARBLE, 5), Effect(Kind.ANSWER, code="451"), Effect(Kind.DROP)]
RULES = st.builds(
    Rule,
    st.just(Stage.COMMAND),
    st.sampled_from([*EFFECTS[:2], *EFFECTS]),
    site=st.sampled_from(["", "", "a.test", "b.test"]),
    verb=st.sampled_from(["", "RCPT", "RCPT", "MAIL"]),
    skip=st.integers(0, 2),
    every=st.integers(1, 3),
    chance=st.sampled_from([100, 100, 0]),
    times=st.integers(0, 3),
)
NUMBERS = st.integers(1, 8)


class Row:
    """A rule as the model has it."""

    def __init__(self, wanted):
        self.wanted, self.on, self.met = wanted, True, 0
        turns = range(wanted.skip + 1, 1000, wanted.every)  # at which of the moments that it meets it is played
        self.turns = [*turns][: wanted.times or None] if wanted.chance else []
        self.played = []

    @property
    def over(self):
        """It has been played as often as it may be."""
        return 0 < self.wanted.times == len(self.played)

    def meets(self, site, verb):
        """Is it asked at this moment?"""
        return self.on and not self.over and self.wanted.site in ("", site) and self.wanted.verb in ("", verb)


class List(RuleBasedStateMachine):
    """The list of a lab, and people and servers who come to it."""

    @initialize(wanted=st.lists(RULES, max_size=3))
    def begin(self, wanted):
        self.rules, self.rows = Rules(random.Random(1), wanted), dict(enumerate(map(Row, wanted), 1))
        self.next = len(wanted) + 1

    @rule(wanted=RULES)
    def add(self, wanted):
        assert self.rules.add(wanted) == self.next
        self.rows[self.next] = Row(wanted)
        self.next += 1

    @precondition(lambda self: self.rows)
    @rule(which=NUMBERS, wanted=RULES)
    def edit(self, which, wanted):
        number = self.one(which)
        self.rules.edit(number, wanted)
        on, self.rows[number] = self.rows[number].on, Row(wanted)
        self.rows[number].on = on

    @precondition(lambda self: self.rows)
    @rule(which=NUMBERS, on=st.booleans())
    def switch(self, which, on):
        number = self.one(which)
        self.rules.switch(number, on=on)
        if on:
            self.rows[number] = Row(self.rows[number].wanted)
        self.rows[number].on = on

    @precondition(lambda self: len(self.rows) > 2)
    @rule(which=NUMBERS)
    def remove(self, which):
        number = self.one(which)
        self.rules.remove(number)
        del self.rows[number]

    @rule(which=st.integers(-1, 0))
    def ask_for_none(self, which):
        """No rule has this number; nothing is changed."""
        for change in (self.rules.remove, lambda number: self.rules.switch(number, on=True)):
            with pytest.raises(LookupError):
                change(which)

    @rule(
        site=st.sampled_from(["a.test", "b.test"]),
        verb=st.sampled_from(["RCPT", "RCPT", "MAIL"]),
        times=st.integers(1, 6),
    )
    def come(self, site, verb, times):
        """A server asks at several moments."""
        for _ in range(times):
            played = [listed.number for listed in self.rules.ask(Moment(Stage.COMMAND, SMTP, "smtp", site, verb))]
            assert played == [*self.turns(site, verb)]

    def turns(self, site, verb):
        """The rules that are played now; after one in place of the answer no other is asked."""
        for number, row in self.rows.items():
            if row.meets(site, verb):
                row.met += 1
                if row.met in row.turns:
                    row.played.append(row.met)
                    yield number
                    if row.wanted.effect.kind in INSTEAD:
                        return

    def one(self, which):
        """The number of a rule that there is."""
        return [*self.rows][which % len(self.rows)]

    @invariant()
    def the_list_tells_it(self):
        told = [(row.number, row.rule, row.on, row.met, row.played) for row in self.rules.listed]
        rows = self.rows.items()
        assert told == [(number, row.wanted, row.on, row.met, len(row.played)) for number, row in rows]
        on = [number for number, row in rows if row.on and not row.over]
        assert [row.number for row in self.rules.on] == on
        assert self.rules.active is self.rules.concerns(Stage.COMMAND) is bool(on)


def test_by_chance():
    """Whoever changes the list and whoever asks, in whatever order: the list and the model agree."""
    play_by_chance(List, 50, 40)
