"""The table of limits."""

from maillab.wire.limits import Limits


def test_defaults_are_within_what_the_rfcs_ask():
    """No default is below what RFC 5321 §4.5.3 asks every server to bear."""
    limits = Limits()
    assert limits.recipients >= 100
    assert limits.command >= 300
    assert limits.block >= 180
    assert limits.line >= 998
