"""What one SMTP service offers."""

import pytest

from maillab.mail.reply import Reply
from maillab.protocols.services import SMTP
from maillab.wire.reception import Caller
from maillab.wire.smtp_config import SmtpConfig, capabilities, may_authenticate
from maillab.wire.strings import STRINGS
from tests.wire.talking import Clerk, Everyone


def config(tmp_path, **options):
    return SmtpConfig("mx.local.test", "local.test", Clerk(), tmp_path, **options)


def words(config, **caller):
    return [word.partition(" ")[0] for word in capabilities(config, Caller("t", "p", **caller))]


def test_capabilities_follow_the_state(tmp_path):
    """STARTTLS and AUTH are offered exactly while they work (T113, T116)."""
    both = config(tmp_path, people=Everyone(), tls=True)
    assert "STARTTLS" in words(both)
    assert "AUTH" not in words(both)
    assert "STARTTLS" not in words(both, secure=True)
    assert "AUTH" in words(both, secure=True)
    assert "AUTH" not in words(both, secure=True, user="alice@local.test")
    assert "AUTH" in words(config(tmp_path, people=Everyone(), plaintext_auth=True))


def test_nobody_logs_in_where_nobody_lives(tmp_path):
    """Without people AUTH is impossible, TLS or not."""
    assert not may_authenticate(config(tmp_path, plaintext_auth=True), Caller("t", "p", secure=True))


@pytest.mark.parametrize("extension", SMTP.extensions)
def test_an_extension_that_is_switched_off_is_not_announced(tmp_path, extension):
    """What stands under `without` is not announced; all other extensions are."""
    options = {"people": Everyone(), "plaintext_auth": True, "tls": True, "dsn": True}
    assert set(words(config(tmp_path, without=frozenset({extension}), **options))) == set(SMTP.extensions) - {extension}


def test_dsn_is_offered_only_where_reports_are_made(tmp_path):
    """A machine that makes no delivery reports leaves them to the one before."""
    assert "DSN" not in words(config(tmp_path))
    assert not config(tmp_path).offers("DSN")
    assert config(tmp_path, dsn=True).offers("DSN")


def test_the_words_of_another_program(tmp_path):
    """Replies are in another program's words where it has some."""
    usual = Reply(250, "2.1.0", ("Sender ok",))
    assert config(tmp_path).worded("sender", usual) == usual
    other = config(tmp_path, strings=STRINGS["test-mail-server"])
    assert other.worded("sender", usual, "a@a.test").text == "250 sender <a@a.test> OK"
