"""What every machine gets from the desk."""

import random

import pytest

from maillab.events import Leg
from maillab.lab.lab_context import LabContext
from maillab.logbook import Logbook
from maillab.sender.route import RouteStop
from maillab.wire.clock import Clock
from maillab.wire.tls import Authority


@pytest.fixture
def context(tmp_path):
    """Supplies at a standing clock."""
    clock = Clock(1_700_000_000.0, lambda: 0.0)
    return LabContext(tmp_path, clock, Logbook(clock.now), Authority(tmp_path / "ca"), random.Random(1), True)


def test_names_are_never_given_twice(context):
    """Words, names of stored messages and of files are new each time; a file's begins with its moment."""
    assert [context.new_ident() for _ in range(3)] == ["R1", "R2", "R3"]
    assert len({context.new_word() for _ in range(100)}) == 100
    files = [context.new_file_name() for _ in range(100)]
    assert len(set(files)) == 100
    assert all(name.startswith("1700000000.000000.") and "/" not in name and ":" not in name for name in files)


def test_the_way_to_a_host(context):
    """A host of the lab stands at a port; to another there is no way."""
    context.ports_by_host["mx.recipient.test"] = 2025
    assert context.address_of(RouteStop("MX.recipient.test.", ("127.0.0.1",))) == ("127.0.0.1", 2025)
    with pytest.raises(LookupError, match=r"mx\.bank\.example"):
        context.address_of(RouteStop("mx.bank.example.", ("192.0.2.1",)))


def test_the_leg_of_a_caller(context):
    """One of our own machines relays, once for each time that it calls; everybody else does what is usual."""
    context.calling.add(("127.0.0.1", 40_000))
    legs = [context.leg_of(Leg.SUBMIT, ("127.0.0.1", port)) for port in (40_001, 40_000, 40_000)]
    assert legs == [Leg.SUBMIT, Leg.RELAY, Leg.SUBMIT]
