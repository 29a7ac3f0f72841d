"""Replies in the words of another program."""

import pytest

from maillab.mail.reply import Reply
from maillab.wire.strings import STRINGS
from tests.wire.test_smtp_config import config

USUAL = Reply(250, "2.0.0", ("Ours",))


@pytest.mark.parametrize("name", STRINGS)
def test_each_row_can_be_said(tmp_path, name):
    """Every text of SMTP begins with a code and takes one value; what stands in the value is not looked at."""
    for moment, text in STRINGS[name].items():
        if not moment.startswith("POP3"):
            assert config(tmp_path, strings=STRINGS[name]).worded(moment, USUAL, "{0}").text == text.replace(
                "{}", "{0}"
            )


def test_other_moments_are_ours(tmp_path):
    """A moment for which the other program has no words keeps our reply."""
    assert config(tmp_path, strings=STRINGS["test-mail-server"]).worded("goodbye", USUAL) is USUAL
    assert config(tmp_path).worded("greeting", USUAL) is USUAL
