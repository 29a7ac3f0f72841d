"""The links of a message, as they are written in it. Nothing is followed."""

import re

from maillab.client.markup import render

MOST = 1_000

_URL = re.compile(r"(?i)\bhttps?://[^\s<>\"'\x00-\x1f]{1,2000}")
_AFTER = ".,;:!?'\"*_~…»”’"  # ends a sentence, or marks words, rather than a link


def links_of(html: str, text: str) -> list[str]:
    """Where the links of the HTML lead, as far as they can be seen, then the addresses in the text; each once.

    >>> links_of('<a href="https://x.test/a?b=1&amp;c=2">here</a>', "(see https://x.test/d).")
    ['https://x.test/a?b=1&c=2', 'https://x.test/d']
    """
    shown = render(html).targets if html else ()
    written = (_without_what_follows(url[0]) for url in _URL.finditer(text))
    return list(dict.fromkeys([*shown, *written]))[:MOST]


def _without_what_follows(url: str) -> str:
    """The address without the punctuation of the sentence that it stands in, and without a ) that it does not open."""
    while url and (url[-1] in _AFTER or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url
