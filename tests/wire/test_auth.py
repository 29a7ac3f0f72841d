"""AUTH around the mechanisms, as both protocols have it; the conversations are in tests/dialogues."""

import base64
import itertools

import pytest

from maillab.events import Authenticated
from maillab.wire.auth import Auth, AuthError, Outcome, Problem, Proof, judged
from maillab.wire.sasl import MECHANISMS
from maillab.wire.turns import Decided, WrongPassword
from tests.wire.talking import Everyone

ALICE = "alice@local.test"
GOOD = base64.b64encode(b"\0alice\0secret")


@pytest.fixture
def auth():
    tokens = itertools.count(1)
    return Auth(Everyone(), MECHANISMS, lambda: f"n{next(tokens)}")


def test_plain_with_and_without_an_initial_response(auth):
    """PLAIN asks with an empty challenge, or takes the response at once; the answer is a proof."""
    assert auth.begin("plain", None) == b""
    assert auth.under_way
    assert auth.respond(GOOD + b"\r\n") == Proof(ALICE, "PLAIN")
    assert not auth.under_way
    assert auth.begin("PLAIN", GOOD) == Proof(ALICE, "PLAIN")


@pytest.mark.parametrize(
    ("response", "problem"),
    [(b"*\r\n", Problem.GIVEN_UP), (b"=\r\n", Problem.BASE64), (b"\xff\n", Problem.BASE64)],
)
def test_a_response_that_is_none_ends_the_exchange(auth, response, problem):
    """What is no base64, and the client's *, end the exchange: no password was tried."""  # T119
    auth.begin("PLAIN", None)
    with pytest.raises(AuthError) as caught:
        auth.respond(response)
    assert caught.value.problem is problem
    assert not auth.under_way


def test_an_empty_response_is_wrong_not_malformed(auth):
    """An empty response is one: `=` where it is initial (T119)."""
    auth.begin("PLAIN", None)
    assert auth.respond(b"\r\n") == Proof(None, "PLAIN")
    assert auth.begin("PLAIN", b"=") == Proof(None, "PLAIN")


def test_mechanisms(auth):
    """Each mechanism that is offered begins; another is refused."""
    for name in MECHANISMS:
        assert isinstance(auth.begin(name, None), bytes)
    for name in ("KERBEROS", "", "\ufffd"):
        with pytest.raises(AuthError, match="mechanism"):
            auth.begin(name, None)


def test_a_mechanism_that_begins_with_the_server_takes_no_initial_response(auth):
    """RFC 4954 section 4."""
    with pytest.raises(AuthError, match="server_first"):
        auth.begin("CRAM-MD5", b"=")


def test_an_exchange_can_be_forgotten(auth):
    """A line that was too long to be heard ends the exchange."""
    auth.begin("LOGIN", None)
    auth.forget()
    assert not auth.under_way


def judge(proof, more):
    """The turns that follow from a proof, and the outcome, when the driver says whether `more` guesses are borne."""
    turns, played, result = judged("t", proof), [], None
    try:
        while True:
            played.append(turns.send(result))
            result = more
    except StopIteration as end:
        return played, end.value


def test_a_right_password_is_written_down():
    """Who proves who they are is in."""
    proof = Proof(ALICE, "PLAIN")
    assert judge(proof, None) == ([Decided(Authenticated("t", ALICE, "PLAIN"))], Outcome.IN)


@pytest.mark.parametrize(("more", "outcome"), [(True, Outcome.AGAIN), (False, Outcome.TOO_MANY)])
def test_a_wrong_password_waits(more, outcome):
    """Who guesses waits, and has only so many guesses."""
    assert judge(Proof(None, "PLAIN"), more) == ([WrongPassword()], outcome)
