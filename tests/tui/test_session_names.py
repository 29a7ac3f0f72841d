"""What a new session is called."""

from datetime import UTC, datetime

from maillab.tui.session_names import new_path

NOW = datetime(2026, 11, 30, 9, 34, tzinfo=UTC)


def test_by_its_subject(tmp_path):
    """The day and the first words of the subject; nothing of it leads out of the folder."""
    assert new_path(tmp_path, NOW, "Hello from the lab").name == "2026-11-30 Hello from the lab.maillab"
    odd = new_path(tmp_path, NOW, "../../etc/x\x00\x1b" + "y" * 200)
    assert odd.parent == tmp_path
    assert len(odd.name) < 70
    assert new_path(tmp_path, NOW, "Chào bạn").name == "2026-11-30 Chào bạn.maillab"


def test_without_a_subject(tmp_path):
    """The time of day."""
    assert new_path(tmp_path, NOW, " / ").name == "2026-11-30 09.34.maillab"


def test_never_one_that_is_taken(tmp_path):
    """A number tells the second from the first."""
    new_path(tmp_path, NOW, "Hello").write_text("x")
    assert new_path(tmp_path, NOW, "Hello").name == "2026-11-30 Hello (2).maillab"
