"""What becomes of octets that are said: on paper, as steps that somebody plays on a socket.

Rules for this file: no rule makes one answer into two. Line ends stay where they are, and so do the first octets of a
line of SMTP, its code, since a client would take what follows for the answer to its next command.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from maillab.rules.rule import Effect, Kind

TICK = 100  # milliseconds between two pieces of a throttled answer
APART = 1  # milliseconds between two fragments, so that they are read one by one
_GARBAGE = bytes(code for code in range(0xA1, 0x100)) + b"#?~^"  # no digit, no dot, no blank, no control


@dataclass(frozen=True, slots=True)
class Step:
    """Wait so many seconds, then say these octets."""

    wait: float
    octets: bytes


class Shape:
    """One answer, or (of rules at accept) all that a server says in one talk. `kept`: octets that are never garbled
    at the beginning of each line of a protocol with lines, or of a message of DNS.

    >>> shape = Shape([Effect(Kind.FRAGMENT, 4), Effect(Kind.TRUNCATE, 6)], random.Random(1))
    >>> [step.octets for step in shape.steps(b"250 ok\\r\\n")], shape.ended
    ([b'250 ', b'ok'], True)
    """

    def __init__(self, effects: Iterable[Effect], dice: random.Random, *, kept: int = 0, lines: bool = True) -> None:
        self._effects = {effect.kind: effect for effect in effects}
        self._dice = dice
        self._kept = kept
        self._lines = lines
        self._column = 0  # octets since the last line end
        self._left = self._amount(Kind.TRUNCATE) or None
        self._replaced = False

    @property
    def ended(self) -> bool:
        """Nothing more is said: the answer was cut short, and the connection ends."""
        return self._left == 0

    def steps(self, octets: bytes) -> Iterator[Step]:
        """What is said instead of these octets, and when."""
        octets = self._cut(self._garbled(self._replacement(octets)))
        if not octets:
            return
        wait = self._amount(Kind.COALESCE)
        rate, size = self._amount(Kind.THROTTLE), self._amount(Kind.FRAGMENT) or len(octets)
        pause = APART if Kind.FRAGMENT in self._effects else 0
        if rate:
            size = min(size, max(1, rate * TICK // 1000))
            pause = max(pause, size * 1000 // rate)
        for start in range(0, len(octets), size):
            yield Step((wait + pause if start or rate else wait) / 1000, octets[start : start + size])
            wait = 0

    def _amount(self, kind: Kind) -> int:
        effect = self._effects.get(kind)
        return effect.amount if effect is not None else 0

    def _replacement(self, octets: bytes) -> bytes:
        effect = self._effects.get(Kind.REPLACE)
        if effect is None:
            return octets
        first, self._replaced = not self._replaced, True
        if not first:
            return b""
        text = effect.text.encode("utf-8", "surrogateescape")
        return text + b"\r\n" if self._lines else text

    def _cut(self, octets: bytes) -> bytes:
        if self._left is None:
            return octets
        octets = octets[: self._left]
        self._left -= len(octets)
        return octets

    def _garbled(self, octets: bytes) -> bytes:
        chance = self._amount(Kind.GARBLE)
        if not chance or not octets:
            return octets
        garbled = bytearray(octets)
        places = [at for at, octet in enumerate(octets) if self._may_change(octet)]
        chosen = [at for at in places if self._dice.random() * 100 < chance]
        for at in chosen or places[:1]:  # where the dice spare all, one is taken: the rule was played
            garbled[at] = self._dice.choice(_GARBAGE)
        return bytes(garbled)

    def _may_change(self, octet: int) -> bool:
        self._column += 1
        if self._lines and octet in b"\r\n":
            self._column = 0 if octet == 0x0A else self._column
            return False
        return self._column > self._kept
