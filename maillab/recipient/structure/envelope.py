"""The envelope that IMAP tells of a message: what its header says, raw (RFC 9051 §7.5.2).

Of several fields of one name the first counts; of addresses all do, so that nobody can hide behind the first.
"""

from maillab.protocols.imap.values import ImapAddress, ImapEnvelope
from maillab.recipient.structure.addresses import ADDRESSES, addresses
from maillab.recipient.structure.header import FieldValues

TEXT_OCTETS = 65_536  # of a field that is told as it is


def of_fields(fields: FieldValues, most: int = ADDRESSES) -> ImapEnvelope:
    """The envelope of a message with these fields, with no more than `most` people a field."""

    def text(name: bytes) -> bytes | None:
        return fields[name][0][:TEXT_OCTETS] if name in fields else None

    def people(name: bytes) -> tuple[ImapAddress, ...]:
        return addresses(fields.get(name, ()), most)

    senders = people(b"from")
    subject = text(b"subject")
    return ImapEnvelope(
        date=text(b"date"),
        subject=None if subject is None else b" ".join(subject.split()),  # folded once more than need be
        senders=senders,
        sender=people(b"sender") or senders,
        reply_to=people(b"reply-to") or senders,
        to=people(b"to"),
        cc=people(b"cc"),
        bcc=people(b"bcc"),
        in_reply_to=text(b"in-reply-to"),
        message_id=text(b"message-id"),
    )
