"""What the door knows of the one who calls."""

from maillab.wire.reception import Caller


def test_a_caller_begins_as_nobody():
    """Before anything was said a caller has no name, no TLS, no login and no letters."""
    caller = Caller("relay-1", "127.0.0.1")
    assert (caller.hello, caller.user, caller.secure, caller.esmtp, caller.letters) == ("", "", False, False, 0)
    assert caller.tolerated is not Caller("relay-2", "127.0.0.1").tolerated
