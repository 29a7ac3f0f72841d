"""Letters and their marks in one form, whatever is sent, in a time that grows only as the text does.

Python sorts the marks behind a letter in a time that grows with the square of their number, and lets nothing else run
meanwhile: a message of 1 MB stopped the whole program for minutes. So no letter has more than `MARKS` here; a sign that
nobody sees is put before the next ones, as Unicode says (UAX #15, Stream-Safe Text Format).
"""

import re
import unicodedata
from typing import Literal

MARKS = 30
_JOINER = "\u034f"
_MANY = re.compile(
    rf"(?:[^\x00-\x7f\w\s]|[\uff9e\uff9f]){{{MARKS + 1},}}"
)  # all that is or becomes marks, and other signs


def normal(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in this form of Unicode.

    >>> normal("NFC", "cha\u0300o"), len(normal("NFC", "a" + "\u0323" * 100))
    ('chào', 103)
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _MANY.sub(_parted, text))


def _parted(signs: re.Match[str]) -> str:
    parted, marks = list[str](), 0
    for sign in signs[0]:
        marks = marks + 1 if _is_mark(sign) else 0
        if marks > MARKS:
            parted.append(_JOINER)
            marks = 1
        parted.append(sign)
    return "".join(parted)


def _is_mark(sign: str) -> bool:
    """Is it a mark in one of the forms? A few become so only when they are taken apart."""
    return bool(unicodedata.combining(unicodedata.normalize("NFKD", sign)[0]))
