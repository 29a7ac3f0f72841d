"""The kind: a file of the lab folder that is half there, because the first start was killed or the disk was full."""

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from maillab.folder import LabFolder
from maillab.lab import Lab
from tests.disk import full_after
from tests.lab.first_start import ONE_SITE

ROOT = Path(__file__).resolve().parents[2]


async def opened(path: Path) -> list[str]:
    with LabFolder(path) as folder:
        async with Lab(ONE_SITE, folder.path, auto_ports=True) as lab:
            return [str(entry.event) for entry in lab.logbook.since(0)]


@pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_anywhere(tmp_path: Path, every: int) -> None:
    """Killed at any operation of its first start, a lab starts again, whatever the umask was."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "lab" / "first_start.py"), str(tmp_path), str(every)],
        capture_output=True, text=True, timeout=300, check=False, umask=0, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_full_anywhere(tmp_path: Path, every: int) -> None:
    """Wherever the disk is full at the first start, it is an `OSError`; with room again the lab starts, nothing lost."""
    for count in itertools.count(0, every):
        path = tmp_path / str(count) / "lab"
        with full_after(count) as refused:
            try:
                asyncio.run(opened(path))
            except OSError:
                assert refused
        asyncio.run(opened(path))
        assert not list(path.rglob("*.part"))
        shutil.rmtree(path)
        if not refused:
            break
    assert count > 20
