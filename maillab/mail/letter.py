"""A letter: envelope and content, the unit that every machine hands to the next."""

from dataclasses import dataclass

from maillab.mail.content import Content
from maillab.mail.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Letter:
    """Envelope and content. The content is exactly the octets after DATA, unstuffed, lines ended by CRLF."""

    envelope: Envelope
    content: Content
