"""What may be said at any time."""

from maillab.recipient.imap.session import LoggedOut
from tests.recipient.imap.staging import Stage


def test_goodbye_from_a_folder():
    """LOGOUT looks away from the folder, says BYE, then OK."""
    stage = Stage(["selected"])
    assert stage.heard(b"a LOGOUT\r\n") == [b"* BYE Goodbye\r\n", b"a OK Done\r\n", "closes quit"]
    assert isinstance(stage.dialogue.session.state, LoggedOut)
    assert stage.shelves.open_views == []


def test_id():
    """ID is answered with the name of the program, whatever the client calls itself; T213: not with too many fields."""
    stage = Stage()
    assert stage.heard(b"a ID NIL\r\n")[0].startswith(b'* ID ("name" "maillab"')
    many = b" ".join(b'"f%d" "x"' % number for number in range(1000))
    assert stage.heard(b"b ID (" + many + b")\r\n")[-1].startswith(b"b BAD")
