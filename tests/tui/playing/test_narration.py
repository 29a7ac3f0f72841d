"""What a narrator says."""

from maillab.tui.playing.narration import MOST, narration

WORDS = ("Short.", "A longer sentence that takes more than one line.")


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def test_always_the_same_height():
    """Whatever is said now: nothing below it moves."""
    for cells in (20, 30, 60):
        assert len({len(narration(words, WORDS, cells)) for words in ("", *WORDS)}) == 1
    assert text(narration("Short.", WORDS, 30)) == ["Short.", ""]


def test_no_more_than_a_few_lines():
    """A narrator who says too much is cut; who says nothing has no place."""
    assert len(narration("word " * 500, ["word " * 500], 20)) == MOST
    assert narration("", (), 20) == []


def test_it_is_safe():
    """What stands in a file does nothing."""
    assert "\x1b" not in str(narration("\x1b[2J", ["\x1b[2J"], 20))
