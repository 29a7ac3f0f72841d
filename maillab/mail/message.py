"""A message: envelope and content, the unit that every machine hands to the next."""

from dataclasses import dataclass, replace

from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient


@dataclass(frozen=True, slots=True)
class Message:
    """Envelope and content. The content is exactly the octets after DATA, unstuffed, lines ended by CRLF."""

    envelope: Envelope
    content: Content

    def to(self, recipients: tuple[Recipient, ...]) -> "Message":
        """The same for these recipients."""
        if recipients == self.envelope.recipients:
            return self
        return Message(replace(self.envelope, recipients=recipients), self.content)


INITIALS = "LMNOPQSTUVWXYZ"  # R names the messages that a receiving machine stores


def initial_of(place: int) -> str:
    """How the names of the messages begin that the queue of a lab's first (0), second (1), … site takes.

    >>> initial_of(0), initial_of(1)
    ('L', 'M')
    """
    return INITIALS[place % len(INITIALS)]
