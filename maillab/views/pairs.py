"""What answers what: of each line in a talk the line of the other side that it belongs to, pipelined or not.

Rules for this file: lines come in their order; whoever asks says what stands for a line, and gets that back.
"""

from collections import deque
from typing import Generic, TypeVar

from maillab.events import Side

T = TypeVar("T")

WAITING = 1_000  # pipelined commands whose replies are still awaited


class Pairs(Generic[T]):
    """The lines of one talk. `greeted`: the server has greeted already, or never will.

    >>> pairs = Pairs[str]("smtp")
    >>> lines = ((Side.CLIENT, b"MAIL"), (Side.CLIENT, b"RCPT"), (Side.SERVER, b"250 ok"), (Side.SERVER, b"550 no"))
    >>> [pairs.hear(side, line, line.decode()) for side, line in lines]
    [None, None, 'MAIL', 'RCPT']
    """

    def __init__(self, protocol: str, *, greeted: bool = True) -> None:
        self.protocol = protocol
        self._greeted = greeted
        self._waiting: deque[T] = deque(maxlen=WAITING)
        self._asked: T | None = None
        self._answered: T | None = None

    def hear(self, side: Side, line: bytes, what: T) -> T | None:
        """Take note of a line; gives what stands for the other side's line before it: what it answers."""
        if side is Side.CLIENT:
            self._waiting.append(what)
            self._asked = what
            return self._answered
        self._answered = what
        if self.protocol != "smtp":
            return self._asked
        goes_on = line[3:4] == b"-"
        if not self._greeted:  # the first reply answers nobody
            self._greeted = not goes_on
            return None
        if not self._waiting:
            return None
        return self._waiting[0] if goes_on else self._waiting.popleft()

    def afresh(self) -> None:
        """TLS began: what was asked before is answered no more."""
        self._waiting.clear()
