"""The garbage collector of the window."""

import gc

import pytest

from maillab.tui.terminal import collector


@pytest.fixture(autouse=True)
def _as_it_was():
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.enable()
    gc.set_threshold(*threshold)


def test_it_rests_and_looks_rarely():
    """Off until the first picture stands, then on, with what is there left out."""
    collector.rest()
    assert not gc.isenabled()
    collector.calm()
    assert gc.isenabled()
    assert gc.get_freeze_count()
    assert gc.get_threshold() == collector.RARELY


def test_it_keeps_nobody_waiting_at_the_end():
    """When the process ends, nothing is left that it would look through: the shell is there at once."""
    before = gc.get_freeze_count()
    collector.enough()
    assert not gc.isenabled()
    assert gc.get_freeze_count() > before + 1_000
