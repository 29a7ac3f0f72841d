"""What two ends agreed on when TLS began, and the certificate that the server showed."""

import asyncio
import ssl
import warnings
from datetime import UTC, datetime

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from maillab.events import Certificate
from maillab.wire.certificate import Handshake, handshake_of, read_certificate
from maillab.wire.tls import Issuer, unverified

ISSUER = Issuer.new()
NAMES = ("mx.a.test", "mail.a.test", "localhost", "127.0.0.1")
LABS = Certificate(
    "O=maillab, OU=a server of a laboratory, CN=localhost",
    'O=maillab, OU="a laboratory, trust it nowhere else"',
    NAMES,
    "3000-01-01T00:00:00Z",
    by_lab=True,
)


def der(*names: str, ca: trustme.CA | None = None, **more) -> bytes:
    """A certificate for these names."""
    issued = (ca or trustme.CA()).issue_cert(*names, **more)
    return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())


def shaken(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[Handshake, Handshake]:
    """What the server and the client know of their handshake."""

    async def main() -> tuple[Handshake, Handshake]:
        ours: asyncio.Future[Handshake] = asyncio.get_running_loop().create_future()

        def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            ours.set_result(handshake_of(writer.get_extra_info("ssl_object")))
            writer.close()

        listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
        async with listening:
            port = listening.sockets[0].getsockname()[1]
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname="mx.a.test")
            theirs = handshake_of(writer.get_extra_info("ssl_object"))
            writer.close()
            return await ours, theirs

    return asyncio.run(main())


def test_both_ends_know_the_same():
    """The server what it shows, a client what it has checked; by name of the lab's authority both know that it is one."""
    ours, theirs = shaken(ISSUER.server(["mx.a.test", "mail.a.test"]), ISSUER.client())
    assert ours == theirs
    assert ours.certificate == LABS
    assert (ours.version, ours.cipher[:4]) == ("TLSv1.3", "TLS_")


def test_two_labs_show_the_same():
    """Nothing stands in it that is new in every lab, so that two runs of a story are equal."""
    first, _ = shaken(Issuer.new().server(["mx.a.test", "mail.a.test"]), unverified())
    assert first.certificate == LABS


def test_whoever_does_not_check_knows_no_authority():
    """A client that trusts anybody reads what is claimed, and does not say that it is so."""
    _, theirs = shaken(ISSUER.server(["mx.a.test", "mail.a.test"]), unverified())
    assert theirs.certificate is not None
    assert not theirs.certificate.by_lab
    assert theirs.certificate.issuer == LABS.issuer


def test_an_authority_that_is_checked_and_no_lab():
    """Another authority is named, and no lab's."""
    ca = trustme.CA(organization_name="Others", organization_unit_name="us")
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca.issue_cert("mx.a.test").configure_cert(server)
    ca.configure_trust(client)
    ours, theirs = shaken(server, client)
    assert ours.certificate is None  # nobody has told us what this context shows
    assert theirs.certificate is not None
    assert (theirs.certificate.issuer, theirs.certificate.names) == ("O=Others, OU=us", ("mx.a.test",))
    assert not theirs.certificate.by_lab


def test_without_tls_there_is_nothing():
    """No handshake, no facts."""
    assert handshake_of(None) == ("", "", None)


def test_what_it_says_is_bounded():
    """Long names and very many of them are cut."""
    long = read_certificate(der(*(f"host-{n}.a.test" for n in range(300)), organization_name="x" * 60, common_name="b"))
    assert long is not None
    assert len(long.names) == 20
    names = [f"{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.test"]
    wide = read_certificate(der(*names))
    assert wide is not None
    assert [len(name) for name in wide.names] == [200]
    assert read_certificate(b"\x30" * 70_000) is None


@given(st.binary(max_size=60), st.integers(0, 2000))
def test_no_certificate_is_too_hostile(octets, at):
    """Whatever is shown, it is read as far as it can be, without an error or a warning."""
    place = at % len(GOOD)
    spoilt = GOOD[:place] + octets + GOOD[place + len(octets) :]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_certificate(spoilt)
        assert read_certificate(octets) is None
    for text in (found.subject, found.issuer, found.until, *found.names) if found is not None else ():
        assert len(text) <= 200


GOOD = der("mx.a.test", "10.0.0.1", not_after=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_the_moment_and_the_addresses():
    """As plain text."""
    found = read_certificate(GOOD)
    assert found is not None
    assert (found.names, found.until) == (("mx.a.test", "10.0.0.1"), "2030-01-02T03:04:05Z")


@pytest.mark.parametrize(
    ("server", "name"), [("mail.a.test", "mail.a.test"), ("other.test", "mx.a.test"), ("", "mx.a.test")]
)
def test_the_name_to_show(server, name):
    """That of the server who was asked, or else the first."""
    assert LABS.name(server) == name
    assert Certificate("CN=a.test", "", (), "").name(server) == "CN=a.test"
