"""One form of letters and marks, in a time that grows as the text does."""

import functools
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.normal import _JOINER, _MANY, MARKS, normal
from tests.house import modules

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize("form", FORMS)
@given(text=st.text(alphabet=st.sampled_from("aăâé\u0300\u0301\u0323\u0344ﷺ한😀“ \n"), max_size=29))
def test_as_unicode_says(form, text):
    """What people write is in the form that Unicode gives it."""
    assert normal(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
def test_many_marks(form):
    """All are there, in the same order as far as it matters, and not more behind each other than are borne."""
    text = normal(form, "x" + "\u0300\u0323" * 1000)
    assert text.count("\u0323") == 1000
    assert max(map(len, text.replace(_JOINER, " ").split())) <= MARKS + 1
    assert normal(form, text) == text


@functools.cache
def marked():
    """Every sign of Unicode that is a mark, or becomes one in some form: three Tibetan vowels, two Japanese voicing marks."""
    return [
        sign
        for sign in map(chr, range(0x110000))
        if (unicodedata.combining(sign) or unicodedata.decomposition(sign))  # any other becomes itself, or letters
        and any(unicodedata.combining(unicodedata.normalize(form, sign)[0]) for form in FORMS)
    ]


def test_every_mark_is_looked_for():
    """The quick look before overlooks no mark of Unicode."""
    assert [mark for mark in marked() if _MANY.fullmatch(mark * (MARKS + 1)) is None] == []


@pytest.mark.parametrize("form", FORMS)
def test_every_mark_is_counted(form):
    """Whichever of them are heaped up, and whichever stands between others, a sign comes between them in time."""
    for mark in marked():
        for heap in (mark * 200, ("\u0301" * 10 + mark) * 20):
            runs = unicodedata.normalize("NFKD", normal(form, "a" + heap)).split(_JOINER)
            assert max(map(len, runs)) <= 4 * MARKS, ascii(mark)  # one sign becomes four marks at most


def test_a_million():
    """A million marks are put in order in no more time than other letters would take a few times over."""
    began = time.process_time()
    normal("NFC", "a" + "\u0300\u0323" * 500_000)
    assert time.process_time() - began < 5  # it was an hour


def test_nobody_else_asks_python():
    """No other module of the house takes the time that grows with the square."""
    assert [name for name, module in modules().items() if "unicodedata.normalize" in module.text] == ["mail.normal"]
