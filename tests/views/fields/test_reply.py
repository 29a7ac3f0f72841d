"""A reply, digit by digit."""

from maillab.views.fields.reply import blocks, enhanced
from tests.views.fields.words import EN, VI, told


def test_code_and_enhanced_code():
    """Each digit has its meaning, and the words have none for a program."""
    found = told(blocks("550 5.1.1 No such user", EN))
    assert found["550"] == "5: no, trying again will not help · 5: about the mail system"
    assert found["5.1.1"].endswith("1: about an address · 1: No such mailbox at that domain.")
    assert found["No such user"] == "words for people; programs read the numbers"
    assert told(blocks("451 4.7.1 later", VI))["451"].startswith("4: bây giờ chưa được, ")


def test_more_lines_follow():
    """The hyphen says so."""
    assert told(blocks("250-first", EN))["250-"].endswith("-: more lines follow")


def test_an_enhanced_code_of_another_class():
    """550 2.1.1 contradicts itself: the second number is not read as a code."""
    assert "2.1.1" not in told(blocks("550 2.1.1 no", EN))


def test_no_reply():
    """A line that is none has no digits."""
    assert blocks("hello", EN) == blocks("999 x", EN) == []


def test_a_digit_that_says_nothing():
    """What stands for nothing in particular, and what no RFC has named, is left out."""
    assert told(blocks("240 2.0.0 hi", EN)) == {
        "240": "2: done",
        "2.0.0": "2: done",
        "hi": "words for people; programs read the numbers",
    }
    assert enhanced("5.9.99", EN) == "5: no, trying again will not help"
