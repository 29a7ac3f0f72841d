"""A reply, digit by digit."""

from maillab.views.fields.reply import blocks, enhanced
from tests.views.fields.words import EN, VI, told


def test_code_and_enhanced_code():
    """Each digit has its meaning, and the words have none for a program."""
    found = told(blocks("550 5.1.1 No such user", EN))
    assert found["550"] == (
        "first digit 5: no, trying again will not help · second 5: about the mail system · third 0: the exact case"
    )
    assert found["5.1.1"].endswith("second 1: about an address · third 1: No such mailbox at that domain.")
    assert found["No such user"] == "words for people; programs read the numbers"
    assert told(blocks("451 4.7.1 later", VI))["451"].startswith("chữ số đầu 4: bây giờ chưa được, ")


def test_more_lines_follow():
    """The hyphen says so."""
    assert told(blocks("250-first", EN))["250-"].endswith("-: more lines follow")


def test_an_enhanced_code_of_another_class():
    """550 2.1.1 contradicts itself: the second number is not read as a code."""
    assert "2.1.1" not in told(blocks("550 2.1.1 no", EN))


def test_no_reply():
    """A line that is none has no digits."""
    assert blocks("hello", EN) == blocks("999 x", EN) == []


def test_an_unknown_number():
    """What no RFC has named is told as far as it can be."""
    assert enhanced("5.9.99", EN).endswith("third 99: no further detail")
