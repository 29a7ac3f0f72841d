"""Flags in the names of a Maildir: `NAME:2,FS`, one letter each, in order; what else stands there is left alone.

Quiet. Keywords have no letter, but for the one that every program knows: they are in the index.
"""

from collections.abc import Iterable
from functools import lru_cache

from maillab.system import HERE

LETTERS = {
    "\\Draft": "D",
    "\\Flagged": "F",
    "$Forwarded": "P",  # "passed"
    "\\Answered": "R",  # "replied"
    "\\Seen": "S",
    "\\Deleted": "T",  # "trashed"
}
_FLAGS = {letter: flag for flag, letter in LETTERS.items()}

NONE: frozenset[str] = frozenset()


def base_of(name: str) -> str:
    """What stands before the flags, and never changes.

    >>> base_of("17.M1.mx:2,FS"), base_of("17.M1.mx")
    ('17.M1.mx', '17.M1.mx')
    """
    return name.partition(HERE.flag_sign)[0]


def flags_of(name: str) -> frozenset[str]:
    """The flags that a name tells.

    >>> sorted(flags_of("17.M1.mx:2,FSa")), sorted(flags_of("17.M1.mx:1,S"))
    (['\\\\Flagged', '\\\\Seen'], [])
    """
    return _told(name.partition(HERE.flag_sign)[2])


def with_flags(name: str, flags: Iterable[str]) -> str:
    """The same name with these flags: letters that are not ours to understand stay.

    >>> with_flags("17.M1.mx:2,FSa", ["\\\\Answered", "work"]), with_flags("17.M1.mx", [])
    ('17.M1.mx:2,Ra', '17.M1.mx:2,')
    """
    base, _, info = name.partition(HERE.flag_sign)
    return f"{base}{HERE.flag_sign}2,{_letters_for(frozenset(flags), info)}"


def has_letters(flags: Iterable[str]) -> bool:
    """Does any of them show in a name?"""
    return any(flag in LETTERS for flag in flags)


@lru_cache(4096)
def _told(info: str) -> frozenset[str]:
    return frozenset(_FLAGS[letter] for letter in _letters(info) if letter in _FLAGS)


@lru_cache(4096)
def _letters_for(flags: frozenset[str], info: str) -> str:
    others = (letter for letter in _letters(info) if letter not in _FLAGS)
    return "".join(sorted({*others, *(LETTERS[flag] for flag in flags if flag in LETTERS)}))


def _letters(info: str) -> str:
    """Of `2,FS` the letters; other versions of what may stand there have none."""
    return info[2:] if info.startswith("2,") else ""


def joined(flags: Iterable[str]) -> str:
    """Flags as the index keeps them.

    >>> joined({"work", "\\\\Seen"})
    '\\\\Seen work'
    """
    return " ".join(sorted(flags))


@lru_cache(4096)
def parted(text: str) -> frozenset[str]:
    """Flags that the index has kept; one object for many messages."""
    return frozenset(text.split())
