"""What is typed while another screen, or a field, is on its way: it is meant for that one, and waits until it is there.

Rules for this file: no widget, no loop; the clock is given. Nothing waits for ever: a screen that does not come in
`PATIENCE` seconds is no longer waited for. A click does not wait: it is for what was seen where it was made, not for
what has come to that place since.
"""

from collections.abc import Callable

from textual.events import Event, Key, Paste

PATIENCE = 1.0  # seconds


class Behind(Event, bubble=True):
    """Sent the way of the keys, from the widget that had the focus: where it comes up, they have come up before it."""


class TypedAhead:
    """Keeps keys in their order. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = 0.0  # 0 where no screen is on its way
        self._passed_on: list[Event] = []  # that the old screen had already, and could not use
        self._fresh: list[Event] = []

    @property
    def waiting(self) -> bool:
        """Is a screen on its way, or does something wait for one?"""
        return self._clock() < self._until or bool(self._passed_on or self._fresh)

    @property
    def in_vain(self) -> bool:
        """Has it been waited for long enough?"""
        return self._clock() >= self._until

    def expect(self) -> None:
        """Another screen was asked for."""
        self._until = self._clock() + PATIENCE

    def keep(self, event: Event) -> bool:
        """Keep what was typed, if it has to wait; False for what is of no such kind, or need not."""
        if not isinstance(event, Key | Paste) or not self.waiting:
            return False
        if not event.is_forwarded:
            self._fresh.append(event)
        else:
            self._passed_on.append(Key(event.key, event.character) if isinstance(event, Key) else Paste(event.text))
        return True

    def arrived(self) -> list[Event]:
        """The screen is there: everything that waited for it."""
        self._until = 0.0
        kept = [*self._passed_on, *self._fresh]
        self._passed_on, self._fresh = [], []
        return kept
