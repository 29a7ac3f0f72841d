"""HTML of a stranger as text: its words and its order, and where its links really lead. Nothing is fetched or followed.

The syntax is read by libxml2, which tokenizes as HTML5 says, in pieces and without keeping a tree.
Rules for this file: linear in the length of the text, whatever it is, no deeper than DEPTH, no longer than ELEMENTS;
what a reader would not see (scripts, styles, hidden elements) is left out; what a reader should see (the host of a
link) is written out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lxml import etree

from maillab.client.layout import Layout, Runs
from maillab.client.visible import Visibility, inside

LINKS = 200  # footnotes
DEPTH = 1_000  # open elements; deeper ones begin a new page
ELEMENTS = 100_000  # that are laid out: about a second; the rest of the page is left out
ADDRESS = 300  # characters of a link that are shown
TARGET = 8_192  # of one that are kept
PIECE = 16_384  # characters that are read at once

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_BREAKS = {"br", "div", "tr", "form", "dt", "dd", "header", "footer", "section", "article", "center", "figcaption"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl", "hr"}
_LOOKS = dict.fromkeys(("b", "strong", "th"), "bold") | {f"h{level}": "heading" for level in range(1, 7)}
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, with [1] behind each link, and the links in their order, as one line each.

    `words` is the text without those numbers, `targets` are the links as they stand in the page; `deep`: it is nested
    so deep that its form could not be kept; `elements` are those that were laid out, and `cut`: there were more.
    """

    text: str
    links: tuple[str, ...]
    words: str = ""
    targets: tuple[str, ...] = ()
    deep: bool = False
    elements: int = 0
    cut: bool = False


def render(markup: str, *, first: int = 1, hidden: bool = False, most: int = ELEMENTS) -> Rendered:
    """HTML as text; `first` is the number of its first footnote; `hidden`: also what a reader would not see.

    About `most` elements are laid out, and what is behind them is left out.

    >>> page = render('<p>Hi <b>Bob</b>, <a href="https://bank.test@evil.test/x">your bank</a></p><script>x</script>')
    >>> page.text, page.links
    ('Hi Bob, your bank[1]\\n', ('https://bank.test@evil.test/x  (host: evil.test)',))
    """
    page = _Page(first, hidden)
    deep, cut = _read(markup, page, most)
    return Rendered(
        page.layout.text(), tuple(page.links), page.layout.unmarked(), tuple(page.targets), deep, page.elements, cut
    )


def drawn(markup: str, *, first: int = 1) -> tuple[list[Runs], tuple[str, ...]]:
    """HTML as lines whose pieces have looks (client/layout.py), and its links; `first` is the number of the first.

    >>> drawn("<h1>Hi</h1>dear <b>Bob</b>")[0]
    [(('heading', 'Hi'),), (), (('', 'dear '), ('bold', 'Bob'))]
    """
    page = _Page(first)
    _read(markup, page, ELEMENTS)
    return page.layout.drawn(), tuple(page.links)


def _read(markup: str, page: "_Page", most: int) -> tuple[bool, bool]:
    """Let the page hear the whole of it; was it too deep somewhere, and were there too many elements?"""
    markup, deep, at = _HALVES.sub("\ufffd", markup), False, 0
    parser = _parser(page)
    while at < len(markup) and page.elements < most:
        end = at + PIECE
        if end < len(markup):
            cut = markup.rfind("<", at + 1, end)  # a page that begins anew begins with a tag
            end = cut if cut > at else end
        parser.feed(markup[at:end].encode())
        at = end
        if page.deep:
            deep = True
            parser.close()
            parser = _parser(page)
    parser.close()
    return deep, at < len(markup)


def _parser(page: "_Page") -> etree.HTMLParser:
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    parser.feed(b"<html><body>")  # or else it refuses a page without a tag
    return parser


