"""What is said for a moment, in the status line: each word for as long as it takes to read it.

Rules for this file: no Textual; `moment` is on a clock that only goes on.
"""

from dataclasses import dataclass, field

LASTS = {"plain": 4.0, "good": 6.0, "warn": 9.0, "bad": 12.0}  # seconds, by level
MOST = 3  # words that are said at one time


@dataclass(frozen=True, slots=True)
class StatusWord:
    """`level` is plain, good, warn or bad; it is said until this moment."""

    level: str
    text: str
    until: float


@dataclass(slots=True)
class StatusWords:
    """The newest one last."""

    _said: list[StatusWord] = field(default_factory=list)

    def say(self, text: str, level: str, moment: float) -> None:
        """Say something. It takes the place of a plain word before; "" takes that away."""
        kept = [word for word in self.at(moment) if word.text != text and word.level != "plain"]
        new = [StatusWord(level, text, moment + LASTS[level])] if text else []
        self._said = [*kept, *new][-MOST:]

    def at(self, moment: float) -> tuple[StatusWord, ...]:
        """What is said at a moment, not before one that was asked for."""
        self._said = [word for word in self._said if word.until > moment]
        return tuple(self._said)

    @property
    def is_said(self) -> bool:
        """May something be said that has to go?"""
        return bool(self._said)

    def hush(self) -> None:
        """Nothing any more."""
        self._said = []
