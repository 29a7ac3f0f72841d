"""Names that can never be real."""

import pytest

from maillab.nameserver.reserved import ORIGINS, is_below, is_reserved


@pytest.mark.parametrize("origin", ORIGINS)
def test_every_origin_and_all_below_it(origin):
    """The name itself and every name below it are reserved; a name that only ends with its messages is not."""
    assert is_reserved(origin)
    assert is_reserved(f"a.b.{origin}")
    assert not is_reserved(f"my{origin}")
    assert not is_reserved(f"{origin}.edu")


def test_below():
    """A name is below its own origin and below every origin at its end, label by label."""
    assert is_below("a.b.test", "b.test")
    assert not is_below("ab.test", "b.test")
    assert not is_below("test", "b.test")
