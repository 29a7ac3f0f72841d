"""A mail transaction."""

from maillab.mail.address import Address
from maillab.mail.envelope import Recipient
from maillab.protocols.smtp import read_mail
from maillab.wire.transaction import Transaction


def test_the_envelope_so_far():
    """The envelope holds what MAIL said, and the recipients in the order in which they were accepted."""
    mail = read_mail("FROM:<a@a.test> BODY=8BITMIME RET=HDRS ENVID=x")
    transaction = Transaction(mail)
    assert transaction.envelope.recipients == ()
    transaction.recipients += [Recipient(Address("b", "b.test")), Recipient(Address("c", "c.test"))]
    envelope = transaction.envelope
    assert (envelope.sender, envelope.eight_bit, envelope.ret, envelope.envid) == (mail.sender, True, "HDRS", "x")
    assert [str(recipient.address) for recipient in envelope.recipients] == ["b@b.test", "c@c.test"]
