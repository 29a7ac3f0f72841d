"""Who is calling: the connections that the lab's own sending machines make, whichever process they live in."""

import mmap
from typing import Any

PORTS = 65_536


class Callers:
    """The ports of 127.0.0.1 from which a machine of ours calls, or is about to. Processes that have the file of
    `descriptor` (of `PORTS` octets) share them.

    >>> callers = Callers()
    >>> callers.add(("127.0.0.1", 40_000))
    >>> callers.take(("127.0.0.1", 40_000)), callers.take(("127.0.0.1", 40_000))
    (True, False)
    """

    def __init__(self, descriptor: int = -1) -> None:
        self._marks = mmap.mmap(descriptor, PORTS)

    def add(self, address: tuple[str, int]) -> None:
        """One of ours calls from here; said before it connects."""
        self._marks[address[1]] = 1

    def take(self, address: tuple[Any, ...]) -> bool:
        """Is it one of ours who called from here? Asked once of each: the next who has this port may be a stranger."""
        port: int = address[1]
        ours = self._marks[port] == 1
        self._marks[port] = 0
        return ours
