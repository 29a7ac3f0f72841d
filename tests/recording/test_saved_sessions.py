"""The sessions that are saved in a folder."""

import os
from pathlib import Path

from maillab.recording.saved_sessions import saved, stem


def test_what_is_there(tmp_path: Path) -> None:
    """Sessions, packed or not, the newest first, with their sizes; nothing else, and nothing of no folder."""
    for day, name in enumerate(("old.maillab.gz", "new.maillab", "notes.txt", "gone.maillab.part")):
        (tmp_path / name).write_bytes(b"x" * day)
        os.utime(tmp_path / name, (day, day))
    assert [(one.path.name, one.octets, one.changed) for one in saved(tmp_path)] == [
        ("new.maillab", 1, 1.0),
        ("old.maillab.gz", 0, 0.0),
    ]
    assert saved(tmp_path / "none") == []
    others = [
        tmp_path / name for name in ("../" + tmp_path.name + "/new.maillab", "notes.txt", "gone.maillab", "notes.txt")
    ]
    assert [one.path.name for one in saved(tmp_path, others)] == ["notes.txt", "new.maillab", "old.maillab.gz"]


def test_names() -> None:
    """A dot belongs to the name; the ends that say what it is do not."""
    assert [stem(Path(name)) for name in ("a.b.maillab.gz", "a.maillab", "a.gz")] == ["a.b", "a", "a"]
