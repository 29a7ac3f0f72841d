"""A look into a saved session."""

from dataclasses import replace

from maillab.recording.export.summary import MessageSummary
from maillab.tui.playing.archive import SessionSummary, summary
from maillab.tui.playing.session_preview import MOST, preview
from maillab.tui.texts import Texts
from tests.house import ROOT

EXAMPLES = ROOT / "examples" / "sessions"
EN, VI = Texts("en"), Texts("vi")
NOW = 1_790_000_000.0
CELLS = 66
ONE = MessageSummary("a@a.test", ("b@b.test",), "Hello", "stored", "", False)


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def test_who_wrote_to_whom():
    """The message with its subject and what became of it; the day, how much there is; and its beginning, in colours."""
    lines = preview("friday", summary(EXAMPLES / "seven-steps.maillab"), NOW, EN, CELLS)
    assert text(lines)[:2] == ["friday", "The seven steps of a message"]
    assert " lines · " in text(lines)[2]
    assert "✓ alice@sender.test → bob@recipient.test" in text(lines)
    assert any(line.endswith(" · read") for line in text(lines))
    assert any(line.startswith("Step 1. ") for line in text(lines))
    assert text(lines).count("The seven steps of a message") == 1
    assert (
        text(preview("friday", summary(EXAMPLES / "seven-steps.maillab"), NOW, VI, CELLS))[1]
        == "Bảy bước của một lá thư"
    )
    assert {"client", "server", "heading"} <= {style for line in lines for style, _ in line}


def test_its_beginning_is_that_of_the_wire():
    """A long answer is one row, so that steps are seen and not the half of one; of more there is a sign at the end."""
    session = summary(EXAMPLES / "seven-steps.maillab")
    lines = text(preview("friday", session, NOW, EN, CELLS))
    assert any("◀   250 PIPELINING SIZE" in line for line in lines)
    assert not any("250-" in line for line in lines)
    steps = [number for number, line in enumerate(lines) if line.startswith("Step ")]
    assert steps[2] < 40
    assert lines[-1] != "…"
    assert text(preview("friday", replace(session, entries=len(session.first) + 1), NOW, EN, CELLS))[-1] == "…"


def test_a_failure_says_why():
    """What the other server said stands beside it."""
    lines = text(preview("friday", summary(EXAMPLES / "bounce.maillab"), NOW, EN, CELLS))
    assert any(line.startswith("✗ ") for line in lines)
    assert any("bounced: " in line for line in lines)


def test_many_messages():
    """The first few, and how many more."""
    lines = text(preview("friday", SessionSummary("x", messages=(ONE,) * (MOST + 3)), NOW, EN, CELLS))
    assert "and 3 more messages" in lines
    assert sum("a@a.test → b@b.test" in line for line in lines) == MOST


def test_without_a_sender_or_subject():
    """The null sender is written as on the wire; nothing stands where there is no subject."""
    lines = text(
        preview("friday", SessionSummary("x", messages=(replace(ONE, sender="", subject=""),)), NOW, VI, CELLS)
    )
    assert "✓ <> → b@b.test" in lines
    assert any(line.strip() == VI("session.outcome.stored") for line in lines)


def test_a_damaged_one():
    """It says what is wrong, and nothing in it acts."""
    lines = text(preview("friday", SessionSummary(trouble="\x1b[31m no session"), NOW, EN, CELLS))
    assert "no session" in lines[0]
    assert "\x1b" not in "".join(lines)


def test_a_long_one():
    """Of more than was read only the least is told."""
    assert "≥ 9 lines" in text(preview("friday", SessionSummary("friday", entries=9, more=True), NOW, EN, CELLS))[1]
