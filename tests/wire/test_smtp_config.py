"""How one SMTP service is set up."""

from maillab.mail.reply import Reply
from maillab.wire.smtp_config import SmtpConfig
from maillab.wire.strings import STRINGS
from tests.wire.talking import Clerk


def config(tmp_path, **options):
    return SmtpConfig("mx.local.test", "local.test", Clerk(), tmp_path, **options)


def test_reports_are_offered_only_where_they_are_made(tmp_path):
    """DSN is an extension of machines that make delivery reports."""
    assert not config(tmp_path).offers("DSN")
    assert config(tmp_path, dsn=True).offers("DSN")


def test_the_words_of_another_program(tmp_path):
    """Replies are in another program's words where it has some."""
    usual = Reply(250, "2.1.0", ("Sender ok",))
    assert config(tmp_path).worded("sender", usual) == usual
    other = config(tmp_path, strings=STRINGS["test-mail-server"])
    assert other.worded("sender", usual, "a@a.test").text == "250 sender <a@a.test> OK"
