"""What the lab remarks upon a conversation that is typed by hand: mistakes that it bears, rules that it plays.

Rules for this file: no Textual. The lab does not know who types: the talk is the one of this service that
hears, line by line, what was typed.
"""

from collections.abc import Callable, Iterator, Sequence

from maillab.events import Entry, Opened, RulePlayed, Said, Side, Tolerated

Since = Callable[[int], Sequence[Entry]]


class Remarks:
    """Begun before the connection is; `since` gives the entries of the lab's logbook after a number.

    `typed` has the lines that were typed, with their ends.
    """

    def __init__(self, since: Since, service: str) -> None:
        self.typed: list[bytes] = []
        self._since, self._service = since, service
        self._read = max((entry.seq for entry in since(0)[-1:]), default=0)
        self._heard: dict[str, int] = {}  # how many of these lines a talk has heard; others are forgotten

    def new(self) -> Iterator[Entry]:
        """What was remarked since this was asked last."""
        for entry in self._since(self._read):
            self._read = entry.seq
            match entry.event:
                case Opened(talk, _, service) if service == self._service:
                    self._heard[talk] = 0
                case Said(talk, Side.CLIENT, line) if talk in self._heard:
                    self._hear(talk, line)
                case Tolerated(talk) | RulePlayed(talk) if talk in self._heard:
                    yield entry
                case _:
                    pass

    def _hear(self, talk: str, line: bytes) -> None:
        count = self._heard[talk]
        if self.typed[count : count + 1] == [line]:
            self._heard[talk] = count + 1
        else:
            del self._heard[talk]
