"""What a new session is called."""

from datetime import UTC, datetime

from maillab.events import Carried, Entry, Side
from maillab.mail.content import Content
from maillab.tui.playing.session_names import name_of, new_path, shortened, untimed, with_subject
from tests.recording.told import record, told

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


def test_after_its_first_message(tmp_path):
    """When it is whole it gets the subject; without a message it keeps the name that it has."""
    path = tmp_path / "2026-11-30 09.34.maillab"
    path.write_text("x")
    assert with_subject(path, NOW, record("S: 220 hi")) == path
    expected = name_of(path, NOW, told("seven-steps"))
    named = with_subject(path, NOW, told("seven-steps"))
    assert named.name == "2026-11-30 Hello from the laboratory.maillab"
    assert named.read_text() == "x"
    assert named.name == expected
    assert with_subject(path, NOW, told("seven-steps")) == path  # it is not there any more


def test_the_second_of_one_lab(tmp_path):
    """It begins like the first: it is called after the newest message, what is new in it; else a number is told."""
    contents = [Content(b"Subject: Hello\r\n\r\n"), Content(b"Subject: Re: Hello\r\n\r\n")]
    entries = [Entry(n, float(n), Carried("submit-1", Side.CLIENT, content)) for n, content in enumerate(contents, 1)]
    names = []
    for length in (1, 2, 2):
        path = tmp_path / "2026-11-30 09.34.maillab"
        path.write_text("x")
        names.append(with_subject(path, NOW, entries[:length]).stem)
    assert names == ["2026-11-30 Hello", "2026-11-30 Re Hello", "2026-11-30 Hello (2)"]


def test_the_day_stands_once():
    """A name that begins with the day that stands behind it is shown without it; one that is only a time is kept."""
    noon = datetime(2026, 11, 30, 12).astimezone().timestamp()
    assert untimed("2026-11-30 Hello from the lab", noon) == "Hello from the lab"
    assert untimed("2026-11-29 Hello", noon) == "2026-11-29 Hello"
    assert untimed("2026-11-30 09.34", noon) == "2026-11-30 09.34"


def test_sessions_of_one_name_are_told_apart():
    """Where there is little room a name is cut before its number."""
    assert shortened("Hello from the lab (12)", 13) == "Hello f… (12)"
    assert shortened("(2) Hello from the lab", 8) == "(2) Hel…"
