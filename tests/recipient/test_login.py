"""The ways to log in that only POP3 has, one by one; the conversations around them are in tests/dialogues."""

import hashlib

import pytest

from maillab.recipient.login import MailboxLogin
from maillab.recipient.phrases import No
from maillab.wire.auth import Proof
from tests.recipient.shelf import Shelf, config

BOB = "bob@recipient.test"


@pytest.fixture
def login():
    return MailboxLogin(config(Shelf()))


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
    """Two talks at one service have two stamps."""  # T193
    desk = config(Shelf())

    assert [MailboxLogin(desk).stamp, MailboxLogin(desk).stamp] == [
        "<n1@mail.recipient.test>",
        "<n2@mail.recipient.test>",
    ]


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
