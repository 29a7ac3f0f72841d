"""What may stand behind the colon of a term, and what it is compared with: texts, names, words of a list, moments."""

from collections.abc import Callable
from dataclasses import dataclass

from maillab.rules import glob
from maillab.views.pattern import Pattern
from maillab.views.searched import fold
from maillab.views.units import seconds_of


class WrongValueError(ValueError):
    """What stands behind the colon is not for this term."""


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a colon, or alone: a word, words in quotes, or the inside of /.../."""

    text: str
    is_pattern: bool = False

    def text_test(self) -> Callable[[str], bool]:
        """Does a text hold this? Raises `PatternError`."""
        if self.is_pattern:
            pattern = Pattern(self.text)
            return lambda text: pattern.is_in(text)
        needle = fold(self.text)
        return lambda text: needle in fold(text)

    def name_test(self) -> Callable[[str], bool]:
        """Is a name this one? `*` stands for any characters. Raises `PatternError`."""
        if self.is_pattern:
            return self.text_test()
        wanted = fold(self.text)
        return lambda name: glob.matches(wanted, fold(name))

    def choice(self, *words: str) -> str:
        """One of these words. Raises `WrongValueError`."""
        asked = fold(self.text)
        if self.is_pattern or asked not in words:
            raise WrongValueError(f"possible here: {', '.join(words)}")
        return asked

    def moment(self) -> float:
        """Seconds since the beginning. Raises `WrongValueError`.

        >>> Value("1.5s").moment(), Value("2min").moment()
        (1.5, 120.0)
        """
        try:
            return seconds_of("" if self.is_pattern else self.text)
        except ValueError:
            raise WrongValueError("a time since the beginning is expected here, like 1.5s, 200ms or 2min") from None
