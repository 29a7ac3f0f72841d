"""The lab's certificate authority."""

import ssl

from maillab.wire.tls import Authority, unverified


def test_the_authority_is_made_once_and_kept(tmp_path):
    """The second start finds the certificate of the first; its key is nobody else's business."""
    first = Authority(tmp_path / "ca").certificate.read_bytes()
    again = Authority(tmp_path / "ca")

    assert again.certificate.read_bytes() == first
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ca").iterdir()} == {0o600}
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o700


def test_contexts_say_what_they_trust(tmp_path):
    """A client of the lab verifies names; opportunistic TLS does not ask; nothing is older than TLS 1.2."""
    authority = Authority(tmp_path / "ca")
    client, server = authority.client(), authority.server(["mx.a.test"])

    assert client.check_hostname
    assert client.verify_mode is ssl.CERT_REQUIRED
    assert unverified().verify_mode is ssl.CERT_NONE
    assert client.minimum_version is server.minimum_version is ssl.TLSVersion.TLSv1_2
