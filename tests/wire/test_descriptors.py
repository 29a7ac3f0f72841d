"""The descriptors that no connection takes."""

import pytest

from maillab.system import HERE
from maillab.wire.descriptors import takes_reserve
from maillab.wire.limits import RESERVED


class Line:
    """A transport whose socket has this number."""

    def __init__(self, number):
        self.number = number

    def get_extra_info(self, _name):
        return self

    def fileno(self):
        return self.number


@pytest.mark.parametrize(("most", "last"), [(1024, 1024 - RESERVED - 1), (40, 29)])
def test_the_last_that_may_come_in(monkeypatch, most, last):
    """At the limit a connection may stay, one above it may not; of few descriptors a quarter is kept."""
    monkeypatch.setattr(type(HERE), "descriptors", most)
    assert not takes_reserve(Line(last))
    assert takes_reserve(Line(last + 1))
