"""What EHLO answers."""

import pytest

from maillab.protocols.services import SMTP
from maillab.wire.reception import Caller
from maillab.wire.smtp_capabilities import capabilities, may_authenticate
from tests.wire.talking import Everyone
from tests.wire.test_smtp_config import config


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
    assert "DSN" in words(config(tmp_path, dsn=True))
