"""Which messages are meant: a query in the filter language, as far as it asks about a message.

    to:bob subject:"your code" -from:alice (body:invoice or header:/^x-mailer:/)

Rules for this file: a message is shown to the filter as the entries of the talk that would carry it, so that the
language has one meaning, for the transcript and here.
"""

from dataclasses import dataclass

from maillab.events import Carried, Entry, Event, Leg, Opened, Said, Side
from maillab.mail.content import Content
from maillab.protocols.services import SMTP
from maillab.stored.message import StoredMessage
from maillab.views.filter import Filter, parse, select
from maillab.views.filter_terms import OF_MESSAGES


@dataclass(frozen=True, slots=True)
class MessageQuery:
    """A query that was read; an empty one means every message.

    >>> query = MessageQuery.parse('to:bob subject:"your code"')
    >>> query.means(StoredMessage(b"Delivered-To: bob@recipient.test\\r\\nSubject: Your code\\r\\n\\r\\n123\\r\\n"))
    True
    """

    filter: Filter

    @staticmethod
    def parse(text: str) -> "MessageQuery":
        """Read a query. Raises `FilterError`."""
        return MessageQuery(parse(text, OF_MESSAGES))

    def means(self, message: StoredMessage) -> bool:
        """Is this message asked for?"""
        return any(isinstance(entry.event, Carried) for entry in select(self.filter, _entries(message)))


def quoted(term: str, value: str) -> str:
    r"""A term whose value is any text, for a query.

    >>> quoted("subject", 'say "hi"')
    'subject:"say \\"hi\\""'
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{term}:"{escaped}"'


def _entries(message: StoredMessage) -> list[Entry]:
    """The talk in which the message comes to its mailbox."""
    sender, recipients = message.envelope
    events: list[Event] = [
        Opened("relay-1", Leg.RELAY, SMTP.name, ""),
        Said("relay-1", Side.CLIENT, f"MAIL FROM:<{sender}>\r\n".encode()),
        *(Said("relay-1", Side.CLIENT, f"RCPT TO:<{who}>\r\n".encode()) for who in recipients),
        Carried("relay-1", Side.CLIENT, Content(message.raw)),
    ]
    return [Entry(number, 0.0, event) for number, event in enumerate(events, start=1)]
