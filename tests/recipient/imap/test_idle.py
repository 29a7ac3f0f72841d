"""IDLE: what the dialogue of its name does not say."""

import pytest

from tests.recipient.imap.staging import Stage


@pytest.mark.parametrize("words", [["logged in"], ["selected"]])
def test_done_in_any_spelling(words):
    """IDLE is possible without a folder, and ends with DONE in any case and with any line end."""
    stage = Stage(words)
    assert stage.heard(b"a IDLE\r\n") == [b"+ Waiting for DONE\r\n"]
    stage.bell.ring()
    stage.feed(b"")
    assert stage.heard(b"Done\n") == [b"a OK No longer waiting\r\n"]


def test_what_happened_before_is_told_first():
    """What had happened while nobody asked is told when IDLE begins."""
    stage = Stage(["selected"])
    stage.happens(["goes", "1"])
    assert stage.heard(b"a IDLE\r\n") == [b"+ Waiting for DONE\r\n", b"* 1 EXPUNGE\r\n"]
