"""The words of the window, one catalogue a language: labels, help, empty panes. Protocol words stay as they are.

A catalogue is a table of our own templates; values from outside are made safe before they enter one.
"""

import importlib

from maillab.views.gloss import Lang
from maillab.views.safe import safe


class Texts:
    """The catalogue of one language.

    >>> Texts("en")("wire.lines", count=3)
    '3 lines'
    """

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._table: dict[str, str] = importlib.import_module(f"maillab.tui.texts.{lang}").TEXTS

    def __call__(self, key: str, **values: object) -> str:
        """The text under a key, with values put in."""
        text = self._table[key]
        return text.format(**{name: safe(str(value)) for name, value in values.items()}) if values else text
