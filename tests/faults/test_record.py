"""A record whose disk fails, at whichever call: what stands in the file can be played, who records hears why it ends."""

from pathlib import Path

import pytest

from maillab.recording.recorder import Recorder
from maillab.recording.session import Header, load
from tests.faults.broken_disk import MAY_SAY, BrokenDisk, broken_disk
from tests.recording.samples import talk

ENTRIES = talk(300)


def record(disk: BrokenDisk, folder: Path, name: str, kind: str, at: int) -> list[str]:
    """Record while the disk fails; gives which calls did, after everything was looked at."""
    told: list[str] = []
    path = folder / name
    with disk.failing(kind, at, once=False) as said:
        try:
            recorder = Recorder(path, Header("a test", 1000.0), told.append)
        except OSError:
            disk.watching = False
            left = [*folder.iterdir()]
            assert left == [] or any(call.startswith(("unlink", "stat")) for call in said)
            for file in left:
                file.unlink()
            return said
        for entry in ENTRIES:
            recorder.entry(entry)
        trouble = recorder.close()
    files = [*folder.iterdir()]
    if not trouble:
        assert all(file.samefile(path) for file in files)  # FILE.part may be one name more
        assert load(path).entries == tuple(ENTRIES)
    else:
        assert len(told) == 1
        assert trouble in told[0]
        for file in files:
            if not file.stat().st_size:  # nothing is in it, and it could not be removed
                assert any(call.startswith(("unlink", "stat")) for call in said)
                continue
            kept = load(file).entries
            assert kept == tuple(ENTRIES)[: len(kept)]
    for file in files:
        file.unlink()
    return said


@pytest.mark.parametrize("name", ["x.maillab", "x.maillab.gz"])
def test_every_call_fails(tmp_path: Path, name: str) -> None:
    """It says so once, and what there is can be played to where it ends."""
    folder, struck = tmp_path / "sessions", 0
    folder.mkdir()
    with broken_disk(folder) as disk:
        for kind in MAY_SAY:
            for at in range(100):
                if not record(disk, folder, name, kind, at):
                    break
                struck += 1
    assert struck > 20
