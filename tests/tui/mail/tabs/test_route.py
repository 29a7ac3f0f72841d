"""The way that a message came."""

import pytest

from tests.tui.mail.tabs.samples import EN, MESSAGE, lines_of

FIELD = "Received: from {} by {} with {} id 1; Mon, 23 Nov 2026 10:00:{:02} +0000\r\n"


def test_the_order_of_the_header():
    """Newest first, as in the message: number 1 is the one that the server of the mailbox wrote."""
    lines = lines_of(MESSAGE, "route")
    assert lines[0] == EN("route.claim")
    assert lines[2] == f" 1 mx.recipient.test  +2 s  {EN('route.trusted')}"
    assert lines[3] == "   from mx.sender.test with ESMTPS id R1  (encrypted)"
    assert lines[4] == "   2026-11-23 10:00:02 UTC"
    assert lines[6] == " 2 mx.sender.test"
    assert lines[7].endswith("(encrypted, logged in)")
    assert lines[-1] == EN("route.total", took="+2 s")


def test_clocks_that_differ():
    """A server that has a message before the one it had it from has another clock: that is said as it is."""
    octets = (FIELD.format("b", "c", "ESMTP", 1) + FIELD.format("a", "b", "SMTP", 9) + "\r\n").encode()
    assert " 1 c  −8.0 s" in lines_of(octets, "route")[2]


def test_no_way():
    """A message that no server has had says so."""
    assert lines_of(b"\r\nhi", "route") == [EN("route.none")]


@pytest.mark.parametrize(
    "date", [b"", b"never", b"Mon, 1 Jan 99999999999 00:00:00 +0000", b"Mon, 1 Jan 1 00:00:00 +0000"]
)
def test_without_a_date(date):
    """A date that no calendar has is none, and nothing breaks (T244)."""
    lines = lines_of(b"Received: from a by b; " + date + b"\r\n\r\n", "route")
    assert any(EN("route.no_date") in line for line in lines) or b" 1 " in date
