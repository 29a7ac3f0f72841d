"""Counting what arrived."""

import pytest

from tests.bench.source import count, wait_for_count


def test_count(tmp_path):
    """A folder that does not exist yet holds no message."""
    assert count(tmp_path / "new") == 0
    (tmp_path / "a").touch()
    assert count(tmp_path) == 1
    wait_for_count(tmp_path, 1)


def test_stalled(tmp_path):
    """A flow that has stopped is an error, not an endless wait."""
    with pytest.raises(TimeoutError, match="0 of 1 messages"):
        wait_for_count(tmp_path, 1, seconds=0.0)
