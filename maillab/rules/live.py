"""The rules of a lab while it runs: set at any moment, asked by every server, counted.

Rules for this file: everything is done in the lab's loop; what other threads may read (`listed`) is replaced whole.
"""

import itertools
import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from maillab.rules import possible
from maillab.rules.language import parse, written
from maillab.rules.rule import INSTEAD, Kind, Moment, Rule, Stage


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule in the list: its number, whether it is switched on, how many moments it met, how often it was played."""

    number: int
    rule: Rule
    on: bool = True
    met: int = 0
    played: int = 0

    @property
    def text(self) -> str:
        """The rule as it is written."""
        return written(self.rule)

    @property
    def over(self) -> bool:
        """Was it played as often as it may be?"""
        return 0 < self.rule.times <= self.played


class Rules:
    """The list. `dice` decides about chances and garbled octets.

    >>> from maillab.protocols.smtp import SMTP
    >>> rules = Rules(random.Random(1), [parse("at rcpt answer 451 times 1")])
    >>> moment = Moment(Stage.COMMAND, SMTP, "smtp", "recipient.test", "RCPT")
    >>> [listed.rule.effect.code for listed in rules.ask(moment)], rules.ask(moment)
    (['451'], [])
    """

    def __init__(self, dice: random.Random | None = None, rules: Iterable[Rule] = ()) -> None:
        self.dice = dice or random.Random(0)  # noqa: S311 - decides about disturbances, guards nothing
        self.listed: tuple[Listed, ...] = ()
        self._numbers = itertools.count(1)
        self._stages: frozenset[Stage] = frozenset()  # of the rules that are on and not used up
        for rule in rules:
            self.add(rule)

    def add(self, rule: Rule | str) -> int:
        """Put a rule at the end of the list; gives its number. Raises `RuleError`."""
        number = next(self._numbers)
        rule = parse(rule) if isinstance(rule, str) else rule
        self._set((*self.listed, Listed(number, rule)))
        return number

    def edit(self, number: int, rule: Rule | str) -> None:
        """Put another rule in the place of one, counted anew. Raises `RuleError`, `LookupError`."""
        rule = parse(rule) if isinstance(rule, str) else rule
        self._put(Listed(number, rule, self[number].on))

    def switch(self, number: int, *, on: bool) -> None:
        """Switch a rule on (counted anew) or off. Raises `LookupError`."""
        self._put(Listed(number, self[number].rule) if on else replace(self[number], on=False))

    def remove(self, number: int) -> None:
        """Take a rule off the list. Raises `LookupError`."""
        gone = self[number]
        self._set(tuple(listed for listed in self.listed if listed is not gone))

    def clear(self) -> None:
        """Take all rules off the list."""
        self._set(())

    @property
    def on(self) -> list[Listed]:
        """Those that may still be played: switched on, and not used up."""
        return [listed for listed in self.listed if listed.on and not listed.over]

    def __getitem__(self, number: int) -> Listed:
        """The rule with this number. Raises `LookupError`."""
        for listed in self.listed:
            if listed.number == number:
                return listed
        raise LookupError(f"no rule has the number {number}")

    @property
    def active(self) -> bool:
        """Is any rule on, and not used up? So quick that it can be asked at every command."""
        return bool(self._stages)

    def concerns(self, stage: Stage) -> bool:
        """May a rule have something to say at this stage?"""
        return stage in self._stages

    def ask(self, moment: Moment, kinds: Collection[Kind] = frozenset(Kind)) -> list[Listed]:
        """The rules that are played at this moment, in their order, counted; after one of `INSTEAD` come no others.

        `kinds`: of these effects only, where a stage has two moments.
        """
        due = []
        for listed in self.listed:
            rule = listed.rule
            if not listed.on or listed.over or rule.effect.kind not in kinds or not moment.is_meant_by(rule):
                continue
            if possible.why_not(rule, moment.protocol, moment.verb):
                continue
            played = self._counted(listed)
            if played is not None:
                due.append(played)
                if played.rule.effect.kind in INSTEAD:
                    break
        return due

    def _counted(self, listed: Listed) -> Listed | None:
        """The rule, if it is its turn now."""
        rule, met = listed.rule, listed.met + 1
        turn = met > rule.skip and (met - rule.skip - 1) % rule.every == 0
        turn = turn and (rule.chance == 100 or self.dice.random() * 100 < rule.chance)
        listed = replace(listed, met=met, played=listed.played + turn)
        self._put(listed)
        return listed if turn else None

    def _put(self, changed: Listed) -> None:
        self._set(tuple(changed if listed.number == changed.number else listed for listed in self.listed))

    def _set(self, listed: tuple[Listed, ...]) -> None:
        self.listed = listed
        self._stages = frozenset(each.rule.stage for each in listed if each.on and not each.over)
