"""Whoever knows the password comes in by every mechanism; who does not, does not."""

import base64

import pytest

from maillab.selftest.claim import Lie
from maillab.selftest.sasl import log_in
from maillab.wire.sasl import MECHANISMS, SaslExchange, SaslVerdict
from tests.recipient.shelf import People


def verdict(mechanism, password):
    """What the server thinks at the end."""
    exchange, verdicts = SaslExchange(mechanism, People(), nonce="nonce"), []

    def ask(response):
        step = exchange.step(None if response is None else base64.b64decode(response))
        if isinstance(step, SaslVerdict):
            verdicts.append(step.user)
            return None
        return base64.b64encode(step)

    log_in(mechanism, "bob", password, ask)
    return verdicts


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_it_lets_somebody_in(mechanism):
    """With the right password, and with no other."""
    assert verdict(mechanism, "bob") == ["bob@recipient.test"]
    assert verdict(mechanism, "wrong") == [None]


@pytest.mark.parametrize(
    ("mechanism", "challenges"),
    [("PLAIN", [b"", b""]), ("SCRAM-SHA-256", [b"", b"bm90aGluZw=="]), ("PLAIN", [b"*"]), ("XOAUTH2", [])],
    ids=["one more", "no SCRAM", "no base64", "unknown"],
)
def test_what_is_no_exchange(mechanism, challenges):
    """A server that says something else is told so."""
    waiting = list(challenges)
    with pytest.raises(Lie):
        log_in(mechanism, "bob", "bob", lambda _: waiting.pop(0))
