"""HTML of a stranger as text: its words and its order, and where its links really lead. Nothing is fetched or followed.

Rules for this file: one pass over the text, linear in its length, whatever it is; what a reader would not see (scripts,
styles, hidden elements) is left out, what a reader should see (the host of a link) is written out.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

LINKS = 200  # footnotes
DEPTH = 1_000  # open elements that are remembered
ADDRESS = 300  # characters of a link that are shown

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]{0,40}")
_ATTRIBUTE = re.compile(r"""([A-Za-z][A-Za-z0-9:-]{0,40})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]*))""")
_TAG_OCTETS = 8_192  # of one tag that are looked at for its attributes
_SILENT = {"script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math", "select"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
_BREAKS = {"br", "div", "tr", "form", "dt", "dd", "header", "footer", "section", "article", "center", "figcaption"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl", "hr"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, with [1] behind each link, and the links in their order, as one line each."""

    text: str
    links: tuple[str, ...]


def render(markup: str) -> Rendered:
    """HTML as text.

    >>> render('<p>Hi <b>Bob</b>, <a href="https://bank.test@evil.test/x">your bank</a></p><script>x</script>')
    Rendered(text='Hi Bob, your bank[1]\\n', links=('https://bank.test@evil.test/x  (host: evil.test)',))
    """
    page = _Page()
    for tag, text in _pieces(markup):
        if tag:
            page.tag(tag, text)
        else:
            page.words(text)
    return Rendered(page.text(), tuple(page.links))


def words_of(markup: str) -> str:
    """The text alone, as it is quoted in an answer."""
    return re.sub(r"\[\d{1,3}\]", "", render(markup).text)


def _pieces(markup: str) -> Iterator[tuple[str, str]]:
    """Tags by name ("/p" for an end) with what stands in them, and text between them, by ""."""
    at = 0
    while (cut := markup.find("<", at)) >= 0:
        if cut > at:
            yield "", markup[at:cut]
        if markup.startswith("<!--", cut):
            end = markup.find("-->", cut + 4)
            at = end + 3 if end >= 0 else len(markup)
            continue
        name = _NAME.match(markup, cut + 1)
        if name is None and markup[cut + 1 : cut + 2] not in ("!", "?"):
            yield "", "<"
            at = cut + 1
            continue
        end = _end_of_tag(markup, cut)
        if end < 0:
            return
        if name is not None:
            yield name[0].lower(), markup[name.end() : min(end, name.end() + _TAG_OCTETS)]
        at = end + 1
        if name is not None and name[0].lower() in ("script", "style", "title"):
            at = _after(markup, at, name[0])
    if at < len(markup):
        yield "", markup[at:]


def _end_of_tag(markup: str, start: int) -> int:
    """The > of a tag, not one in a quoted value; -1 where there is none. A quote that never ends counts as none."""
    quick = markup.find(">", start)
    if quick < 0:
        return -1
    for quote in ('"', "'"):
        opened = markup.find("=" + quote, start, quick)
        if opened >= 0:
            closed = markup.find(quote, opened + 2, opened + _TAG_OCTETS)
            if closed > quick:
                further = markup.find(">", closed)
                return further if further >= 0 else quick
    return quick


def _after(markup: str, at: int, name: str) -> int:
    """Where what nobody reads ends."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
    return found.start() if found else len(markup)


@dataclass
class _Page:
    """What was written so far. A blank line stands between paragraphs, one line break between lines."""

    links: list[str] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)  # that are whole
    _line: list[str] = field(default_factory=list)  # pieces of the one that is being written
    _last: str = ""  # its last character
    _open: list[str] = field(default_factory=list)  # elements that matter: silent ones, lists, quotes
    _silent: int = 0  # of them, how many silence what is in them
    _quotes: int = 0
    _pre: int = 0
    _targets: list[str] = field(default_factory=list)  # of links that are open

    def words(self, text: str) -> None:
        """Text, white space folded but in <pre>."""
        if self._silent:
            return
        text = html.unescape(text)
        if self._pre:
            first, *others = text.split("\n")
            self._put(first)
            for line in others:
                self._end_line()
                self._put(line)
            return
        text = re.sub(r"[ \t\r\n\xa0]+", " ", text)
        self._put(text.lstrip(" ") if self._last in ("", " ") else text)

    def _put(self, text: str) -> None:
        if text:
            self._line.append(text)
            self._last = text[-1]

    def _end_line(self) -> None:
        self._lines.append("".join(self._line).rstrip())
        self._line, self._last = [], ""

    def tag(self, name: str, inner: str) -> None:
        """The beginning or, with /, the end of an element."""
        ending, name = name.startswith("/"), name.lstrip("/")
        if ending:
            self._end(name)
        else:
            self._begin(name, inner)

    def text(self) -> str:
        """All lines, never two blank ones in a row."""
        whole = "\n".join([*self._lines, "".join(self._line).rstrip()])
        whole = re.sub(r"\n{3,}", "\n\n", whole).strip("\n")
        return f"{whole}\n" if whole else ""

    def _begin(self, name: str, inner: str) -> None:
        attributes = _attributes(inner)
        silent = name in _SILENT or "hidden" in inner.lower().split() or _hides(attributes.get("style", ""))
        if silent and name not in _VOID and len(self._open) < DEPTH:
            self._open.append(name)
            self._silent += 1
            return
        if self._silent:
            if name == self._open[-1] and name not in _VOID and len(self._open) < DEPTH:
                self._open.append(name)  # the same element inside: its end is not the end of what is hidden
                self._silent += 1
            return
        self._space(name)
        if name == "li":
            self._break()
            self.words("• ")
        elif name == "hr":
            self._put("----")
            self._end_line()
        elif name in ("td", "th") and self._line:
            self._put("  ")
        elif name == "img" and attributes.get("alt"):
            self.words(f"[{attributes['alt'][:ADDRESS]}]")
        elif name == "a":
            self._targets.append(attributes.get("href", ""))
        elif name == "blockquote":
            self._quotes += 1
        elif name == "pre":
            self._pre += 1

    def _end(self, name: str) -> None:
        if self._silent:
            if self._open and self._open[-1] == name:
                self._open.pop()
                self._silent -= 1
            return
        if name == "a" and self._targets:
            self._link(self._targets.pop())
        elif name == "pre":
            self._pre = max(0, self._pre - 1)
        elif name == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        self._space(name)

    def _space(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._break()
            if self._lines and self._lines[-1]:
                self._end_line()
        elif name in _BREAKS:
            self._break(always=name == "br")

    def _break(self, *, always: bool = False) -> None:
        if self._last.strip() or self._line or always:
            self._end_line()

    def _link(self, target: str) -> None:
        target = html.unescape(target).strip()
        if not target or target.startswith("#"):
            return
        shown = describe(target)
        if shown not in self.links:
            if len(self.links) >= LINKS:
                return
            self.links.append(shown)
        if self._line:
            self._line[-1] = self._line[-1].rstrip()
        self._put(f"[{self.links.index(shown) + 1}]")


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


def _attributes(inner: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(inner):
        found.setdefault(one[1].lower(), one[2] or one[3] or one[4] or "")
    return found


def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style[:2_000]))
