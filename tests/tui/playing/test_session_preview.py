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
ONE = MessageSummary("a@a.test", ("b@b.test",), "Hello", "stored", "", False)


def text(lines):
    return ["".join(text for _, text in line) for line in lines]


def test_who_wrote_to_whom():
    """The message with its subject and what became of it; the day, how much there is; and its beginning, in colours."""
    lines = preview("friday", summary(EXAMPLES / "seven-steps.maillab"), NOW, EN)
    assert text(lines)[:2] == ["friday", "The seven steps of a message"]
    assert " lines · " in text(lines)[2]
    assert "✓ alice@sender.test → bob@recipient.test" in text(lines)
    assert any(line.endswith(" · read") for line in text(lines))
    assert any(line.startswith("Step 1. ") for line in text(lines))
    assert text(lines).count("The seven steps of a message") == 1
    assert text(preview("friday", summary(EXAMPLES / "seven-steps.maillab"), NOW, VI))[1] == "Bảy bước của một lá thư"
    assert {"client", "server", "heading"} <= {style for line in lines for style, _ in line}


def test_a_failure_says_why():
    """What the other server said stands beside it."""
    lines = text(preview("friday", summary(EXAMPLES / "bounce.maillab"), NOW, EN))
    assert any(line.startswith("✗ ") for line in lines)
    assert any("bounced: " in line for line in lines)


def test_many_messages():
    """The first few, and how many more."""
    lines = text(preview("friday", SessionSummary("x", messages=(ONE,) * (MOST + 3)), NOW, EN))
    assert "and 3 more messages" in lines
    assert sum("a@a.test → b@b.test" in line for line in lines) == MOST


def test_without_a_sender_or_subject():
    """The null sender is written as on the wire; nothing stands where there is no subject."""
    lines = text(preview("friday", SessionSummary("x", messages=(replace(ONE, sender="", subject=""),)), NOW, VI))
    assert "✓ <> → b@b.test" in lines
    assert any(line.strip() == VI("session.outcome.stored") for line in lines)


def test_a_damaged_one():
    """It says what is wrong, and nothing in it acts."""
    lines = text(preview("friday", SessionSummary(trouble="\x1b[31m no session"), NOW, EN))
    assert "no session" in lines[0]
    assert "\x1b" not in "".join(lines)


def test_a_long_one():
    """Of more than was read only the least is told."""
    assert "≥ 9 lines" in text(preview("friday", SessionSummary("friday", entries=9, more=True), NOW, EN))[1]
