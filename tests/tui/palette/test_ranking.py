"""Which choices are meant by what was typed."""

import pytest

from maillab.tui.palette.ranking import LONGEST, Ranking
from maillab.tui.questions import Choice

CHOICES = [
    Choice("send", "Send", "hand the message to the server", "^S", "Everywhere", "submit mail gửi"),
    Choice("bounce", "Bounce job", "send the selected job back to its sender", "B", "sender.test", "return DSN"),
    Choice("story", "Story: bounce", "nobody of that name: how a report comes about", "", "Stories"),
    Choice("clock", "Let time pass", "the queue gives up after five days", "", "Everywhere", "clock day travel bounce"),
    Choice("power", "Start or stop", "open or close the ports of this machine", "o", "recipient.test", "power switch"),
    Choice("greylist", "Greylisting", "unknown senders have to come again", "y", "recipient.test"),
    Choice("wrap", "Wrap lines", "break lines that are too long", "w", "Wire", "fold"),
    Choice("lang", "Tiếng Việt", "ngôn ngữ khác của cửa sổ", "", "Everywhere", "language đổi"),
    Choice("filter", "Filter", "show only lines that match", "f", "Wire", "search"),
    Choice("settings", "Settings", "strictness, TLS, greylisting", "F9", "Everywhere", "options"),
]


def found(text, recent=()):
    """The values of what is shown for a text."""
    return [choice.value for choice in Ranking(CHOICES, recent).search(text)]


def test_nothing_typed():
    """All of them are shown in their order, those that were used last before the others."""
    assert found("") == [choice.value for choice in CHOICES]
    assert found("  ", ["wrap", "send", "gone"])[:3] == ["wrap", "send", "bounce"]


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("send", ["send", "bounce"]),  # the label before the sentence
        ("SEND", ["send", "bounce"]),
        ("bounce", ["bounce", "story", "clock"]),  # the beginning, a word, a synonym
        ("stop", ["power"]),
        ("power", ["power"]),
        ("swi", ["power"]),
        ("fold", ["wrap"]),
        ("listing", ["greylist"]),
        ("day", ["clock"]),
    ],
)
def test_the_best_goes_first(typed, best):
    """The beginning of a label, a word of it, a synonym, the sentence, in this order."""
    assert found(typed)[: len(best)] == best


def test_every_word_matches_somewhere():
    """In any order; a word that is nowhere leaves nothing."""
    assert found("stop recipient.test") == ["power"]
    assert found("job bounce") == ["bounce"]
    assert found("bounce xyzzy") == []


def test_a_key():
    """The key itself finds what it does."""
    assert found("F9")[0] == "settings"
    assert found("^s")[0] == "send"
    assert found("w")[0] == "wrap"


def test_accents():
    """Words are found with their accents and without; those that are typed must be right."""
    assert found("tieng viet") == found("Tiếng Việt") == found("ngon ngu") == ["lang"]
    assert found("doi") == found("đổi") == ["lang"]
    assert found("tiề") == []
    assert found("gửi") == ["send"]


def test_letters_left_out():
    """Letters of one word in their order are enough, if they begin it and are many."""
    assert found("grlst") == ["greylist"]
    assert found("fltr") == ["filter"]
    assert found("sgs") == ["settings"]
    assert found("eylst") == []


def test_slips_of_the_finger():
    """One letter wrong, missing, too many, or two in the wrong order; not in the short words."""
    for typed in ("boucne", "bonce", "bouunce", "bounze"):
        assert found(typed)[:2] == ["bounce", "story"]
    assert found("stpo") == ["power"]
    assert found("wrp") == ["wrap"]  # its letters in their order
    assert found("wpr") == []


def test_letters_anywhere_match_nothing():
    """One letter or two begin a word, or are a key: no sentence is found by what is somewhere within it."""
    assert found("ot") == []
    assert set(found("g")) == {"greylist", "settings", "clock", "send"}  # gives, gửi


def test_what_was_used_last():
    """Goes first among those that match alike, and not before better ones."""
    assert found("s", ["settings"])[0] == "settings"
    assert found("bounce", ["clock"])[0] == "bounce"


def test_anything_can_be_typed():
    """However long and odd."""
    assert found("\x1b[31m") == []
    assert found("a" * 10_000) == []
    assert found("send" + " " * LONGEST + "x")[0] == "send"
