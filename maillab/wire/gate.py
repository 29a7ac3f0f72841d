"""The gate of a port: how many may connect at a time, and as one person; how long one waits who guesses passwords."""

from collections import Counter
from collections.abc import Callable

from maillab.wire.limits import Limits

_DELAYS = (2.0, 4.0, 8.0, 15.0)  # seconds, Dovecot's numbers
_FORGIVEN_AFTER = 600.0  # seconds without a wrong password


class Gate:
    """Counts connections, those of each person and wrong passwords by address. `now` is any steady clock in seconds.

    >>> gate = Gate(Limits(per_address=1), now=lambda: 0.0)
    >>> gate.enter("127.0.0.1"), gate.enter("127.0.0.1")
    (True, False)
    """

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self.limits = limits
        self._now = now
        self._inside: Counter[str] = Counter()
        self._total = 0
        self._people: Counter[tuple[str, str]] = Counter()
        self._wrong: dict[str, tuple[int, float]] = {}  # address: wrong passwords, when the last

    def enter(self, peer: str) -> bool:
        """May one more come in from this address? Who was let in must `leave`."""
        if self._total >= self.limits.connections or self._inside[peer] >= self.limits.per_address:
            return False
        self._inside[peer] += 1
        self._total += 1
        return True

    def leave(self, peer: str) -> None:
        """One from this address went away."""
        self._total -= 1
        self._inside[peer] -= 1
        if not self._inside[peer]:
            del self._inside[peer]

    def admit(self, peer: str, user: str) -> bool:
        """May one more connection from this address be this person's ? Whoever was admitted must be dismissed.

        >>> gate = Gate(Limits(per_user=1), now=lambda: 0.0)
        >>> gate.admit("127.0.0.1", "bob"), gate.admit("127.0.0.1", "bob"), gate.admit("127.0.0.1", "carol")
        (True, False, True)
        """
        if self._people[peer, user] >= self.limits.per_user:
            return False
        self._people[peer, user] += 1
        return True

    def dismiss(self, peer: str, user: str) -> None:
        """One of this person's connections from this address is over."""
        self._people[peer, user] -= 1
        if not self._people[peer, user]:
            del self._people[peer, user]

    def failed(self, peer: str) -> float:
        """A wrong password came from this address: how many seconds its answer waits. The first is forgiven at once."""
        self._forget()
        count = self._wrong.get(peer, (0, 0.0))[0] + 1
        self._wrong[peer] = (count, self._now())
        return 0.0 if count == 1 else _DELAYS[min(count - 2, len(_DELAYS) - 1)]

    def succeeded(self, peer: str) -> None:
        """A right password clears the account of this address."""
        self._wrong.pop(peer, None)

    def _forget(self) -> None:
        old = self._now() - _FORGIVEN_AFTER
        for peer in [peer for peer, (_, last) in self._wrong.items() if last < old]:
            del self._wrong[peer]
