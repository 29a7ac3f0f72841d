"""One mail transaction: what MAIL said, who was accepted, and the content (RFC 5321 §3.3)."""

from dataclasses import dataclass, field

from maillab.mail.envelope import Envelope, Recipient
from maillab.protocols.smtp import MailFrom
from maillab.wire.intake import Intake


@dataclass(slots=True)
class Transaction:
    """A message that is being handed over; `chunks` are what BDAT has brought of it."""

    mail: MailFrom
    recipients: list[Recipient] = field(default_factory=list)
    chunks: Intake | None = None

    @property
    def envelope(self) -> Envelope:
        """The envelope so far."""
        mail = self.mail
        return Envelope(mail.sender, tuple(self.recipients), mail.eight_bit, mail.smtputf8, mail.ret, mail.envid)
