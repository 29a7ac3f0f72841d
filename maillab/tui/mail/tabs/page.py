"""The HTML of a message: as a page with headings, bold words, columns and numbered links, and as its writer made it.

Rules for this file: nothing is loaded, followed or obeyed; linear in the length of the page.
"""

import re
from collections.abc import Iterator, Sequence

from maillab.client.layout import Runs
from maillab.client.read import Readable
from maillab.tui.looks.sink import Line, Piece, piece
from maillab.tui.mail.tabs.opened import LINES, OpenedMessage
from maillab.tui.texts import Texts

_STYLES = {"bold": "bold", "heading": "heading", "link": "server", "mark": "dim", "quote": "dim"}
LUMP = 160  # characters of a line that nobody writes by hand

_BLOCK = re.compile(
    r"</?(?:html|head|body|table|thead|tbody|ul|ol|dl|blockquote|section|article|style)\b"
    r"|<(?:h[1-6]|p|tr|li|div|img|meta|title|link|hr|dt|dd|form|header|footer)\b",
    re.IGNORECASE,
)
_TAG = 4_096  # characters of a tag that are coloured


def page(open_message: OpenedMessage, texts: Texts) -> list[Line]:
    """The pages of the message, and below them where their links lead."""
    if not open_message.message.pages:
        return [(("dim", texts("message.no_html")),)]
    return drawn_lines(*open_message.drawn, texts)


def drawn_lines(lines: Sequence[Runs], links: Sequence[str], texts: Texts) -> list[Line]:
    """Lines of a page, and its links."""
    styled = [[piece(_STYLES.get(look, "plain"), text) for look, text in line] for line in lines[:LINES]]
    return [*styled, *link_lines(links, texts)]


def link_lines(links: Sequence[str], texts: Texts) -> list[Line]:
    """Where the links lead, by their numbers; nothing for none."""
    if not links:
        return []
    numbered: list[Line] = [[("dim", f"[{n}] "), piece("plain", link)] for n, link in enumerate(links, 1)]
    return [(), (("heading", texts("message.links")),), *numbered]


def page_source(message: Readable, texts: Texts) -> list[Line]:
    """The HTML, decoded and otherwise as it stands there: nothing of it is obeyed.

    A page that was written without line ends is broken before its blocks, or nobody could read it.
    """
    if not message.pages:
        return [(("dim", texts("message.no_html")),)]
    is_lump = any(len(line) > LUMP for line in message.html.split("\n"))
    lines: list[list[Piece]] = [[]]
    for style, text in _coloured(message.html):
        if is_lump and lines[-1] and _BLOCK.match(text):
            lines.append([])
        first, *others = text.split("\n")
        if first:
            lines[-1].append(piece(style, first))
        lines += [[piece(style, other)] if other else [] for other in others[:LINES]]
        if len(lines) > LINES:
            break
    return list(lines[:LINES])


def _coloured(markup: str) -> Iterator[tuple[str, str]]:
    """The page in pieces: tags, comments, and the text between them."""
    at, tag_end, comment_end = 0, 0, 0  # the ends that were found last: none is looked for twice
    while at < len(markup):
        begin = markup.find("<", at)
        if begin < 0:
            yield "plain", markup[at:]
            return
        if begin > at:
            yield "plain", markup[at:begin]
        if markup.startswith("<!--", begin):
            if 0 <= comment_end < begin + 4:
                comment_end = markup.find("-->", begin + 4)
            at = comment_end + 3 if comment_end >= 0 else len(markup)
            yield "dim", markup[begin:at]
            continue
        if 0 <= tag_end <= begin:
            tag_end = markup.find(">", begin)
        at = tag_end + 1 if 0 <= tag_end < begin + _TAG else min(begin + _TAG, len(markup))
        yield from _tag(markup[begin:at])


def _tag(tag: str) -> Iterator[tuple[str, str]]:
    """A tag: its name, and its attributes."""
    name, blank, rest = tag.partition(" ")
    if not blank:
        yield "client", tag
        return
    end = ">" if rest.endswith(">") else ""
    yield "client", name
    yield "server", blank + rest.removesuffix(">")
    if end:
        yield "client", end
