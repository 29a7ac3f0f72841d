"""The links of a message, as they are written in it. Nothing is followed."""

import re
from html.parser import HTMLParser

MOST = 1_000

_URL = re.compile(r"(?i)\bhttps?://[^\s<>\"'\x00-\x1f]{1,2000}")
_AFTER = ".,;:!?'\"*_~…»”’"  # ends a sentence, or marks words, rather than a link


def links_of(html: str, text: str) -> list[str]:
    """Where the anchors of the HTML lead, then the addresses in the text; in their order, each once.

    >>> links_of('<a href="https://x.test/a?b=1&amp;c=2">here</a>', "(see https://x.test/d).")
    ['https://x.test/a?b=1&c=2', 'https://x.test/d']
    """
    anchors = _Anchors()
    anchors.feed(html)
    anchors.close()
    written = (_without_what_follows(found[0]) for found in _URL.finditer(text))
    return list(dict.fromkeys([*anchors.links, *written]))[:MOST]


class _Anchors(HTMLParser):
    """Collects `href`, with character references read, as a browser follows it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember where an anchor or an area leads; a fragment leads nowhere."""
        href = (dict(attrs).get("href") or "").strip() if tag in ("a", "area") else ""
        if href and not href.startswith("#"):
            self.links.append(href)


def _without_what_follows(url: str) -> str:
    """The address without the punctuation of the sentence that it stands in, and without a ) that it does not open."""
    while url and (url[-1] in _AFTER or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url
