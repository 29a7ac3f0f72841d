"""A line that somebody pastes."""

from base64 import b64encode

from maillab.views.fields.typed import fields_of_line
from tests.views.fields.words import told


def parts(line, lang="en"):
    return told(fields_of_line(line, lang))


def test_commands():
    """With and without the mark of a transcript before them."""
    assert "SIZE=12" in parts("C: MAIL FROM:<a@b.test> SIZE=12")
    assert "me.test" in parts("EHLO me.test")
    login = b64encode(b"\0alice\0hunter2").decode()
    assert "alice" in parts(f"AUTH PLAIN {login}")["base64"]
    assert "hunter2" not in str(fields_of_line(f"AUTH PLAIN {login}"))


def test_replies():
    """Digit by digit; what a server offers by its value."""
    assert "5.1.1" in parts("550 5.1.1 No such user")
    assert parts("250-SIZE 1000000")["SIZE"].startswith("At most 1.0 MB")
    assert parts("250-SIZE 1000000", "vi")["SIZE"].startswith("Mỗi lá thư")


def test_header_fields():
    """Those that carriers write; of others nothing is known here."""
    line = "Received: from a by b with ESMTPS id 1; Mon, 30 Nov 2026 09:34:53 +0000"
    assert parts(line)["ESMTPS"] == "protocol"
    assert "No such mailbox" in parts("Status: 5.1.1")["Status: 5.1.1"]
    assert parts("Subject: hello") == {}


def test_words():
    """A word alone, or what nobody says on a wire, has no fields."""
    assert parts("550") == parts("QUIT") == parts("MX record") == parts("") == {}
