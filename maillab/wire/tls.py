"""The lab's own certificate authority, made at first start and kept in the lab folder."""

import ssl
from collections.abc import Iterable
from pathlib import Path


class Authority:
    """Issues the certificates of the lab; `ca.pem` in its folder is what clients trust.

    Files: `ca.pem` (0600 like all), `ca.key`. Raises `OSError` when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        import trustme  # 58 ms: only who starts servers pays for it

        self.certificate = folder / "ca.pem"
        key = folder / "ca.key"
        if self.certificate.exists() and key.exists():
            self._ca = trustme.CA.from_pem(self.certificate.read_bytes(), key.read_bytes())
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ca = trustme.CA(organization_name="maillab", organization_unit_name="a laboratory, trust it nowhere else")
        for path, octets in ((key, self._ca.private_key_pem.bytes()), (self.certificate, self._ca.cert_pem.bytes())):
            path.touch(mode=0o600)
            path.write_bytes(octets)

    def server(self, names: Iterable[str]) -> ssl.SSLContext:
        """A context for a server that answers to these names (and to localhost and 127.0.0.1)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8314 §4.1, RFC 8996
        certificate = self._ca.issue_cert(*names, "localhost", "127.0.0.1", common_name="localhost")  # for fetchmail
        certificate.configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        """A context for a client that trusts this lab and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._ca.configure_trust(context)
        return context


def unverified() -> ssl.SSLContext:
    """A context for opportunistic TLS: encrypts, and does not ask with whom (RFC 7435)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
