"""The envelope: who sends, who receives, and what was asked of the carriers (RFC 5321 §2.3.1, RFC 3461)."""

from dataclasses import dataclass, replace

from maillab.mail.address import Address


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient and what DSN asked about it (RFC 3461 §4).

    `notify` holds NEVER, or any of SUCCESS FAILURE DELAY, empty when nothing was said; `orcpt` is kept as it came,
    in its case and in xtext ("rfc822;Bob+2Bx@recipient.test").
    """

    address: Address
    notify: tuple[str, ...] = ()
    orcpt: str = ""

    def at_home(self, domain: str) -> "Recipient":
        """The same with `domain` added when it is the bare postmaster of RFC 5321 §4.1.1.3."""
        return self if self.address.domain else replace(self, address=Address(self.address.local, domain))

    def wants(self, report: str) -> bool:
        """Is a report SUCCESS, FAILURE or DELAY due? Unsaid means FAILURE and, by custom, DELAY (RFC 3461 §4.1)."""
        return report in self.notify if self.notify else report in ("FAILURE", "DELAY")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender (`None` is the null reverse-path <>), recipients, and the MAIL parameters that travel with them."""

    sender: Address | None
    recipients: tuple[Recipient, ...]
    eight_bit: bool = False  # BODY=8BITMIME, RFC 6152
    smtputf8: bool = False  # RFC 6531
    ret: str = ""  # FULL, HDRS or "" (RFC 3461 §4.3)
    envid: str = ""  # xtext as it came, in its case (RFC 3461 §4.4)
