"""A text in the room that there is for it: sentences stay whole, and then their parts.

Rules for this file: it is given safe text, and adds nothing to it but … where letters are cut.
"""

import re

from maillab.views.safe import cells, clip

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_PART = re.compile(r"[;:,](?=\s)|\s+\(")


def by_words(text: str, width: int) -> str:
    """Text cut behind one of its words: half an address tells nothing. One word alone is cut where the room ends.

    >>> by_words("no connection to nohost.recipient.test", 30), by_words("nohost.recipient.test", 9)
    ('no connection to…', 'nohost.r…')
    """
    cut = clip(text, width)
    words, blank, rest = cut.rpartition(" ")
    return f"{words.rstrip(' ,;:')}…" if blank and words.strip() and rest.endswith("…") and cut != text else cut


def fitting(text: str, width: int) -> str:
    """As many whole sentences as fit, else a part of the first one, else as many of its words as fit, with ….

    >>> fitting("Old greeting: no extensions. Rarely used.", 28), fitting("Old greeting: no extensions. Rarely.", 20)
    ('Old greeting: no extensions.', 'Old greeting')
    """
    if cells(text) <= width:
        return text
    sentences = _SENTENCE.split(text)
    whole = ""
    for sentence in sentences:
        longer = f"{whole} {sentence}".strip()
        if cells(longer) > width:
            break
        whole = longer
    if whole:
        return whole
    parts = [sentences[0][: found.start()] for found in _PART.finditer(sentences[0])]
    return next((part for part in reversed(parts) if cells(part) <= width), "") or by_words(sentences[0], width)
