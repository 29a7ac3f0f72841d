"""Markdown."""

import re

from maillab.events import Leg, Opened
from maillab.recording.session import Told
from tests.recording.export.sample import exported, hostile, sample, session, talk


def test_contents():
    """Every line of the table of contents leads to a heading of the page."""
    text = exported("md", sample()).decode()
    entries = re.findall(r"^\d+\. \[(.*)\]\(#(.*)\)$", text, re.MULTILINE)
    assert entries[0][0] == "submit-1: a mail program sends a message"
    for heading, anchor in entries:
        assert f'<a id="{anchor}"></a>\n\n## {heading}\n' in text


def test_glosses():
    """An explanation stands beside a line, in the language asked for."""
    assert "| C: | `QUIT` | Polite goodbye." in exported("md", sample()).decode()
    assert "| dòng | ý nghĩa |" in exported("md", sample(), lang="vi").decode()


def test_not_by_colour_alone():
    """A refusal has its sign."""
    assert "| S: | `✗ 503 5.5.1 No valid recipients` |" in exported("md", sample()).decode()


def test_messages():
    """A message stands line by line in a block that no line of it closes; folded, it is a row of the table."""
    text = exported("md", sample()).decode()
    assert "\n\n```text\nFrom: alice@sender.test\nTo: bob@recipient.test\n" in text
    assert "````text\n" in exported("md", hostile()).decode()
    assert "| C: | `▸ 6 lines of message, 94 bytes` |" in exported("md", sample(), content=0).decode()


def test_narration():
    """The narrator's words are quotations where they were said, in the language asked for; the title is not said twice."""
    one = session(
        Opened("relay-1", Leg.RELAY, "smtp", "mx"), *talk("relay-1", "S: 220 hi", "C: QUIT"), title="A story",
        notes=(Told("A story", "Một chuyện", 0, 0.0), Told("First *this*.", "Trước.", 0, 0.0), Told("Then.", "Sau.", 2, 0.0)),
    )  # fmt: skip
    text = exported("md", one).decode()
    assert text.startswith("# A story\n\n## Contents\n")
    assert "## relay-1: one server sends a message to another\n\n> First \\*this\\*.\n\n| | line |" in text
    assert "| S: | `220 hi` | Ready." in text.split("\n\n> Then.\n\n")[0]
    assert exported("md", one, lang="vi").decode().startswith("# Một chuyện\n")
    late = session(*talk("relay-1", "S: 220 hi"), notes=(Told("Over.", "Hết.", 1, 0.0),))
    assert exported("md", late).decode().endswith("|\n\n> Over.\n")


def test_hostile():
    """Nothing that was said leaves its cell or its code: every row has three cells, every code its own fence."""
    text = exported("md", hostile()).decode()
    text, blocks = re.subn(r"(?ms)^(`{3,})text$.*?^\1$", "", text)
    assert blocks == 1
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert re.findall(r"(?<!\\)<(?!a id|/a>)", outside) == []
