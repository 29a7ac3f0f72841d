"""The words of the window, one catalogue a language: labels, help, empty panes. Protocol words stay as they are.

A catalogue is a table of our own templates; values from outside are made safe before they enter one.
"""

import importlib

from maillab.views.errors_vi import ERRORS
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.sentences import Sentences


class Texts:
    """The catalogue of one language.

    >>> Texts("en")("wire.lines", count=3), Texts("en")("wire.lines", count=1)
    ('3 lines', '1 line')
    """

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._table: dict[str, str] = importlib.import_module(f"maillab.tui.texts.{lang}").TEXTS

    def __call__(self, key: str, **values: object) -> str:
        """The text under a key, with values put in."""
        text = self._table[key]
        if "why" in values:
            values["why"] = self.trouble(str(values["why"]))
        return text.format(**{name: _ready(value) for name, value in values.items()}) if values else text

    def trouble(self, text: str) -> str:
        """An error in the language of the window, where it is known.

        >>> Texts("vi").trouble("this ) closes nothing"), Texts("en").trouble("this ) closes nothing")
        ('dấu ) này không đóng dấu nào', 'this ) closes nothing')
        """
        return text if self.lang == "en" else _in_vietnamese(text)


_in_vietnamese = Sentences(ERRORS)


class _Count(int):
    """A number that knows what it counts: `{count:message|messages}`."""

    def __format__(self, words: str) -> str:
        one, _, many = words.partition("|")
        return f"{int(self)} {one if self == 1 else many}" if words else str(int(self))


def _ready(value: object) -> object:
    return _Count(value) if isinstance(value, int) else safe(str(value))