@dataclass
class _Page:
    """What libxml2 says of a page, one call after the other, and the text that becomes of it."""

    first: int = 1
    all_of_it: bool = False
    layout: Layout = field(default_factory=Layout)
    links: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    deep: bool = False
    elements: int = 0
    _looks: list[Visibility] = field(default_factory=lambda: [Visibility()])
    _held: list[str] = field(default_factory=list)  # text that comes in pieces, and is one
    _anchors: list[str] = field(default_factory=list)  # targets of links that are open
    _styles: list[str] = field(default_factory=lambda: [""])  # how the words in each open element look

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        if self._held:
            self._flush()
        look = inside(self._looks[-1], tag, attributes)
        self._looks.append(look)
        self._styles.append(_look(self._styles[-1], tag, attributes))
        self.deep = self.deep or len(self._looks) > DEPTH
        if self._shows(look):
            self._begin(tag, attributes)

    def end(self, tag: str) -> None:
        """It ends."""
        if self._held:
            self._flush()
        look = self._looks.pop() if len(self._looks) > 1 else self._looks[0]
        if len(self._styles) > 1:
            self._styles.pop()
        if self._shows(look) and tag not in _VOID:
            self._finish(tag)

    def data(self, text: str) -> None:
        """Words."""
        self._held.append(text)

    def close(self) -> None:
        """The page is over, or begins anew."""
        if self._held:
            self._flush()
        self._looks, self._anchors, self.deep, self._styles = [Visibility()], [], False, [""]

    def _flush(self) -> None:
        text, look = "".join(self._held), self._looks[-1]
        self._held = []
        if not self._shows(look):
            return
        self.layout.look = self._styles[-1]
        if look.pre:
            self.layout.lines(text)
        else:
            self.layout.words(text)
        self.layout.look = ""

    def _shows(self, look: Visibility) -> bool:
        return look.shows or (self.all_of_it and not look.wordless)

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        layout = self.layout
        self._space(tag)
        match tag:
            case "li":
                layout.item(_number(attributes.get("value")))
            case "ol":
                start = _number(attributes.get("start"))
                layout.begin_list(1 if start is None else start, attributes.get("type", "1"))
            case "ul" | "menu" | "dir":
                layout.begin_list(None)
            case "hr":
                layout.rule()
            case "table":
                layout.begin_table()
            case "tr":
                layout.row()
            case "td" | "th":
                layout.cell()
            case "img" if attributes.get("alt"):
                layout.words(f"[{attributes['alt'][:ADDRESS]}]")
            case "a":
                self._anchors.append(attributes.get("href", ""))
            case "blockquote":
                layout.quote(1)
            case _:
                pass

    def _finish(self, tag: str) -> None:
        match tag:
            case "a" if self._anchors:
                self._link(self._anchors.pop())
            case "blockquote":
                self._space(tag)
                self.layout.quote(-1)
            case "ol" | "ul" | "menu" | "dir":
                self.layout.end_list()
            case "table":
                self.layout.end_table()
            case _:
                pass
        self._space(tag)

    def _space(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.layout.end_paragraph()
        elif tag in _BREAKS:
            self.layout.end_line(always=tag == "br")

    def _link(self, target: str) -> None:
        target = target.strip()
        if not target or target.startswith("#"):
            return
        shown = describe(target)
        if shown not in self.links:
            if len(self.links) >= LINKS:
                return
            self.links.append(shown)
            self.targets.append(target[:TARGET])
        self.layout.mark(self.first + self.links.index(shown))


def _look(outer: str, tag: str, attributes: Mapping[str, str]) -> str:
    """How words in an element look: a heading stays one, whatever stands in it."""
    if outer == "heading":
        return outer
    if tag == "a" and attributes.get("href"):
        return "link"
    return _LOOKS.get(tag, outer)


def describe(target: str) -> str:
    """A link as a reader should see it: all of it, and the host that it really leads to (T271).

    >>> describe("javascript:alert(1)"), describe("https://xn--e1awd7f.test/a")
    ('javascript:alert(1)  (not a web address)', 'https://xn--e1awd7f.test/a  (host: xn--e1awd7f.test)')
    """
    text = " ".join(target.split())[:ADDRESS]
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return f"{text}  (not a web address)"
    if parts.scheme == "mailto":
        return f"mailto:{unquote(parts.path)}"
    if parts.scheme not in ("http", "https") or not host:
        return f"{text}  (not a web address)"
    return f"{text}  (host: {host})"


def _number(text: str | None) -> int | None:
    """A number in an attribute, if it is one."""
    match = re.fullmatch(r"\s*(-?[0-9]{1,6})\s*", text or "")
    return int(match[1]) if match else None
