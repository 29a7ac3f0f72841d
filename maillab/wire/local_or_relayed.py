"""One service for two machines: recipients who are at home here are the business of one, all others of the other.

The port 25 of a campus: it receives for its own people, and carries messages of programs nearby to other domains.
"""

from collections.abc import Callable

from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.wire.reception import Caller, Reception


class LocalOrRelayed:
    """A `Reception` made of two: `home` for the domains (in A-labels) of which `is_home` says so, `away` for others.

    What this host is responsible for must be at home: it would be relayed to this very port, again and again.
    """

    def __init__(self, is_home: Callable[[str], bool], home: Reception, away: Reception) -> None:
        self._is_home = is_home
        self._home = home
        self._away = away

    def mail(self, caller: Caller, sender: Address | None, octets: int) -> Reply | None:
        """Both must have nothing against it."""
        return self._home.mail(caller, sender, octets) or self._away.mail(caller, sender, octets)

    def rcpt(self, caller: Caller, envelope: Envelope, recipient: Recipient) -> Reply | None:
        """The one who is responsible answers."""
        return self._for(recipient).rcpt(caller, envelope, recipient)

    async def message(self, caller: Caller, message: Message) -> Reply:
        """Each takes its part. When the second refuses what the first took, the client is told to come again (451)
        and the first part arrives twice: twice is better than never (RFC 1047).
        """
        reply = Reply(250, "2.0.0", ("Stored",))
        for machine in (self._home, self._away):  # in this order: only the second may take a content's file away
            mine = tuple(r for r in message.envelope.recipients if self._for(r) is machine)
            if mine:
                reply = await machine.message(caller, message.to(mine))
                if not reply.ok:
                    return reply
        return reply

    def _for(self, recipient: Recipient) -> Reception:
        return self._home if self._is_home(recipient.address.ascii_domain) else self._away
