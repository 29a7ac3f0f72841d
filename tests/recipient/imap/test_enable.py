"""ENABLE: what a client must ask for."""

from maillab.recipient.imap.session import UTF8
from tests.recipient.imap.staging import Stage


def test_what_is_not_known_is_passed_over():
    """Only what is enabled is named in the answer."""
    stage = Stage(["logged in"])
    assert stage.heard(b"a ENABLE utf8=accept X-Y CONDSTORE\r\n")[0] == b"* ENABLED CONDSTORE UTF8=ACCEPT\r\n"
    assert UTF8 in stage.dialogue.session.enabled


def test_names_in_utf_8():
    """Once UTF-8 is agreed on, names of folders are said in it, both ways."""
    stage = Stage(["logged in"])
    stage.hear(b"a ENABLE UTF8=ACCEPT\r\n")
    stage.hear('b CREATE "Thư"\r\n'.encode())
    assert '* LIST (\\HasNoChildren) "/" "Thư"\r\n'.encode() in stage.heard('c LIST "" "Thư"\r\n'.encode())
