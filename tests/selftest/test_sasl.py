"""Whoever knows the password comes in by every mechanism; who does not, does not."""

import base64
import contextlib

import pytest

from maillab.selftest.claim import Lie
from maillab.selftest.sasl import log_in
from maillab.wire.sasl import MECHANISMS, SaslExchange, SaslVerdict
from tests.recipient.shelf import People


class Refused(Exception):
    """The server lets nobody in with this password."""


def verdict(mechanism, password):
    """What the server thinks at the end."""
    exchange, verdicts = SaslExchange(mechanism, People(), nonce="nonce"), []

    def ask(response):
        step = exchange.step(None if response is None else base64.b64decode(response))
        if isinstance(step, SaslVerdict):
            verdicts.append(step.user)
            if step.user is None:
                raise Refused
            return None
        return base64.b64encode(step)

    with contextlib.suppress(Refused):
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


@pytest.mark.parametrize(("mechanism", "challenges"), [("SCRAM-SHA-256", 0), ("SCRAM-SHA-256", 1), ("SCRAM-SHA-256", 2),
                                                       ("PLAIN", 0), ("LOGIN", 1), ("CRAM-MD5", 0)])  # fmt: skip
def test_a_server_that_proves_nothing(mechanism, challenges):
    """One that lets somebody in before its own last word, as one that does not know the password would, lies."""
    exchange = SaslExchange(mechanism, People(), nonce="nonce")
    said = []

    def ask(response):
        said.append(response)
        if len(said) > challenges:
            return None
        return base64.b64encode(exchange.step(None if response is None else base64.b64decode(response)))

    with pytest.raises(Lie, match="before its last challenge"):
        log_in(mechanism, "bob", "bob", ask)
    assert len(said) == challenges + 1
