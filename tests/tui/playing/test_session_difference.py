"""What differs between two sessions."""

from maillab.recording.compare import ComparedRow
from maillab.tui.playing.session_difference import difference_lines
from maillab.tui.texts import Texts

EN, VI = Texts("en"), Texts("vi")


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def test_what_stands_where():
    """Signs are explained by the names of the two; each conversation has a heading; what is common is quiet."""
    rows = (
        ComparedRow("@", "relay-1 (smtp)"), ComparedRow(" ", "C: QUIT"), ComparedRow("-", "S: 221"),
        ComparedRow("+", "S: 421"),
    )  # fmt: skip
    lines = difference_lines("monday", "friday", rows, EN)
    assert text(lines) == [
        "− 1 line only in monday", "+ 1 line only in friday", "",
        "relay-1 (smtp)", "    ▶ QUIT", "  − ◀ 221", "  + ◀ 421",
    ]  # fmt: skip
    assert [line[-1][0] for line in lines[-3:]] == ["dim", "bad", "good"]


def test_what_is_common_is_left_out():
    """But for two lines before and behind a difference."""
    rows = [ComparedRow("@", "relay-1"), *(ComparedRow(" ", f"before {n}") for n in range(9)), ComparedRow("-", "x")]
    rows += [ComparedRow(" ", f"behind {n}") for n in range(9)]
    lines = text(difference_lines("a", "b", rows, EN))[4:]
    assert [line.strip() for line in lines] == ["⋯", "before 7", "before 8", "− x", "behind 0", "behind 1", "⋯"]


def test_nothing_differs():
    """It says so, and what was compared."""
    lines = text(difference_lines("a", "b", (), VI))
    assert lines[0] == "✓ " + VI("compare.same")
