"""The record of the living lab."""

from pathlib import Path

from maillab.tui.state.record import OnRecord, RecordKeeping


def test_what_this_run_has_saved(tmp_path):
    """Files that are still there; whoever shows them is told of every change."""
    kept, gone = tmp_path / "a.maillab", tmp_path / "b.maillab"
    kept.touch()
    records = RecordKeeping()
    records.finished(kept)
    records.finished(gone)
    assert records.kept == [kept]
    assert records.version == 2
    records.changed()
    assert records.version == 3


def test_how_much_is_in_it():
    """As long as the session will be, which begins with the first that happened in the lab; hours and days, too."""
    record = OnRecord(Path("a.maillab"), 100.0)
    assert [record.length(now) for now in (90.0, 112.9, 3800.0, 432_599.0)] == [
        "00:00",
        "00:12",
        "01:01:40",
        "5d 00:08:19",
    ]
