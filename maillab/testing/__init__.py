"""For tests of programs that send mail: `pytest_plugins = ["maillab.testing"]`, then the fixture `maillab`, a lab.

A door of a server can be a `cassette`, recorded once and played afterwards. Nothing of the lab itself is here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from maillab.testing.cassette import Door, Mode, cassette
from maillab.testing.lab import RunningLab

__all__ = ["Door", "Mode", "RunningLab", "cassette", "maillab"]


@pytest.fixture
def maillab(tmp_path: Path) -> Iterator[RunningLab]:
    """A default lab on free ports, its mail under the test's temporary folder."""
    with RunningLab(folder=tmp_path / "maillab") as running:
        yield running
