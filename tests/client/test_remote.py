"""What a server tells of the mail that lies on it."""

from maillab.client.message_summary import Digest
from maillab.client.remote import RemoteMessage


def test_read_or_not():
    """A message counts as read by its flag, whatever others it has."""
    told = [RemoteMessage(1, frozenset(flags), 9, 0.0, Digest("", "", "", None, 0)) for flags in ((), ("\\Seen", "x"))]
    assert [message.seen for message in told] == [False, True]
