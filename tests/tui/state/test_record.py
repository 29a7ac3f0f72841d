"""The record of the living lab."""

from maillab.tui.state.record import RecordKeeping


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
