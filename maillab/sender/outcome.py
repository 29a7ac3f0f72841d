"""The only three answers to "what became of it?": delivered, later, never. Per recipient, from what the host said.

Rules for this file: 2yz is delivered, 5yz is never, all the rest is later; a host that talks nonsense has not refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from maillab.mail.envelope import Recipient
from maillab.mail.reply import Reply


class DeliveryVerdict(Enum):
    """What becomes of one recipient."""

    DELIVERED = "delivered"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """One recipient, the verdict, and the reply that decided it. `host` said it; "": we found it ourselves.

    Where the reply is our own conclusion from what a host said, `answer` is what it said.
    """

    recipient: Recipient
    verdict: DeliveryVerdict
    reply: Reply
    host: str = ""
    answer: Reply | None = None

    @property
    def heard(self) -> Reply | None:
        """The last words of the host, `None` where it never spoke."""
        return (self.answer or self.reply) if self.host else None


def verdict(reply: Reply) -> DeliveryVerdict:
    """What a reply at the end of a message, or a refusal before it, means.

    >>> verdict(Reply(250, "", ("ok",))), verdict(Reply(354, "", ("go",))), verdict(Reply(999, "", ("?",)))
    (<DeliveryVerdict.DELIVERED: 'delivered'>, <DeliveryVerdict.LATER: 'later'>, <DeliveryVerdict.LATER: 'later'>)
    """
    if 200 <= reply.code < 300:
        return DeliveryVerdict.DELIVERED
    return DeliveryVerdict.NEVER if reply.never else DeliveryVerdict.LATER


def judge(recipient: Recipient, reply: Reply, host: str = "") -> RecipientOutcome:
    """The outcome of one recipient. A code that no server should say is later, 4.5.0 (RFC 5321 §4.2.1)."""
    if not 200 <= reply.code < 600 or 300 <= reply.code < 400:
        error = Reply(451, "4.5.0", (f"Protocol error: the host answered {reply.text[:200]}",))
        return RecipientOutcome(recipient, DeliveryVerdict.LATER, error, host, reply)
    return RecipientOutcome(recipient, verdict(reply), reply, host)


def judge_all(recipients: Sequence[Recipient], reply: Reply, host: str = "") -> tuple[RecipientOutcome, ...]:
    """The same reply for all of them."""
    return tuple(judge(recipient, reply, host) for recipient in recipients)


def judge_transaction(
    recipients: Sequence[Recipient], mail: Reply, rcpts: Sequence[Reply], data: Reply | None, host: str
) -> tuple[RecipientOutcome, ...]:
    """Outcomes from the replies to MAIL, to each RCPT in order, and to the content (`None`: it was not sent).

    A refused recipient keeps its own refusal; an accepted one shares the fate of the content (RFC 5321 §3.3). A host
    that has enough recipients for one message may say so by 552 instead of 452 (RFC 5321 §4.5.3.1.10).
    """
    if verdict(mail) is not DeliveryVerdict.DELIVERED:
        return judge_all(recipients, mail, host)
    unsaid = Reply(451, "4.5.0", ("Protocol error: the host did not answer for this recipient",))
    outcomes = []
    for index, recipient in enumerate(recipients):
        reply = rcpts[index] if index < len(rcpts) else unsaid
        if verdict(reply) is DeliveryVerdict.DELIVERED:
            reply = data or unsaid
        elif too_many(reply) and any(verdict(before) is DeliveryVerdict.DELIVERED for before in rcpts[:index]):
            outcomes.append(RecipientOutcome(recipient, DeliveryVerdict.LATER, reply, host))
            continue
        outcomes.append(judge(recipient, reply, "" if reply is unsaid else host))
    return tuple(outcomes)


def too_many(reply: Reply) -> bool:
    """May this answer to RCPT mean that the message has enough recipients, and the others may come with another?

    >>> too_many(Reply(552, "", ("Too many recipients",))), too_many(Reply(552, "5.2.2", ("Mailbox full",)))
    (True, False)
    """
    return reply.code in (452, 552) and reply.enhanced in ("", "4.5.3", "5.5.3")


def last_word(mail: Reply, rcpts: Sequence[Reply], data: Reply | None) -> int:
    """The code by which an attempt is remembered: of the content, else of the last refusal."""
    if data is not None:
        return data.code
    refusals = [reply.code for reply in (mail, *rcpts) if verdict(reply) is not DeliveryVerdict.DELIVERED]
    return refusals[-1] if refusals else mail.code


def reply_to_error(error: ValueError | OSError) -> Reply:
    """What it means that a message could not be written out: SMTP cannot carry it, and trying again is of no use; or
    the disk did not give it, which may pass.

    >>> reply_to_error(ValueError("NUL in an address")).text
    '554 5.6.0 The message cannot be written as SMTP: NUL in an address'
    """
    if isinstance(error, ValueError):
        return Reply(554, "5.6.0", (f"The message cannot be written as SMTP: {error}",))
    return Reply(451, "4.3.0", ("The sending machine cannot read the message",))
