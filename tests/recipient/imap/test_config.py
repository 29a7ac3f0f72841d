"""What holds for every talk: the limits fit together."""

from maillab.recipient.imap import config
from maillab.wire.sasl import MECHANISMS, RESPONSE_OCTETS


def test_limits_fit_together():
    """A response of a login fits into a line; who has logged in may say more than who has not."""
    assert config.LINE_BEFORE >= RESPONSE_OCTETS
    assert config.LINE_BEFORE < config.LINE_INSIDE
    assert config.LITERAL_BEFORE < config.LITERAL_INSIDE <= config.COMMAND_INSIDE


def test_mechanisms_are_known():
    """Every mechanism that is offered is one of ours."""
    assert set(config.MECHANISMS) <= set(MECHANISMS)
