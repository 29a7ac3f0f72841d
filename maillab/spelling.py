"""Which of the known words a person meant who mistyped one.

A wrong guess costs more than none: whoever reads it tries it. So only what is a slip of the fingers away counts.
"""

from collections.abc import Iterable

SLIPS = 2  # letters that were left out, added, mistaken or exchanged; in a short word, one
SHORT = 4  # letters


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is at most two slips away, or the only one that has all of it; "" where there is none.

    >>> nearest("dorp", ["drop", "stop"]), nearest("tims", ["times", "after"])
    ('drop', 'times')
    >>> nearest("refuse", ["drop", "reset", "answer"]), nearest("play", ["replay", "export"])
    ('', 'replay')
    """
    asked, names = word.casefold(), list(known)
    slips = {name: distance(asked, name.casefold()) for name in names}
    near = min(names, key=slips.__getitem__, default="")
    if near and slips[near] <= (1 if len(asked) <= SHORT else SLIPS):
        return near
    holding = [name for name in names if len(asked) >= SHORT and asked in name.casefold()]
    return holding[0] if len(holding) == 1 else ""


def distance(word: str, other: str) -> int:
    """Slips between two words, each letter taking part in one at most.

    >>> distance("rctp", "rcpt"), distance("smtp", "imap")
    (1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        above, row = row, [at]
        for column, its in enumerate(other, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != its)))
            exchanged = at > 1 and column > 1 and letter == other[column - 2] and its == word[at - 2]
            if exchanged:
                row[-1] = min(row[-1], before[column - 2] + 1)
        before = above
    return row[-1]
