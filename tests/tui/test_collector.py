"""The garbage collector of the window."""

import gc

import pytest

from maillab.tui import collector


@pytest.fixture(autouse=True)
def _as_it_was():
    threshold = gc.get_threshold()
    yield
    collector.as_before()
    gc.set_threshold(*threshold)


def test_it_rests_and_looks_rarely():
    """Off until the first picture stands, then on, with what is there left out."""
    collector.rest()
    assert not gc.isenabled()
    collector.calm()
    assert gc.isenabled()
    assert gc.get_freeze_count()
    assert gc.get_threshold() == collector.RARELY
    collector.as_before()
    assert not gc.get_freeze_count()
