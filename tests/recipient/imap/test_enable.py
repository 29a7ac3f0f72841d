"""ENABLE: what a client must ask for."""

import pytest

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


@pytest.mark.parametrize(
    "command",
    [b"FETCH 1 MODSEQ", b"FETCH 1 FLAGS (CHANGEDSINCE 1)", b"STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)", b"SEARCH MODSEQ 1",
     b"STATUS Sent (HIGHESTMODSEQ)", b"ENABLE CONDSTORE", b"ENABLE QRESYNC"],
)  # fmt: skip
def test_from_where_on_modseq_is_told(command):
    """Whatever switches CONDSTORE on while a folder is selected tells how far that folder is; it does so once."""
    stage = Stage(["selected"])
    assert stage.heard(b"a " + command + b"\r\n")[0] == b"* OK [HIGHESTMODSEQ 4] The latest change\r\n"
    assert not any(b"HIGHESTMODSEQ 4]" in line for line in stage.heard(b"b FETCH 1 MODSEQ\r\n"))
