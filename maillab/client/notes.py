"""What a reader is told about a message that is not as it should be: a sentence, which may name one value."""

from maillab.client.vietnamese import VIETNAMESE
from maillab.views.gloss import Lang
from maillab.views.language import Say
from maillab.views.safe import safe

VALUE = 80  # characters of a value in a sentence


class ReadingNote(str):
    """One such sentence, in English; `said` has it in a language. A value from a message is cut and made safe.

    >>> ReadingNote("more than {} parts: the rest is not shown", 1000).said("vi")
    'nhiều hơn 1000 phần: những phần còn lại không hiện'
    """

    __slots__ = ("_value", "kind")
    kind: str
    _value: str

    def __new__(cls, kind: str, value: object = "") -> "ReadingNote":
        """`kind` is the sentence, with {} for the value."""
        shown = safe(str(value)[:VALUE])
        note = super().__new__(cls, kind.format(shown))
        note.kind, note._value = kind, shown
        return note

    def said(self, lang: Lang) -> str:
        """The sentence in a language."""
        return Say(lang, VIETNAMESE)(self.kind, self._value)
