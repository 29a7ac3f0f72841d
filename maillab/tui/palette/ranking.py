"""Which of many choices are meant by what was typed, the likeliest first.

Rules for this file: no Textual, no clock. Every word that was typed must match somewhere; how well a choice matches is
a tuple, and the smallest wins: whole words of the label, a synonym, beginnings of words, the inside of the label, the
sentence. Only where nothing matches so, letters of the label in their order and slips of the finger are forgiven. What
was used last goes first among equals.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from maillab.tui.questions import Choice
from maillab.views.safe import unaccented
from maillab.views.searched import fold

SAME, BEGINS, WORD, ALIAS, STARTS, ALIAS_STARTS, INSIDE, SENTENCE, LETTERS, SLIP, NOT = range(11)
SHORT = 3  # letters at least, before something is looked for within words
RARE = 4  # letters at least, before a slip of the finger is forgiven
LONGEST = 60  # characters of what was typed

Rank = tuple[int, ...]

_WORDS = re.compile(r"[\w+-]+")


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A text as it is compared: whole, its words, and these in a row with a blank before each."""

    text: str
    words: tuple[str, ...]
    begun: str


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A choice as it is compared with words that have accents, or with those that have none."""

    label: _Spelled
    aka: _Spelled
    sentence: _Spelled
    key: str
    name: str  # the label behind the part of the window to which it belongs
    abroad: str  # the label in the other language, as good as its own


class Ranking:
    """Choices that can be searched; `recent` are values that were used, the last one first.

    >>> stop, mail = Choice("o", "Start or stop", "the machine", aka="power"), Choice("f", "Fetch", "mail by POP3")
    >>> [choice.label for choice in Ranking([stop, mail]).search("pow")]
    ['Start or stop']
    >>> [choice.label for choice in Ranking([stop, mail], recent=["f"]).search("")]
    ['Fetch', 'Start or stop']
    """

    def __init__(self, choices: Sequence[Choice], recent: Sequence[str] = ()) -> None:
        self._choices = choices
        self._used = {value: place for place, value in enumerate(recent)}
        self._spellings: dict[bool, list[_Spelling]] = {}

    def search(self, text: str) -> list[Choice]:
        """Those that match, the best first; all where nothing was typed."""
        return [choice for _, choice in self.ranked(text)]

    def ranked(self, text: str) -> list[tuple[Rank, Choice]]:
        """The same with how well each matches."""
        typed = " ".join(fold(text[:LONGEST]).split())
        return self._matching(typed, _plainly) or self._matching(typed, _roughly)

    def _matching(self, typed: str, tier: Callable[[str, _Spelling], int]) -> list[tuple[Rank, Choice]]:
        found = []
        for place, (choice, spelling) in enumerate(zip(self._choices, self._spelled(typed), strict=True)):
            rank = _rank(typed, spelling, tier) if typed else (SAME,)
            if rank[0] != NOT:
                found.append(((*rank, self._used.get(choice.value, len(self._used)), place), choice))
        return sorted(found, key=lambda pair: pair[0])

    def _spelled(self, typed: str) -> list[_Spelling]:
        """With accents where some were typed, else without."""
        accents = not typed.isascii()
        if accents not in self._spellings:
            self._spellings[accents] = [_spelling(choice, accents=accents) for choice in self._choices]
        return self._spellings[accents]


def _spelling(choice: Choice, *, accents: bool) -> _Spelling:
    def spelled(text: str) -> _Spelled:
        folded = _folded(text, accents=accents)
        words = tuple(_WORDS.findall(folded))
        return _Spelled(folded, words, " ".join(("", *words)))

    also = f"{choice.aka} {choice.abroad}".strip()
    label, aka, sentence = map(spelled, (choice.label, also, f"{choice.within} {choice.area} {choice.note}"))
    name, abroad = (_folded(text, accents=accents) for text in (choice.name, choice.abroad))
    return _Spelling(label, aka, sentence, fold(choice.key), name, abroad)


def _rank(typed: str, choice: _Spelling, tier: Callable[[str, _Spelling], int]) -> Rank:
    """How well a choice matches: the label with all that was typed, else the worst of the words, then their sum."""
    if typed in (choice.label.text, choice.key, choice.name, choice.abroad):
        return SAME, 0
    if ":" in typed and choice.name.startswith(typed):
        return BEGINS, 0
    for name in (choice.label.text, choice.abroad):
        if name.startswith(typed):
            return (STARTS if name[len(typed)].isalnum() else BEGINS), 0
    tiers = [tier(word, choice) for word in typed.split()]
    return max(tiers), sum(tiers)


def _plainly(word: str, choice: _Spelling) -> int:
    """How well one word matches as it stands."""
    label, aka, sentence, begins = choice.label, choice.aka, choice.sentence, f" {word}"
    if word in label.words:
        return WORD
    if word in aka.words or word == aka.text:
        return ALIAS
    if label.text.startswith(word) or begins in label.begun:
        return STARTS
    if begins in aka.begun:
        return ALIAS_STARTS
    if len(word) >= SHORT and word in label.text:
        return INSIDE
    if begins in f" {sentence.text}" or begins in sentence.begun:
        return SENTENCE
    return NOT


def _roughly(word: str, choice: _Spelling) -> int:
    """How well it matches if letters were left out, or if the finger slipped."""
    plain = _plainly(word, choice)
    if plain != NOT or len(word) < SHORT:
        return plain
    label, aka = choice.label, choice.aka
    if any(_in_order(word, other) for other in label.words):
        return LETTERS
    if len(word) >= RARE and any(_slipped(word, other) for other in (*label.words, *aka.words)):
        return SLIP
    return NOT


def matched(text: str, typed: str) -> list[tuple[int, int]]:
    """Where the words that were typed stand in a text: from where to where, in its order.

    >>> matched("Bounce: send it back", "bo sen"), matched("Trả lại", "lai"), matched("Lab", "x")
    ([(0, 2), (8, 11)], [(4, 7)], [])
    """
    folded = _folded(text, accents=not typed.isascii())
    if len(folded) != len(text):
        return []  # a sign became several
    spans: list[tuple[int, int]] = []
    for word in sorted(fold(typed[:LONGEST]).split(), key=len, reverse=True):
        begin = (re.search(rf"\b{re.escape(word)}", folded) or re.search(re.escape(word), folded)) if word else None
        if begin is not None and (len(word) >= SHORT or not folded[begin.start() - 1 : begin.start()].isalnum()):
            spans.append(begin.span())
    return [span for n, span in enumerate(sorted(spans)) if not n or sorted(spans)[n - 1][1] <= span[0]]


def unseen(choice: Choice, typed: str) -> str:
    """The other words of a choice by which alone it was found, "" where what is seen of it says why it is there.

    >>> unseen(Choice("t", "Let time pass", "until a queue tries again", aka="bounce clock"), "boun")
    'bounce'
    """
    accents, words = not typed.isascii(), fold(typed[:LONGEST]).split()
    also = [(other, _folded(other, accents=accents)) for other in choice.aka.split()]
    begun = {word for word in words for _, other in also if other.startswith(word)}
    if not begun:
        return ""
    seen = _folded(f"{choice.name} {choice.note} {choice.area} {choice.key}", accents=accents)
    sought = tuple(word for word in begun if word not in seen)
    return " ".join(other for other, folded in also if folded.startswith(sought))


@lru_cache(2_000)  # what is seen is compared once more to be marked
def _folded(text: str, *, accents: bool) -> str:
    return fold(text) if accents else fold(unaccented(text))


def _in_order(word: str, other: str) -> bool:
    """Are the letters of a word in another, in their order, from its first on, and most of it?

    >>> _in_order("grlst", "greylisting"), _in_order("gt", "greylisting"), _in_order("eys", "greylisting")
    (True, False, False)
    """
    if not other.startswith(word[0]) or len(word) * 3 < len(other):
        return False
    letters = iter(other)
    return all(letter in letters for letter in word)


def _slipped(word: str, other: str) -> bool:
    """Is it the other word with one letter wrong, missing, too many, or two in the wrong order?

    The beginning of a long word may be meant, too.

    >>> [_slipped(typed, "bounce") for typed in ("boucne", "bonce", "bouunce", "bounse", "boncue", "buonc")]
    [True, True, True, True, False, True]
    """
    begins = len(word) > RARE
    if word[0] not in other[:2] or not (begins or -2 < len(other) - len(word) < 2):
        return False
    same = next((place for place, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), 0)
    ours, theirs = word[same:], other[same:]
    meant = (  # what stands in each where they differ, after each kind of slip
        (ours[1:], theirs),
        (ours, theirs[1:]),
        (ours[1:], theirs[1:]),
        (ours[1:2] + ours[:1] + ours[2:], theirs),
    )
    return any(rest.startswith(typed) if begins else rest == typed for typed, rest in meant)
