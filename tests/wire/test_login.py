"""SASL as the client speaks it, against the other side of the libraries."""

import hmac
from typing import Any

import pytest
import scramp

from maillab.wire.login import MECHANISMS, ClientLogin, LoginError, strongest


def server_of(password: str) -> Any:
    """A server that knows alice."""
    mechanism = scramp.ScramMechanism("SCRAM-SHA-256")
    known = mechanism.make_auth_info(password, iteration_count=4096)
    return mechanism.make_server(lambda user: known)


def test_scram_proves_both_sides() -> None:
    """Client and server convince each other, and the password is in no message."""
    server, login = server_of("sécret"), ClientLogin("SCRAM-SHA-256", "alice", "sécret")
    assert login.initial is not None
    server.set_client_first(login.initial.decode())
    final = login.answer(server.get_server_first().encode())
    server.set_client_final(final.decode())

    assert login.answer(server.get_server_final().encode()) == b""
    login.finish()


def test_scram_does_not_believe_a_server_without_proof() -> None:
    """A server that says yes before it has shown that it knows the password is not believed."""
    server, login = server_of("secret"), ClientLogin("SCRAM-SHA-256", "alice", "secret")
    assert login.initial is not None
    server.set_client_first(login.initial.decode())
    login.answer(server.get_server_first().encode())

    with pytest.raises(LoginError):
        login.finish()


@pytest.mark.parametrize(
    "first", [b"", b"r=x,s=AAAA,i=4096", b"r=x,s=AAAA,i=999999999", b"\xff", b"e=other-error", b"r=,s=,i="]
)
def test_scram_refuses_a_wrong_challenge(first: bytes) -> None:
    """Nonsense, a foreign nonce and unbounded work all end the exchange."""
    with pytest.raises(LoginError):
        ClientLogin("SCRAM-SHA-256", "alice", "secret").answer(first)


def test_cram_md5_of_the_rfc() -> None:
    """The example of RFC 2195 §2 comes out as printed there."""
    login = ClientLogin("CRAM-MD5", "tim", "tanstaaftanstaaf")

    assert login.initial is None
    said = login.answer(b"<1896.697170952@postoffice.reston.mci.net>")
    assert said == b"tim b913a602c7eda7a495b4e6e7334d3890"
    assert (
        said.split()[1].decode()
        == hmac.new(b"tanstaaftanstaaf", b"<1896.697170952@postoffice.reston.mci.net>", "md5").hexdigest()
    )
    login.finish()


def test_login_says_name_then_password() -> None:
    """LOGIN ignores what the prompts say."""
    login = ClientLogin("LOGIN", "alice", "secret")

    assert [login.initial, login.answer(b"Username:"), login.answer(b"?")] == [None, b"alice", b"secret"]
    with pytest.raises(LoginError, match="more than"):
        login.answer(b"And your shoe size?")


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_names_that_cannot_be_said(mechanism: str) -> None:
    """A lone surrogate is refused before anything is said."""
    with pytest.raises(ValueError, match=r"surrogate|SCRAM"):
        ClientLogin(mechanism, "alice", "\udce9")


def test_plain_refuses_nul() -> None:
    """NUL separates the fields of PLAIN and cannot be in one."""
    with pytest.raises(LoginError):
        ClientLogin("PLAIN", "alice\0bob", "x")


def test_the_strongest_is_chosen() -> None:
    """The order is SCRAM-SHA-256, CRAM-MD5, PLAIN, LOGIN, whatever the server's is."""
    assert list(MECHANISMS) == ["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"]
    assert strongest("LOGIN PLAIN SCRAM-SHA-256 CRAM-MD5") == "SCRAM-SHA-256"
    assert strongest("") == ""
