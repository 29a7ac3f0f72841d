"""What the door knows of the one who calls."""

from maillab.wire.reception import NAMED, Caller, named


def test_a_caller_begins_as_nobody():
    """Before anything was said a caller has no name, no TLS, no login and no messages."""
    caller = Caller("relay-1", "127.0.0.1")
    assert (caller.hello, caller.user, caller.secure, caller.esmtp, caller.messages) == ("", "", False, False, 0)
    assert caller.tolerated is not Caller("relay-2", "127.0.0.1").tolerated


def test_names_in_a_reply_leave_room_for_the_rest_of_it():
    """However many domains there are, a reply that names them fits into its line (RFC 5321 section 4.5.3.1.5)."""
    assert named([]) == ""
    for count in range(1, 300):
        names = [f"domain-{number}.example.test" for number in range(count)]
        assert len(named(names)) <= NAMED + 10
        assert named(names).startswith(names[0])
        assert named(names).endswith(("...", names[-1]))
    assert len(named(["x" * 255, "y"])) <= 262
