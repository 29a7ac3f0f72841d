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

    `ascii`: for terminals that know no other sign, texts have three dots where they have one sign for them.

    >>> Texts("en")("wire.lines", count=3), Texts("en")("wire.lines", count=1)
    ('3 lines', '1 line')
    >>> Texts("en", {"app.record": "^R"}.get)("say.marked_first", name="a")
    'Recording from the start of the lab, marked: a. ^R saves it.'
    >>> Texts("en", ascii=True)("wire.more", text="* FLAGS", count=9)
    '* FLAGS ... 9 more lines ▸'
    """

    def __init__(self, lang: Lang, key: Callable[[str], object] = str, *, ascii: bool = False) -> None:
        self.lang: Lang = lang
        self._ascii = ascii
        self._key = _Key(key)
        self._table: dict[str, str] = importlib.import_module(f"maillab.tui.texts.{lang}").TEXTS
        if ascii:
            self._table = {name: text.replace("…", "...") for name, text in self._table.items()}

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
        return Texts(lang, self._key.of, ascii=self._ascii)

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
