"""A message in a mailbox, with its envelope, opened for whoever asks what a program has sent.

Rules for this file: the octets stay what they are; everything else is read from them when it is asked for.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import NamedTuple

from maillab.client.read import Attached, Readable, read
from maillab.mail import trace
from maillab.stored.codes import find_code
from maillab.stored.links import links_of

_HEAD = 65_536  # octets at the top in which the receiving machine has written the envelope


class Addresses(NamedTuple):
    """What the envelope says: `sender` is "" for <>; `recipients` are those of this copy, as RCPT named them."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class StoredMessage:
    """`raw` is the message as its reader fetches it, Return-Path and Received included; `mailbox` is where it lies, and
    `name` the base name of its file there: no other message has both.
    """

    raw: bytes
    mailbox: str = ""
    name: str = ""

    @cached_property
    def envelope(self) -> Addresses:
        """Sender and recipient by the trace fields of the receiving machine (RFC 5321 §4.4), not by From and To.

        >>> StoredMessage(b"Return-Path: <a@sender.test>\\r\\nDelivered-To: b@example.com\\r\\n\\r\\n").envelope
        Addresses(sender='a@sender.test', recipients=('b@example.com',))
        """
        head = self.raw[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
        sender, recipient = (
            next((value.decode("utf-8", "replace").strip().strip("<>") for value in trace.field(name, head)), "")
            for name in (b"Return-Path", b"Delivered-To")
        )
        return Addresses(sender, (recipient,) if recipient else ())

    @cached_property
    def message(self) -> EmailMessage:
        """The same for the standard library: `email.message.EmailMessage`, by its modern policy."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)  # what policy.default makes
        return parsed

    @cached_property
    def readable(self) -> Readable:
        """The message as the lab's own reader opens it: header fields, text, files, and notes of what was wrong."""
        return read(self.raw)

    def header(self, name: str) -> str:
        """The first field of this name, decoded; "" where there is none."""
        return self.readable.header(name)

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return self.header("Subject")

    @property
    def text(self) -> str:
        """The text, lines ended by LF: the plain part, or the words of the HTML where there is no other."""
        return self.readable.text

    @property
    def html(self) -> str:
        """The HTML, decoded; "" where there is none."""
        return self.readable.html

    @property
    def attachments(self) -> tuple[Attached, ...]:
        """The files: `name`, `type`, `octets`."""
        return self.readable.attachments

    def links(self) -> list[str]:
        """Every address that a reader can follow, once each: those of the HTML, then those in the text."""
        return links_of(self.html, self.text)

    def code(self) -> str:
        """The one-time code in the text: 4 to 8 digits, or letters and digits. Raises `LookupError` where none is."""
        if code := find_code(self.text):
            return code
        raise LookupError(f"no one-time code in the message {self.subject!r}")

    def __repr__(self) -> str:
        recipients = ", ".join(self.envelope.recipients)
        return f"<Message from {self.envelope.sender or '<>'} to {recipients}: {self.subject!r}>"
