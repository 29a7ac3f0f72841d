"""Misbehaving on purpose: what a door is told to do wrong, how often, and the moment at which it does."""

from collections.abc import Iterable
from dataclasses import dataclass

from maillab.mail.reply import Reply
from maillab.protocols.smtp import SMTP
from maillab.rules.live import Rules
from maillab.rules.rule import Kind, Moment, Stage

DROP = 0  # instead of a code: close the connection without a word


@dataclass(frozen=True, slots=True)
class Fault:
    """At `verb` (CONNECT: the greeting, ".": the end of content) answer `code` instead, so many `times` (0: always)."""

    verb: str
    code: int
    enhanced: str = ""
    text: str = "fault played on purpose"
    times: int = 0

    @property
    def reply(self) -> Reply:
        """What is said instead."""
        return Reply(self.code, self.enhanced, (self.text,))


class Faults:
    """The faults of one door, used up in order.

    >>> faults = Faults([Fault("RCPT", 451, times=1)])
    >>> faults.play("RCPT").code, faults.play("RCPT")
    (451, None)
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._left = [[fault, fault.times] for fault in faults]

    def play(self, verb: str) -> Fault | None:
        """The fault that is due at this verb, counted as played."""
        for row in self._left:
            fault, left = row
            assert isinstance(fault, Fault)
            assert isinstance(left, int)
            if fault.verb == verb and (fault.times == 0 or left > 0):
                row[1] = left - 1
                return fault
        return None


class RuleFaults(Faults):
    """The rules of a lab at one service, as far as they answer or hang up."""

    def __init__(self, rules: Rules, service: str, site: str) -> None:
        super().__init__()
        self._rules, self._service, self._site = rules, service, site

    def play(self, verb: str) -> Fault | None:
        """The rule that is played at this verb."""
        stage = {"CONNECT": Stage.ACCEPT, ".": Stage.CONTENT}.get(verb, Stage.COMMAND)
        moment = Moment(stage, SMTP, self._service, self._site, verb if stage is Stage.COMMAND else "")
        for listed in self._rules.ask(moment, {Kind.ANSWER, Kind.DROP}):
            effect = listed.rule.effect
            return Fault(verb, int(effect.code or DROP), effect.enhanced, effect.text or "fault played on purpose")
        return None
