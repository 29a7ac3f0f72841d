"""Misbehaving on purpose: what a door is told to do wrong, how often, and the moment at which it does."""

from collections.abc import Iterable
from dataclasses import dataclass

from maillab.mail.reply import Reply

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
