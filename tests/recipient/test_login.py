"""The four ways to log in, one by one; the conversations around them are in tests/dialogues."""

import base64
import hashlib

import pytest

from maillab.recipient.login import MECHANISMS, Login, Proof
from maillab.recipient.phrases import No
from tests.recipient.shelf import Shelf, counter

BOB = "bob@recipient.test"


@pytest.fixture
def login():
    return Login(counter(Shelf()))


def test_user_and_pass(login):
    """PASS counts once for each USER, and only with the right password."""
    login.user(b"bob")
    assert login.password(b"wrong") == Proof(None, "USER")
    with pytest.raises(No, match="USER"):
        login.password(b"bob")
    login.user(b"bob@recipient.test")
    assert login.password(b"bob") == Proof(BOB, "USER")


def test_forgotten(login):
    """After TLS has begun the name must be said again."""
    login.user(b"bob")
    login.forget()
    with pytest.raises(No):
        login.password(b"bob")


def test_stamps_differ():
    """Two talks at one counter have two stamps."""  # T193
    desk = counter(Shelf())

    assert [Login(desk).stamp, Login(desk).stamp] == ["<n1@mail.recipient.test>", "<n2@mail.recipient.test>"]


@pytest.mark.parametrize(
    ("name", "secret", "user"),
    [
        (b"bob", "bob", BOB),
        ("tuấn".encode(), "mật khẩu", "tuấn@recipient.test"),
        (b"bob", "x", None),
        (b"mallory", "", None),
        (b"\xff", "", None),
    ],
)
def test_apop(login, name, secret, user):
    """APOP takes the digest of stamp and password; the digest of the stamp alone opens nothing for a stranger."""
    digest = hashlib.md5((login.stamp + secret).encode()).hexdigest().encode()

    assert login.apop(name, digest) == Proof(user, "APOP")
    assert login.apop(name, b"\xff") == Proof(None, "APOP")


def test_auth(login):
    """AUTH PLAIN asks with an empty challenge, and the answer is a proof."""
    assert login.auth(b"plain", None) == b""
    assert login.in_exchange
    assert login.response(base64.b64encode(b"\0bob\0bob")) == Proof(BOB, "PLAIN")
    assert not login.in_exchange


@pytest.mark.parametrize(("response", "why"), [(b"*", "given up"), (b"=", "base64"), (b"\xff", "base64")])
def test_auth_broken_off(login, response, why):
    """A response that is none ends the exchange."""  # T119
    login.auth(b"PLAIN", None)
    with pytest.raises(No, match=why):
        login.response(response)
    assert not login.in_exchange


def test_mechanisms(login):
    """Each mechanism that is offered begins; another is refused with the list."""
    for name in MECHANISMS:
        assert isinstance(login.auth(name.encode(), None), bytes)
    with pytest.raises(No):
        login.auth(b"LOGIN", None)
    with pytest.raises(No):
        login.auth(b"\xff", None)
