"""Faults played on purpose."""

from maillab.wire.faults import DROP, Fault, Faults


def test_a_fault_is_played_as_often_as_it_says():
    """A fault with a count is used up; one without lasts; other verbs are not touched."""
    faults = Faults([Fault("RCPT", 451, "4.7.1", "later", times=2), Fault("DATA", DROP)])

    assert [fault and fault.code for fault in (faults.play("RCPT") for _ in range(3))] == [451, 451, None]
    assert [faults.play("DATA").code for _ in range(3)] == [0, 0, 0]
    assert faults.play("MAIL") is None
    assert Fault("RCPT", 451, "4.7.1", "later").reply.text == "451 4.7.1 later"
