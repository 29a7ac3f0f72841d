"""Markdown as plain text."""

import unicodedata

import pytest

from maillab.manual.plain import plain
from tests.papers import PAGES


def test_a_page():
    """Headings are underlined, paragraphs and items wrapped, code and tables keep their lines, comments vanish."""
    page = """# One

Several words that
go on.

- an item that is long
  and goes on
- **two**
## Two
1. first
<!-- made -->
```sh
a  b   and this is never wrapped at all

c
```
| x | y |
|---|---|
| `a\\|b` | see [keys](keys.md) |
<!-- end -->
Last.
"""
    assert plain(page, 24) == [
        "One",
        "===",
        "",
        "Several words that go",
        "on.",
        "",
        "- an item that is long",
        "  and goes on",
        "- two",
        "",
        "Two",
        "---",
        "",
        "1. first",
        "",
        "    a  b   and this is never wrapped at all",
        "",
        "    c",
        "",
        "x      y",
        "-----  -----------------",
        "`a|b`  see `maillab help",
        "       keys`",
        "",
        "Last.",
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("width", [40, 80, 100])
def test_every_page_fits(path, width):
    """No line but those of code is wider than asked for, and no mark of Markdown is left."""
    page = path.read_text("utf-8")
    for line in plain(page, width):
        assert len(line) <= width or line.startswith("    "), line
        assert line.startswith("    ") or not {"](", "**"} & {line[at : at + 2] for at in range(len(line))}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_character_is_one_column_wide(path):
    """The pages hold no wide and no combining character, so that the number of characters is the width."""
    for char in set(path.read_text("utf-8")):
        assert unicodedata.east_asian_width(char) not in "WF", char
        assert unicodedata.combining(char) == 0, char


def test_nothing():
    """An empty page has no line."""
    assert plain("\n\n", 80) == []
