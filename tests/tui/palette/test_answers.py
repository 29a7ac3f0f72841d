"""What a word of mail means, where a command was looked for."""

import pytest

from maillab.tui.palette.answers import MOST, answers, is_code


@pytest.mark.parametrize(
    ("typed", "label", "words", "source"),
    [
        ("354", "354", "Send the message now", "RFC 5321 §4.2.3"),
        ("mx", "MX", "mail", "RFC 5321 §5.1"),
        ("bounce", "bounce", "cannot be delivered", "RFC 3464"),
        ("STARTTLS", "STARTTLS", "encrypt", "RFC 3207 §4"),
        ("4.7.1", "4.7.1", "", "RFC 3463"),
        ("mail from", "MAIL FROM", "ENVELOPE sender", "RFC 5321 §4.1.1.2"),
        ("greylist", "greylisting", "", "RFC 6647"),
        ("587", "port 587", "", "RFC"),
    ],
)
def test_a_word_answers_itself(typed, label, words, source):
    """A code, a command, a record, a term, a port: its meaning, and where it is written."""
    first = answers(typed, "en")[0]
    assert first.explains
    assert (first.label, first.value) == (label, f"explain {label}")
    assert words in first.note
    assert source in first.area


def test_in_the_readers_language():
    """Also under its Vietnamese name, with its accents or without."""
    for typed in ("thư báo lỗi", "thu bao loi"):
        assert "bounce" in answers(typed, "vi")[0].label
    assert answers("354", "vi")[0].note != answers("354", "en")[0].note


def test_the_beginning_of_a_word():
    """Three letters are enough; fewer are not."""
    assert answers("startt", "en")[0].label == "STARTTLS"
    assert answers("st", "en") == []


def test_one_for_each_name():
    """A word of three protocols is explained once in the list, and no more than a few are shown."""
    assert [choice.label for choice in answers("starttls", "en")] == ["STARTTLS"]
    assert len(answers("mes", "en")) <= MOST


@pytest.mark.parametrize("typed", ["", " ", "xyzzy", "\x1b[31m", "a" * 5_000])
def test_what_means_nothing(typed):
    """Is not explained, whatever it is."""
    assert answers(typed, "en") == []


def test_codes():
    """Numbers are no commands."""
    assert [is_code(text) for text in ("354", "4.7.1", " 25 ", "mx", "F4", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
