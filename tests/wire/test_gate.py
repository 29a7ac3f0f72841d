"""The gate before every door."""

from maillab.wire.gate import Gate
from maillab.wire.limits import Limits


def test_connections_are_counted_by_address_and_in_all():
    """As many as the limit come in, one more does not, and who leaves makes room (T105)."""
    gate = Gate(Limits(per_address=2, connections=3), now=lambda: 0.0)

    assert [gate.enter("a"), gate.enter("a"), gate.enter("a")] == [True, True, False]
    assert [gate.enter("b"), gate.enter("c")] == [True, False]
    gate.leave("a")
    assert gate.enter("c")


def test_connections_of_one_person_are_counted_by_address():
    """As many as the limit are let in, one more is not, from elsewhere it is, and who goes makes room."""  # T203
    gate = Gate(Limits(per_user=2), now=lambda: 0.0)

    assert [gate.admit("a", "bob") for _ in range(3)] == [True, True, False]
    assert [gate.admit("a", "carol"), gate.admit("b", "bob")] == [True, True]
    gate.dismiss("a", "bob")
    assert [gate.admit("a", "bob") for _ in range(2)] == [True, False]


def test_wrong_passwords_wait_longer_each_time_by_address():
    """The delays grow as Dovecot's do, one address does not slow another, and a right one clears the account (T117)."""
    gate = Gate(Limits(), now=lambda: 0.0)

    assert [gate.failed("a") for _ in range(6)] == [0.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert gate.failed("b") == 0.0
    gate.succeeded("a")
    assert gate.failed("a") == 0.0


def test_old_mistakes_are_forgotten():
    """Ten minutes without a wrong password and the address starts anew."""
    moment = [0.0]
    gate = Gate(Limits(), now=lambda: moment[0])
    gate.failed("a")
    moment[0] = 601.0
    assert gate.failed("a") == 0.0
