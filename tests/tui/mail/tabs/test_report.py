"""A delivery report as a table."""

from maillab.tui.looks.sink import width
from maillab.tui.mail.tabs.report import report_lines
from maillab.tui.texts import Texts
from tests.tui.mail.tabs.samples import EN

REPORT = (
    b"Reporting-MTA: dns; mail.sender.test\r\n\r\nFinal-Recipient: rfc822; nobody@recipient.test\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 "
    + b"no such user "
    * 9
    + b"\r\nX-Own: 1\r\n\r\n"
    b"Final-Recipient: rfc822; bob@recipient.test\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
)


def rows(octets=REPORT, cells=94, texts=EN):
    return ["".join(text for _, text in line) for line in report_lines(octets, texts, cells)]


def test_columns():
    """Name, value and meaning stand beside one another, groups apart, nothing wider than the room."""
    lines = rows()
    status = next(line for line in lines if line.startswith("Status"))
    assert "5.1.1" in status
    assert status.endswith("No such mailbox at that domain.")
    assert lines.count("") == 2
    assert all(width(line) <= 94 for line in report_lines(REPORT, EN, 94))
    assert {line.index("No such") for line in lines if "No such" in line} == {
        line.index("The server gave") for line in lines if "The server gave" in line
    }


def test_what_comes_first():
    """Whom it is about and what became of it comes first, what the server says of itself last."""
    names = [line.split(" ")[0] for line in rows() if line and line[0] != " "]
    assert names[:3] == ["Final-Recipient", "Action", "Status"]
    assert names[-1] == "Reporting-MTA"


def test_where_it_is_narrow():
    """The meaning stands below the value."""
    lines = rows(cells=50)
    assert lines[lines.index("Status               5.1.1") + 1].strip() == "No such mailbox at that domain."


def test_what_it_comes_to():
    """Given up is red, not yet is yellow, as an answer of a server is."""
    found = {(style, text.strip()) for line in report_lines(REPORT, EN, 94) for style, text in line}
    assert {("bad", "failed"), ("bad", "5.1.1"), ("warn", "delayed"), ("warn", "4.4.1")} <= found


def test_other_words():
    """In Vietnamese, too; a report of nothing says so; what acts on a terminal is shown and not obeyed."""
    assert any("Không có hộp thư này" in line for line in rows(texts=Texts("vi")))
    assert rows(b"") == [EN("report.empty")]
    assert "\x1b" not in "".join(rows(b"X-\x1b: \x1b[31m\r\nStatus: 5.\x1b\r\n\r\nAction: \x9b\r\n"))
