"""Our own texts in the language of the reader: English is the key, and each room has one table of its Vietnamese.

Whoever says something writes it in English, where it is said; `{}` stands for a value, in the same order in both
languages, `{name}` for a named one. What a table does not know stays English; a test keeps the tables complete.
"""

from collections.abc import Mapping

from maillab.views.gloss import Lang


class Say:
    """Says texts in one language.

    >>> say = Say("vi", {"and {} more": "và {} nữa"})
    >>> say("and {} more", 3), say("not translated")
    ('và 3 nữa', 'not translated')
    """

    def __init__(self, lang: Lang, vietnamese: Mapping[str, str]) -> None:
        self.lang = lang
        self._vietnamese = vietnamese

    def __call__(self, text: str, *values: object, **named: object) -> str:
        """The text with its values put in."""
        said = self._vietnamese.get(text, text) if self.lang == "vi" else text
        return said.format(*values, **named) if values or named else said
