"""The words of the window, in Vietnamese."""

import string
import unicodedata

import pytest

from maillab.tui.texts.en import TEXTS as EN
from maillab.tui.texts.vi import TEXTS as VI

SAME = {"field.to.hint"}  # what is no sentence


def places(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_the_same_keys():
    """Both catalogues have the same keys, in the same order, and the same places for values."""
    assert EN.keys() == VI.keys()
    assert [key for key in EN if not key.startswith("help.") and places(EN[key]) != places(VI[key])] == []


def test_composed():
    """Every letter is one character with its marks."""
    assert [key for key, text in VI.items() if unicodedata.normalize("NFC", text) != text] == []


def test_translated():
    """Sentences are in Vietnamese: longer ones have its letters."""
    plain = [key for key, text in VI.items() if len(text) > 24 and text.isascii() and key not in SAME]
    assert plain == []


@pytest.mark.parametrize("key", [key for key in VI if key.startswith("act.")])
def test_labels_are_short(key):
    """A label has room in the key bar."""
    assert len(VI[key]) <= 20
