"""The lab's certificate authority."""

import contextlib
import ssl

import pytest
import trustme

from maillab.wire.tls import Authority, Issuer, unverified


def test_the_authority_is_made_once_and_kept(tmp_path):
    """The second start finds the certificate of the first; its key is nobody else's business."""
    first = Authority(tmp_path / "ca").certificate.read_bytes()
    again = Authority(tmp_path / "ca")

    assert again.certificate.read_bytes() == first
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ca").iterdir()} == {0o600}
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("empty ca.pem", "damaged"),
        ("empty ca.key", "damaged"),
        ("rubbish ca.key", "damaged"),
        ("no ca.pem", "ca.pem is missing"),
        ("no ca.key", "ca.key is missing"),
        ("folder ca.key", "ca.key is missing"),
        ("other ca.key", "ca.key is not the key of ca.pem"),
    ],
)
def test_half_an_authority(tmp_path, spoil, why):
    """What a killed start, a full disk or a foreign hand left is set aside and said, and a new authority is made."""
    before = Authority(tmp_path / "ca").certificate.read_bytes()
    Authority(tmp_path / "other")
    how, name = spoil.split()
    place = tmp_path / "ca" / name
    match how:
        case "empty":
            place.write_bytes(b"")
        case "rubbish":
            place.write_bytes(b"\xff" * 99)
        case "other":
            (tmp_path / "other" / name).replace(place)
        case _:
            place.unlink()
    if how == "folder":
        place.mkdir()
    found = Authority(tmp_path / "ca")
    [problem] = found.problems

    assert why in problem
    assert "given" in problem  # what a person must do now
    assert found.certificate.read_bytes() != before
    assert list((tmp_path / "ca").glob("*.bad"))
    assert Authority(tmp_path / "ca").problems == ()


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
def test_one_wrong_octet(tmp_path, name):
    """Wherever it is, either it changes nothing, or the authority is set aside: it issues what its clients trust."""
    issuer = Issuer.new()
    for place in range(0, len(issuer.certificate if name == "ca.pem" else issuer.key), 13):
        folder = tmp_path / f"{place}"
        Authority(folder, issuer)
        octets = bytearray((folder / name).read_bytes())
        octets[place] ^= 1 << place % 7
        (folder / name).write_bytes(octets)
        found = Authority(folder, issuer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(found.certificate)
        assert_handshake(context, found.server(["mx.a.test"]))


def assert_handshake(client, server):
    """The client trusts the server."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_hostname="localhost"), server.wrap_bio(there, back, server_side=True)]
    for _ in range(4):
        for end in ends:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
    assert ends[0].version()


def test_a_certificate_that_issues_none(tmp_path):
    """A certificate for a host, put in the authority's place with its key, is noticed before anybody is given one by it."""
    issued = trustme.CA().issue_cert("mx.a.test")
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "ca.pem").write_bytes(issued.cert_chain_pems[0].bytes())
    (tmp_path / "ca" / "ca.key").write_bytes(issued.private_key_pem.bytes())

    assert "may not issue" in Authority(tmp_path / "ca").problems[0]


def test_a_file_where_the_folder_belongs(tmp_path):
    """It is set aside."""
    (tmp_path / "ca").write_text("mine")
    found = Authority(tmp_path / "ca")

    assert str(tmp_path / "ca.bad") in found.problems[0]
    assert (tmp_path / "ca.bad").read_text() == "mine"


def test_contexts_say_what_they_trust(tmp_path):
    """A client of the lab verifies names; opportunistic TLS does not ask; nothing is older than TLS 1.2."""
    authority = Authority(tmp_path / "ca")
    client, server = authority.client(), authority.server(["mx.a.test"])

    assert client.check_hostname
    assert client.verify_mode is ssl.CERT_REQUIRED
    assert unverified().verify_mode is ssl.CERT_NONE
    assert client.minimum_version is server.minimum_version is ssl.TLSVersion.TLSv1_2


def test_labs_with_one_issuer(tmp_path):
    """Folders without an authority may share one, and its contexts; a folder that has one keeps it."""
    issuer = Issuer.new()
    one, other = (Authority(tmp_path / name, issuer) for name in ("one", "other"))
    assert one.certificate.read_bytes() == other.certificate.read_bytes() == issuer.certificate
    assert one.server(["mx.a.test"]) is other.server(["mx.a.test"])
    assert one.server(["mx.a.test"]) is not one.server(["mx.b.test"])
    assert one.client() is other.client()
    assert Authority(tmp_path / "one", Issuer.new()).certificate.read_bytes() == issuer.certificate
