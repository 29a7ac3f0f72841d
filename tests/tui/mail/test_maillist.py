"""The list of messages."""

from dataclasses import replace

import pytest

from maillab.client.local_store import LocalMessage, MailFolder
from maillab.tui.looks.sink import ascii_cells, width
from maillab.tui.mail.maillist import ListColumns, columns_of, is_report, other_name, row, title, when
from maillab.tui.state.server_mail import ANSWERED, DELETED, FLAGGED, SEEN, SENT, ServerFolder, ServerMessage
from maillab.tui.texts import Texts
from tests.tui.state.test_server_mail import BOB, remote

EN, VI = Texts("en"), Texts("vi")
NOW = 1_700_000_000.0  # 14 November 2023, 22:13 UTC


def message(number=1, **changes):
    fields = {
        "id": number, "account": "bob@x.test", "folder": MailFolder.INBOX, "uidl": "", "seen": False, "doomed": False,
        "octets": 1_234, "stored": NOW, "sender": "Alice <alice@x.test>", "recipient": "bob@x.test",
        "subject": f"Message {number}", "at": None, "files": 0,
    }  # fmt: skip
    return LocalMessage(**(fields | changes))


def line(one, cells=94, **options):
    return "".join(text for _, text in row(one, cells, NOW, EN, replace(columns_of([one]), **options)))


def test_nothing_is_counted_where_nothing_is():
    """Of no message at all none was found: the search alone says so."""
    assert title("bob@x.test", MailFolder.INBOX, (0, 0), "hello", EN)[1:] == [("hello", "search")]
    assert title("bob@x.test", MailFolder.INBOX, (0, 2), "hello", EN)[2] == ("0 of 2", "")


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_line():
    """New ones have a dot, those that are to be deleted another sign; files are counted; the date is its own."""
    assert line(message(at=NOW - 86_400)).startswith("● 13 Nov 22:13 Alice <alice@x.test>")
    assert line(message(files=2)).endswith("1.2 kB   + 2")
    assert line(message(seen=True)).startswith("  no date")
    assert line(message(doomed=True)).startswith("✗ ")
    assert EN("messages.no_subject") in line(message(subject=""))
    assert "dave@x.test" in line(message(folder=MailFolder.SENT, recipient="dave@x.test"))


def test_marks():
    """Important and answered messages on the server are marked, the others keep the room free; so it is in ASCII."""
    marked, other = (
        ServerMessage("bob@x.test", ServerFolder(), 7, remote(3, *flags)) for flags in ((FLAGGED, ANSWERED), ())
    )
    assert line(marked).startswith("● !← no date")
    assert ascii_cells(line(marked)).startswith("* !< no date")
    assert line(other, marks=True).startswith("●    no date")
    assert line(other).startswith("● no date")
    assert line(ServerMessage("bob@x.test", ServerFolder(), 7, remote(3, SEEN, DELETED))).startswith("✗ ")
    assert BOB in line(ServerMessage("bob@x.test", ServerFolder("Sent", SENT), 7, remote(3)))


@pytest.mark.parametrize("cells", [30, 58, 78, 94, 200])
def test_room(cells):
    """A line takes the room that there is, whatever stands in it."""
    for one in (message(subject="日本" * 60), message(sender="x" * 300, files=999, octets=99_999_999)):
        for named in (0, 30):
            columns = ListColumns(300, 300, named, 300, 8, files=bool(one.files))
            assert width(row(one, max(cells, 54), NOW, EN, columns)) <= max(cells, 54)


def test_dates():
    """The date that the message has; where it has none, or none of any calendar, that is said; another year, too."""
    assert when(message(at=NOW - 400 * 86_400), NOW, EN) == "10 Oct 2022"
    assert when(message(at=None), NOW, EN) == "no date"
    assert when(message(at=1e18), NOW, EN) == "no date"
    assert when(message(at=NOW - 9 * 86_400), NOW, VI) == " 5/11 22:13"


def test_reports_stand_out():
    """A bounce is known at a glance, whatever name the server gives itself."""
    bounce = message(sender="Mail Delivery System <MAILER-DAEMON@sender.test>", subject="Undelivered")
    assert is_report(bounce)
    assert is_report(message(sender=""))
    assert not is_report(message())
    assert "◀ Undelivered" in line(bounce)


def test_for_other_names():
    """Where messages were for another address than the mailbox's own, a column says for which."""
    caught = message(delivered_to="app@example.com")
    assert other_name(caught) == "app@example.com"
    assert other_name(message(delivered_to="Bob@x.test")) == ""
    assert "app@example.com" in line(caught)


def test_columns():
    """A list has only the columns that its messages have something for, as wide as the longest of it."""
    plain = ListColumns(who=22, address=14, subject=9, size=8)
    assert columns_of([]) == ListColumns()
    assert columns_of([message(), message(sender="x@x.test")]) == plain
    assert columns_of([message(), message(files=1)]) == replace(plain, files=True)
    assert columns_of([message(delivered_to="app@example.com")]) == replace(plain, for_whom=17)


def test_nothing_is_cut_beside_free_cells():
    """Where all of it has room, all of it is there; where not, what one column does not need is for the others."""
    one = message(sender="alice@sender.test", subject="Hello from the laboratory", delivered_to="app@example.com")
    for cells in (86, 120):
        shown = line(one, cells)
        assert all(text in shown for text in (one.sender, one.subject, one.delivered_to))
        assert "…" not in shown
    named = message(sender="Alice <alice@sender.test>", subject=one.subject)
    assert "alice@sender.test  Hello from the laboratory" in line(named, 70)
    assert named.sender in line(named, 80)


def test_the_border():
    """Whose folder it is and how many there are; while a search holds, what is searched and how many were found."""
    assert title("bob@x.test", MailFolder.INBOX, (502, 502), "", EN) == [("bob · Inbox", ""), ("502", "")]
    assert title("bob@x.test", MailFolder.SENT, (1, 502), "welcome", EN) == [
        ("bob · Sent", ""),
        ("welcome", "search"),
        ("1 of 502", ""),
    ]


def test_hostile_fields():
    """What a stranger wrote is text, and nothing more (T260, T265)."""
    shown = line(message(sender="\x1b]0;PWN\x07[@click=app.bell]x[/]", subject="\u202e[/nope]"), 120)
    assert "␛]0;PWN␇[@click" in shown
    assert "⟨202E⟩[/nope]" in shown
