"""A message that was opened."""

from maillab.tui.mail.tabs.opened import LINES, body_lines, label, opened, unread


def test_opening():
    """What is understood of it stands beside its bytes; of one that takes too long there are only the bytes."""
    octets = b"Subject: hi\r\n\r\nwords"
    assert opened(octets).message.header("subject") == "hi"
    assert (unread(octets).octets, unread(octets).message.fields) == (octets, ())
    assert opened(octets) != opened(octets)


def test_lines_of_a_body():
    """Quoted lines are dim, tabs are blanks, and there is an end."""
    assert [line[0] for line in body_lines("a\tb\n> c")] == [("plain", "a       b"), ("dim", "> c")]
    assert len(body_lines("\n" * 100_000)) == LINES


def test_labels():
    """What stands before a value has a column of its own."""
    assert label("To") == ("dim", "To        ")
