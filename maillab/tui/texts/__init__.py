"""The words of the window, one catalogue a language: labels, help, empty panes. Protocol words stay as they are.

A catalogue is a table of our own templates; values from outside are made safe before they enter one. No template
says which key it is that one presses: `{key:app.send}` is the key of that action, as it is now.
"""

import importlib
from collections.abc import Callable

from maillab.views.errors_vi import ERRORS
from maillab.views.gloss import Lang
from maillab.views.safe import safe
from maillab.views.sentences import Sentences


class Texts:
    """The catalogue of one language. `key` names the key of an action as people write it; else actions are named.

    >>> Texts("en")("wire.lines", count=3), Texts("en")("wire.lines", count=1)
    ('3 lines', '1 line')
    >>> Texts("en", {"app.record": "^R"}.get)("say.not_recording")
    'Not recording. ^R starts a recording.'
    """

    def __init__(self, lang: Lang, key: Callable[[str], object] = str) -> None:
        self.lang: Lang = lang
        self._key = _Key(key)
        self._table: dict[str, str] = importlib.import_module(f"maillab.tui.texts.{lang}").TEXTS

    def __call__(self, key: str, **values: object) -> str:
        """The text under a key, with values put in."""
        text = self._table[key]
        if "why" in values:
            values["why"] = self.trouble(str(values["why"]))
        if "{" not in text:
            return text
        return text.format(key=self._key, **{name: _ready(value) for name, value in values.items()})

    def translated(self, lang: Lang) -> "Texts":
        """The same in another language."""
        return Texts(lang, self._key.of)

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


class _Key:
    """The key of the action that a template names: `{key:app.send}`."""

    def __init__(self, of: Callable[[str], object]) -> None:
        self.of = of

    def __format__(self, action: str) -> str:
        return str(self.of(action))


def _ready(value: object) -> object:
    return _Count(value) if isinstance(value, int) else safe(str(value))
