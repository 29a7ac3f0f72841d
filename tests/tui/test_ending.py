"""The end of the window by a fault."""

from maillab.tui.ending import WindowEnd, is_ours
from tests.tui.fake_ui import context, living


def test_a_fault_of_ours(tmp_path):
    """What is left behind tells where it happened, and nothing of what anybody typed or sent (T280)."""
    (tmp_path / "lab").mkdir()
    ending = WindowEnd(context(tmp_path), lambda: None)
    password = "hunter2"
    try:
        raise KeyError(password)
    except KeyError as error:
        ending.crashed(error)
    report = (tmp_path / "lab" / "crash.txt").read_text()
    assert "test_ending.py" in report
    assert report.rstrip().endswith("KeyError")
    assert "hunter2" not in report + ending.crash_report
    assert (tmp_path / "lab" / "crash.txt").stat().st_mode & 0o077 == 0


def test_whose_words_are_told():
    """Only of errors that cannot quote a stranger."""
    assert is_ours(AssertionError("x"))
    assert not is_ours(ValueError("x"))


def test_the_last_rites(tmp_path):
    """What is written is kept, and the lab ends, whoever did not come to it."""

    async def story(at):
        WindowEnd(at, lambda: None).last_rites()
        assert not at.host.begun

    living(context(tmp_path), story)
    assert (tmp_path / "lab" / "draft.json").exists()
