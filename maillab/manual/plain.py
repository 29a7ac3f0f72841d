"""Markdown as plain text for a terminal or a pipe: headings, paragraphs, lists, tables and code, wrapped to a width.

Only what the pages use is understood. Their characters are one column wide each (a test sees to it), so `len` measures.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence

_GAP = "  "
_NARROW = 8  # columns below which a cell of a table does not shrink
_ITEM = re.compile(r"( *)([-*]|\d+\.) +(.*)")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*|(?<![\w*])\*(\w[^*]*?)\*(?![\w*])")


def plain(markdown: str, width: int) -> list[str]:
    """The lines of a page, none longer than `width` except in code, which is never wrapped."""
    lines: list[str] = []
    for block in _blocks(markdown.split("\n")):
        shown = list(_shown(block, width))
        if shown and lines:
            lines.append("")
        lines += shown
    return lines


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that belong together: a heading, a fence, a table, a list item or a paragraph."""
    block: list[str] = []
    for line in lines:
        if block and block[0].startswith("```"):
            block.append(line)
            if line.startswith("```"):
                yield block
                block = []
        elif not line.strip() or line.startswith("<!--"):
            if block:
                yield block
            block = []
        elif block and _begins(line, block[-1]):
            yield block
            block = [line]
        else:
            block.append(line)
    if block:
        yield block


def _begins(line: str, before: str) -> bool:
    """Does a line begin a block of its own, though no empty line stands before it?"""
    return line.startswith(("#", "```")) or before.startswith("#") or line.startswith("|") != before.startswith("|")


def _shown(block: Sequence[str], width: int) -> Iterator[str]:
    first = block[0]
    if first.startswith("```"):
        yield from (f"    {line}".rstrip() for line in block[1:-1])
    elif first.startswith("#"):
        heading = textwrap.wrap(words(first.lstrip("#").strip()), width)
        yield from (*heading, ("=" if first.startswith("# ") else "-") * max(map(len, heading)))
    elif first.startswith("|"):
        yield from _table([_cells(line) for line in block], width)
    elif _ITEM.match(first):
        yield from _items(block, width)
    else:
        yield from textwrap.wrap(words(" ".join(map(str.strip, block))), width, break_on_hyphens=False)


def _items(block: Sequence[str], width: int) -> Iterator[str]:
    """The items of a list, each with the lines that continue it."""
    items: list[tuple[str, str]] = []
    for line in block:
        if item := _ITEM.match(line):
            items.append((f"{item[1]}{item[2]} ", item[3]))
        else:
            sign, text = items[-1]
            items[-1] = (sign, f"{text} {line.strip()}")
    for sign, text in items:
        yield from textwrap.wrap(
            words(text), width, initial_indent=sign, subsequent_indent=" " * len(sign), break_on_hyphens=False
        )


def _cells(row: str) -> list[str]:
    """The cells of one row of a table; a bar that belongs to a cell is written with a backslash before it."""
    return [words(cell.strip().replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", row.strip())[1:-1]]


def _table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """The rows in columns; the widest column gives way until all of them fit. The line of dashes stays."""
    is_rule = [all(cell and not cell.strip("-:") for cell in row) for row in rows]
    widths = [
        max(len(row[column]) for row, rule in zip(rows, is_rule, strict=True) if not rule)
        for column in range(len(rows[0]))
    ]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width and max(widths) > _NARROW:
        widths[widths.index(max(widths))] -= 1
    for row, rule in zip(rows, is_rule, strict=True):
        if rule:
            yield _GAP.join("-" * column for column in widths).rstrip()
            continue
        columns = [textwrap.wrap(cell, size, break_on_hyphens=False) for cell, size in zip(row, widths, strict=True)]
        for number in range(max(1, *map(len, columns))):
            parts = [column[number] if number < len(column) else "" for column in columns]
            yield _GAP.join(part.ljust(size) for part, size in zip(parts, widths, strict=True)).rstrip()


def words(text: str) -> str:
    """A piece of text without the marks of Markdown; code keeps its backticks, so that it is known as such.

    >>> words("**See** [keys](keys.md), `a*b*c`, *here*, <https://example.com/>")
    'See `maillab help keys`, `a*b*c`, here, <https://example.com/>'
    """
    pieces = re.split(r"(`[^`]*`)", text)
    pieces[::2] = [_STRONG.sub(lambda found: found[1] or found[2], piece) for piece in pieces[::2]]
    return _LINK.sub(_link, "".join(pieces))


def _link(link: re.Match[str]) -> str:
    """A link in words: another page by the command that shows it, everything else by its address."""
    label, target = link[1], link[2]
    if page := re.fullmatch(r"(?:\.\./\w\w/)?([\w-]+)\.md(#.*)?", target):
        command = f"`maillab help {page[1]}`"
        return command if label == page[1] else f"{label} ({command})"
    return label if target.startswith("#") else f"{label} ({target})"
