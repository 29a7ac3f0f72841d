"""The garbage collector of the window."""

import gc

import pytest

from maillab.tui.terminal import collector


@pytest.fixture(autouse=True)
def _as_it_was():
    threshold = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*threshold)


def test_it_rests_and_looks_rarely(monkeypatch):
    """Off until the first picture stands, then on, with what is there left out once it has been looked through."""
    looks = []
    monkeypatch.setattr(gc, "collect", lambda: looks.append(gc.isenabled()))  # hundreds of tests left much to look at
    collector.rest()
    assert not gc.isenabled()
    collector.calm()
    assert looks == [False]
    assert gc.isenabled()
    assert gc.get_freeze_count()
    assert gc.get_threshold() == collector.RARELY


def test_it_keeps_nobody_waiting_at_the_end():
    """When the process ends, nothing is left that it would look through: the shell is there at once."""
    before, left = gc.get_freeze_count(), [[] for _ in range(1_001)]
    collector.enough()
    assert not gc.isenabled()
    assert gc.get_freeze_count() >= before + len(left)
