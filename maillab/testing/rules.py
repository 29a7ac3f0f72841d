"""The rules of a lab that runs, for its tests: a change holds from the next command on, without closing a port."""

from collections.abc import Callable
from typing import TypeVar

from maillab.lab import Lab
from maillab.rules.live import Listed
from maillab.running import Running
from maillab.testing.waiting import result

T = TypeVar("T")


class RuleBook:
    """Adds, edits, switches and removes rules of a lab, by number; safe from any thread but the lab's own."""

    def __init__(self, running: Running) -> None:
        self._running = running

    @property
    def listed(self) -> tuple[Listed, ...]:
        """Every rule, with how often it was played."""
        return self._running.lab.rules.listed

    def add(self, text: str) -> int:
        """One rule more, at the end of the list; gives its number. Raises `RuleError`."""
        return self._do(lambda lab: lab.rules.add(lab.config.rule(text)))

    def edit(self, number: int, text: str) -> None:
        """Put another rule in the place of one. Raises `RuleError`, `LookupError`."""
        self._do(lambda lab: lab.rules.edit(number, lab.config.rule(text)))

    def switch(self, number: int, *, on: bool) -> None:
        """Switch a rule off, or on again, counted anew. Raises `LookupError`."""
        self._do(lambda lab: lab.rules.switch(number, on=on))

    def remove(self, number: int) -> None:
        """Take a rule off the list. Raises `LookupError`."""
        self._do(lambda lab: lab.rules.remove(number))

    def clear(self) -> None:
        """Take all rules off the list."""
        self._do(lambda lab: lab.rules.clear())

    def _do(self, change: Callable[[Lab], T]) -> T:
        __tracebackhide__ = True

        async def work(lab: Lab) -> T:
            return change(lab)

        return result(self._running.ask(work))
