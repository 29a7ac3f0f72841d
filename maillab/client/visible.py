"""What a reader sees of an HTML element: hidden, of no size, preformatted; inherited from the element around it.

Rules for this file: only what stands in the element itself counts, never a style sheet: what is shown by mistake costs
a glance, what is hidden by mistake is lost. Linear in what it reads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

STYLE = 4_096  # characters of one style attribute that are read

_NO_WORDS = {"script", "style", "iframe", "noembed", "noframes"}  # of a page; never meant to be read in it
_SILENT = {"title", "template", "noscript", "select"}
_FOREIGN = {"svg", "math"}
# fmt: off
# HTML, "the rules for parsing tokens in foreign content": these end a drawing that was left open
_BREAKS_OUT = {"b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed"} | {
    "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p"
} | {"pre", "ruby", "s", "small", "span", "strong", "strike", "sub", "sup", "table", "tt", "u", "ul", "var"}
# fmt: on
_PRE = {"pre", "listing", "xmp", "plaintext", "textarea"}
_ZERO = re.compile(r"[+-]?0*\.?0+(?:[a-z%]*)\Z")
_RELATIVE = re.compile(r"[0-9.]+(?:em|ex|ch|%)\Z|(?:smaller|larger|inherit|unset)\Z")  # of the size around it


@dataclass(frozen=True, slots=True)
class Visibility:
    """How an element shows its text. `gone` cannot be undone inside it; `unseen` and `tiny` can.

    `wordless`: what stands in it is no text. `around` is whether the page around a drawing (svg, math) is gone; `None`
    outside of drawings.
    """

    wordless: bool = False
    gone: bool = False
    unseen: bool = False
    tiny: bool = False
    pre: bool = False
    around: bool | None = None

    @property
    def shows(self) -> bool:
        """Does a reader see text here?"""
        return not (self.wordless or self.gone or self.unseen or self.tiny)


def inside(outer: Visibility, tag: str, attributes: Mapping[str, str]) -> Visibility:
    """How an element looks in another (CSS: display, visibility, font-size, white-space; HTML: hidden).

    >>> cell = inside(Visibility(), "td", {"style": "font-size:0px"})
    >>> cell.shows, inside(cell, "div", {"style": "font-size:13px"}).shows, inside(cell, "b", {}).shows
    (False, True, False)
    """
    look = outer
    if tag in _FOREIGN and outer.around is None:
        look = replace(look, gone=True, around=outer.gone)
    elif outer.around is not None and tag in _BREAKS_OUT:
        look = replace(look, gone=outer.around, around=None)
    if tag in _NO_WORDS:
        look = replace(look, wordless=True)
    if tag in _SILENT or (attributes and "hidden" in attributes):
        look = replace(look, gone=True)
    if tag in _PRE:
        look = replace(look, pre=True)
    style = attributes.get("style") if attributes else None
    return _styled(look, style) if style else look


def _styled(look: Visibility, style: str) -> Visibility:
    for declaration in style[:STYLE].lower().split(";"):
        name, _, value = declaration.partition(":")
        value = value.partition("!")[0].strip()
        match name.strip():
            case "display" if value == "none":
                look = replace(look, gone=True)
            case "visibility":
                look = replace(look, unseen=value in ("hidden", "collapse"))
            case "font-size" if (value and not _RELATIVE.match(value)) or _ZERO.match(value):
                look = replace(look, tiny=bool(_ZERO.match(value)))
            case "white-space":
                look = replace(look, pre=value.startswith(("pre", "break-spaces")))
            case _:
                pass
    return look
