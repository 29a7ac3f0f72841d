"""One door for two machines."""

import asyncio

from maillab.mail.address import Address
from maillab.mail.content import Content
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.message import Message
from maillab.mail.reply import Reply
from maillab.wire.local_or_relayed import LocalOrRelayed
from maillab.wire.reception import Caller

CALLER = Caller("submit-1", "127.0.0.1")
HOME, AWAY = Recipient(Address("bob", "a.test")), Recipient(Address("carol", "b.test"))


class Machine:
    def __init__(self, name, reply=None):
        self.name, self.reply, self.messages = name, reply or Reply(250, "2.0.0", (name,)), []

    def mail(self, caller, sender, octets):
        return None

    def rcpt(self, caller, envelope, recipient):
        return Reply(250, "", (self.name,))

    async def message(self, caller, message):
        self.messages.append([str(recipient.address) for recipient in message.envelope.recipients])
        return self.reply


def put(home, away, *recipients):
    split = LocalOrRelayed("a.test".__eq__, home, away)
    return asyncio.run(split.message(CALLER, Message(Envelope(None, recipients), Content(b"x"))))


def test_each_machine_takes_its_own_recipients():
    """Our own domain goes home, every other away, and nobody twice."""
    home, away = Machine("home"), Machine("away")

    assert put(home, away, HOME, AWAY).ok
    assert (home.messages, away.messages) == ([["bob@a.test"]], [["carol@b.test"]])
    split = LocalOrRelayed("a.test".__eq__, home, away)
    assert split.rcpt(CALLER, Envelope(None, ()), HOME).lines == ("home",)
    assert split.rcpt(CALLER, Envelope(None, ()), AWAY).lines == ("away",)
    assert split.mail(CALLER, None, 0) is None


def test_only_who_has_recipients_is_asked():
    """A message for one machine is not shown to the other."""
    home, away = Machine("home"), Machine("away")
    assert put(home, away, AWAY).lines == ("away",)
    assert home.messages == []


def test_a_refusal_by_one_is_the_answer():
    """What one machine refuses is refused; 250 is said only when both have stored."""
    home, away = Machine("home"), Machine("away", Reply(452, "4.3.1", ("full",)))
    assert put(home, away, HOME, AWAY).code == 452
    home, away = Machine("home", Reply(452, "4.3.1", ("full",))), Machine("away")
    assert put(home, away, HOME, AWAY).code == 452
    assert away.messages == []
