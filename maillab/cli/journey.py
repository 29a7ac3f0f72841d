"""What became of a message, followed through the logbook: delivered, failed or deferred, for each recipient."""

from collections.abc import Iterable
from enum import StrEnum

from maillab.events import Attempted, Bounced, Deferred, Delivered, Event, Failed, Queued, Submitted


class Fate(StrEnum):
    """Where one copy of a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    FAILED = "failed"


class Journey:
    """Hears events, in order. It follows every message taken since it began, and the reports about them.

    >>> journey = Journey()
    >>> journey.hear(Submitted("submit-1", "L1", "a@sender.test", ("bob@recipient.test",), 9))
    >>> journey.hear(Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test",)))
    >>> journey.hear(Delivered("relay-1", "bob@recipient.test", 1, 9))
    >>> journey.settled, journey.those("L1", Fate.DELIVERED)
    (True, ('bob@recipient.test',))
    """

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.reasons: dict[str, str] = {}  # recipient: why it failed or must wait
        self._message_of: dict[str, str] = {}  # job: message
        self._fates: dict[tuple[str, str], Fate] = {}  # job and recipient
        self._taken: set[str] = set()  # jobs to which a host has said 2yz

    @property
    def settled(self) -> bool:
        """A message was taken, and no copy of any is on its way."""
        return bool(self._fates) and Fate.WAITING not in self._fates.values()

    @property
    def presumable(self) -> bool:
        """Every copy on its way was taken by a host: it was stored under a name that is not the recipient's."""
        waiting = [job for (job, _), fate in self._fates.items() if fate is Fate.WAITING]
        return bool(waiting) and self._taken.issuperset(waiting)

    def presume(self) -> None:
        """Nothing more is heard of those: what a host took and nobody complained about is delivered."""
        for key in [key for key, fate in self._fates.items() if fate is Fate.WAITING and key[0] in self._taken]:
            self._fates[key] = Fate.DELIVERED

    def those(self, message: str, fate: Fate) -> tuple[str, ...]:
        """The recipients of a message who share a fate, in the order of the queue."""
        return tuple(who for (job, who), now in self._fates.items() if now is fate and self._message_of[job] == message)

    def hear(self, event: Event) -> None:
        """Take note of one event."""
        match event:
            case Submitted(_, message, _, _, _) | Bounced(_, _, _, message):
                self.messages.append(message)
            case Queued(job, message, _, recipients) if message in self.messages:
                self._message_of[job] = message
                self._fates |= {(job, who): Fate.WAITING for who in recipients}
            case Attempted(job, _, code) if 200 <= code < 300:
                self._taken.add(job)
            case Delivered(_, mailbox, _, _):
                self._arrived(mailbox)
            case Failed(job, recipients, reason):
                self._told(job, recipients, Fate.FAILED, reason)
            case Deferred(job, recipients, reason, _):
                self._told(job, recipients, Fate.DEFERRED, reason)
            case _:
                pass

    def _arrived(self, mailbox: str) -> None:
        """One copy lies in a mailbox: that of the first who waits for it."""
        for key, fate in self._fates.items():
            if fate is not Fate.FAILED and fate is not Fate.DELIVERED and _bare(key[1]) == _bare(mailbox):
                self._fates[key] = Fate.DELIVERED
                return

    def _told(self, job: str, recipients: Iterable[str], fate: Fate, reason: str) -> None:
        for who in recipients:
            if (job, who) in self._fates:
                self._fates[job, who] = fate
                self.reasons[who] = reason


def _bare(address: str) -> str:
    """The mailbox behind an address: without what follows a plus."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".lower()
