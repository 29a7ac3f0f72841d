"""A word of mail that was typed where a command is looked for is explained: 354, MX, bounce, STARTTLS, 4.7.1.

Rules for this file: no Textual; what words mean is in `views`.
"""

import re
from collections.abc import Sequence
from functools import cache

from maillab.tui.looks.sink import Line
from maillab.tui.questions import Choice
from maillab.tui.reading.explanation import LOOKS
from maillab.views.fields import layout
from maillab.views.fields.reply import blocks
from maillab.views.fields.vietnamese import VIETNAMESE
from maillab.views.gloss import Gloss, Lang
from maillab.views.language import Say
from maillab.views.lookup import listed, look_up, look_up_phrase
from maillab.views.terms import fold

MOST = 3  # explanations of one word
BEGUN = 3  # letters at least, before the beginning of a word is enough
EXPLAINS = "explain "  # before the word, in the value of a choice
SAID = {"verb", "keyword", "record", "reply", "enhanced", "code", "parameter"}  # kinds of words of protocols
_CODE = re.compile(r"\d[\d.]*\Z")


def answers(text: str, lang: Lang) -> list[Choice]:
    """What is known under this name, else under names that begin so; nothing where nothing is.

    >>> [choice.label for choice in answers("4.7.1", "en")], [choice.label for choice in answers("startt", "en")]
    (['4.7.1'], ['STARTTLS'])
    """
    return [
        Choice(f"{EXPLAINS}{gloss.key}", gloss.key, gloss.text, area=gloss.source, explains=True, enter="read")
        for gloss in _distinct(meanings(text, lang) or _begun(text, lang))[:MOST]
    ]


def digits(word: str, lang: Lang, cells: int) -> list[Line]:
    """Each digit of a reply code, in lines of so many cells, and an empty line; nothing of any other word.

    >>> [text for line in digits("354", "en", 99) for _, text in line]
    ['354  ', '3: go on · 5: about the mail system']
    """
    found = blocks(word, Say(lang, VIETNAMESE))
    return (
        [*[tuple((LOOKS[role], text) for role, text in line) for line in layout.lines(found, cells)], ()]
        if found
        else []
    )


def is_said(text: str, lang: Lang) -> bool:
    """Is it a word that machines say to each other, rather than one that people say of them?

    >>> is_said("starttls", "en"), is_said("MX", "en"), is_said("bounce", "en")
    (True, True, False)
    """
    name = fold(text)[0]
    return any(gloss.kind in SAID and fold(gloss.key)[0] == name for gloss in meanings(text, lang))


def is_code(text: str) -> bool:
    """Is it a number of a protocol, which no command has?

    >>> is_code("354"), is_code("4.7.1"), is_code("F4")
    (True, True, False)
    """
    return bool(_CODE.match(text.strip()))


def meanings(text: str, lang: Lang) -> list[Gloss]:
    """Every meaning of a word or a name of several words; of a code its own before its class."""
    words = text.split()
    return look_up_phrase(words, lang) if len(words) > 1 else look_up(text, lang)


def _distinct(glosses: Sequence[Gloss]) -> list[Gloss]:
    """One for each name; and no class of codes where a code of it is explained."""
    first: dict[str, Gloss] = {}
    for gloss in glosses:
        if gloss.kind != "class" or not first:
            first.setdefault(fold(gloss.key)[0], gloss)
    return list(first.values())


def _begun(text: str, lang: Lang) -> list[Gloss]:
    letters = fold(text[:60])[0]
    if len(letters) < BEGUN:
        return []
    return [gloss for name, gloss in _names(lang) if name.startswith(letters)]


@cache
def _names(lang: Lang) -> list[tuple[str, Gloss]]:
    """Everything that is explained, by its letters."""
    return [(fold(gloss.key)[0], gloss) for gloss in listed(lang)]
