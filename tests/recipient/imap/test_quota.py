"""How much room is taken."""

from maillab.recipient.folders import Usage
from tests.recipient.imap.staging import Stage


def test_what_is_begun_counts():
    """Octets are told in units of 1024, what is begun counts as whole."""
    stage = Stage(["logged in"])
    stage.shelves.bob.usage = lambda: Usage(1025, 1, 10_240)
    assert stage.heard(b'a GETQUOTA ""\r\n')[0] == b'* QUOTA "" (STORAGE 2 10)\r\n'
