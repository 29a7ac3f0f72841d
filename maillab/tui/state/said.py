"""What is said for a moment, in the status line: each word for as long as it takes to read it.

Rules for this file: no Textual; `moment` is on a clock that only goes on.
"""

from collections.abc import Collection
from dataclasses import dataclass

from msgspec import Struct

LASTS = {"plain": 4.0, "good": 6.0, "warn": 9.0, "bad": 12.0}  # seconds, by level
MOST = 3  # words that are said at one time


class SaidWord(Struct, frozen=True):
    """`level` is plain, good, warn or bad; it is said until this moment."""

    level: str
    text: str
    until: float


@dataclass(slots=True)
class SaidWords:
    """`words` are those that are said now, the newest one last."""

    words: tuple[SaidWord, ...] = ()

    def say(self, text: str, level: str, moment: float) -> None:
        """Say something. It takes the place of a plain word before; "" takes that away."""
        kept = [word for word in self.words if word.text != text and word.level != "plain"]
        new = [SaidWord(level, text, moment + LASTS[level])] if text else []
        self.words = tuple([*kept, *new][-MOST:])

    def has_news_since(self, words: tuple[SaidWord, ...]) -> bool:
        """Was anything but a plain word said since these were all?"""
        return any(word.level != "plain" and word not in words for word in self.words)

    def pass_time(self, moment: float) -> bool:
        """Forget what was said long enough; was there anything?"""
        said, self.words = self.words, tuple(word for word in self.words if word.until > moment)
        return said != self.words

    def take_back(self, texts: Collection[str]) -> None:
        """Say these no longer."""
        self.words = tuple(word for word in self.words if word.text not in texts)

    def hush(self) -> None:
        """Nothing any more."""
        self.words = ()
