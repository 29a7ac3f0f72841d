"""The lab's own certificate authority, made at first start and kept in the lab folder."""

import os
import ssl
from collections.abc import Iterable
from pathlib import Path

from maillab import durable


class Authority:
    """Issues the certificates of the lab; `ca.pem` in its folder is what clients trust.

    Files: `ca.pem` and `ca.key`, 0600 like all. What is there and cannot be used is set aside, a new authority takes
    its place, and `problems` says so, in sentences for a person. Raises `OSError` when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        import trustme  # 58 ms: only who starts servers pays for it

        self.certificate, self._key = folder / "ca.pem", folder / "ca.key"
        self.problems: tuple[str, ...] = ()
        if (aside := durable.own_folder(folder)) is not None:
            self.problems = (f"{folder} was no folder; it is now {aside}",)
        for part in folder.glob(".ca.*"):  # of a run that was killed while it wrote
            part.unlink(missing_ok=True)
        left = [path for path in (self._key, self.certificate) if os.path.lexists(path)]
        why = _unusable(self.certificate, self._key) if left else "missing"
        if not why:
            self._ca = trustme.CA.from_pem(self.certificate.read_bytes(), self._key.read_bytes())
            return
        if left:
            places = " and ".join(str(durable.set_aside(path)) for path in left)
            self.problems += (
                f"the lab's certificate authority cannot be used: {why}. It is now {places}, and a new one was made; "
                f"programs that trusted the old one must be given {self.certificate} again",
            )
        self._ca = trustme.CA(organization_name="maillab", organization_unit_name="a laboratory, trust it nowhere else")
        durable.replace(self._key, self._ca.private_key_pem.bytes())
        durable.replace(self.certificate, self._ca.cert_pem.bytes())

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


def _unusable(certificate: Path, key: Path) -> str:
    """Why these two files are no authority, "" when they are one. Raises `OSError` for trouble that may pass."""
    import trustme

    for path in (key, certificate):
        if not path.is_file():
            return f"{path.name} is missing"
    damaged = f"{key.name} or {certificate.name} is damaged"
    issuers = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
        issuers.load_verify_locations(certificate)
        trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    except ssl.SSLError as error:
        return f"{key.name} is not the key of {certificate.name}" if error.reason == "KEY_VALUES_MISMATCH" else damaged
    except ValueError:
        return damaged
    return "" if issuers.get_ca_certs() else f"{certificate.name} may not issue certificates"
