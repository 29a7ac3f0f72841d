"""What both sides speak of."""

from maillab.protocols.imap.values import ImapAddress, ImapEnvelope, Multipart, SinglePart, StatusItem


def test_groups():
    """A group begins with its name and ends with nothing at all."""
    assert ImapAddress.group(b"friends").mailbox == b"friends"
    assert ImapAddress.group_end() == ImapAddress(None, None, None, None)


def test_values_are_equal():
    """Two that say the same are the same, and can be kept in a set."""
    assert len({Multipart((SinglePart(),)), Multipart((SinglePart(),))}) == 1
    assert ImapEnvelope() == ImapEnvelope(subject=None)
    assert StatusItem("SIZE") is StatusItem.SIZE
