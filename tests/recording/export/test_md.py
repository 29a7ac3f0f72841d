"""Markdown."""

import re

from tests.recording.export.sample import exported, hostile, sample


def test_contents():
    """Every line of the table of contents leads to a heading of the page."""
    text = exported("md", sample()).decode()
    entries = re.findall(r"^\d+\. \[(.*)\]\(#(.*)\)$", text, re.MULTILINE)
    assert entries[0][0] == "submit-1: a mail program hands a letter over"
    for heading, anchor in entries:
        assert f'<a id="{anchor}"></a>\n\n## {heading}\n' in text


def test_glosses():
    """An explanation stands beside a line, in the language asked for."""
    assert "| C: | `QUIT` | Polite goodbye." in exported("md", sample()).decode()
    assert "| dòng | ý nghĩa |" in exported("md", sample(), lang="vi").decode()


def test_not_by_colour_alone():
    """A refusal has its sign."""
    assert "| S: | `✗ 503 5.5.1 No valid recipients` |" in exported("md", sample()).decode()


def test_hostile():
    """Nothing that was said leaves its cell or its code: every row has three cells, every code its own fence."""
    text = exported("md", hostile()).decode()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert re.findall(r"(?<!\\)<(?!a id|/a>)", outside) == []
