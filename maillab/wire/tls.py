"""The lab's own certificate authority, made at first start and kept in the lab folder."""

import os
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from maillab import durable
from maillab.wire.certificate import AUTHORITY, UNIT, CertifiedContext, read_certificate

if TYPE_CHECKING:
    from trustme import CA


class Issuer:
    """A certificate authority in memory, and the contexts that it has made: each is made once for its names.

    Several labs may have the same, as those of one run of tests do.
    """

    def __init__(self, authority: "CA") -> None:
        self._ca = authority
        self._servers: dict[tuple[str, ...], ssl.SSLContext] = {}
        self._client: ssl.SSLContext | None = None

    @staticmethod
    def new() -> "Issuer":
        """One that nobody trusts yet."""
        from trustme import CA  # 58 ms: only who starts servers pays for it

        return Issuer(CA(organization_name=AUTHORITY, organization_unit_name=UNIT))

    @property
    def certificate(self) -> bytes:
        """What clients trust, in PEM."""
        return self._ca.cert_pem.bytes()

    @property
    def key(self) -> bytes:
        """The private key, in PEM."""
        return self._ca.private_key_pem.bytes()

    def server(self, names: Iterable[str]) -> ssl.SSLContext:
        """A context for a server that answers to these names (and to localhost and 127.0.0.1)."""
        all_names = (*names, "localhost", "127.0.0.1")
        if all_names not in self._servers:
            context = CertifiedContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8314 §4.1, RFC 8996
            issued = self._ca.issue_cert(
                *all_names,
                common_name="localhost",  # the name for fetchmail
                organization_name=AUTHORITY,
                organization_unit_name="a server of a laboratory",
            )
            issued.configure_cert(context)
            octets = ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())
            context.certificate = read_certificate(octets, by_lab=True)
            self._servers[all_names] = context
        return self._servers[all_names]

    def client(self) -> ssl.SSLContext:
        """A context for a client that trusts this authority and no other."""
        if self._client is None:
            self._client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._client.minimum_version = ssl.TLSVersion.TLSv1_2
            self._ca.configure_trust(self._client)
        return self._client


class Authority:
    """Issues the certificates of the lab; `ca.pem` in its folder is what clients trust.

    Files: `ca.pem` and `ca.key`, 0600 like all. What is there and cannot be used is set aside, a new authority takes
    its place, and `problems` says so, in sentences for a person. `issuer` is what the folder gets where it has none.
    Raises `OSError` when the folder cannot be written.
    """

    def __init__(self, folder: Path, issuer: Issuer | None = None) -> None:
        from trustme import CA

        self.certificate, self._key = folder / "ca.pem", folder / "ca.key"
        self.problems: tuple[str, ...] = ()
        if (aside := durable.own_folder(folder)) is not None:
            self.problems = (f"{folder} was no folder; it is now {aside}",)
        for part in folder.glob(".ca.*"):  # of a run that was killed while it wrote
            part.unlink(missing_ok=True)
        left = [path for path in (self._key, self.certificate) if os.path.lexists(path)]
        why = _unusable(self.certificate, self._key) if left else "missing"
        if not why:
            self._issuer = Issuer(CA.from_pem(self.certificate.read_bytes(), self._key.read_bytes()))
            return
        if left:
            places = " and ".join(str(durable.set_aside(path)) for path in left)
            self.problems += (
                f"the lab's certificate authority cannot be used: {why}. It is now {places}, and a new one was made; "
                f"programs that trusted the old one must be given {self.certificate} again",
            )
        self._issuer = issuer or Issuer.new()
        durable.replace(self._key, self._issuer.key)
        durable.replace(self.certificate, self._issuer.certificate)

    def server(self, names: Iterable[str]) -> ssl.SSLContext:
        """A context for a server that answers to these names (and to localhost and 127.0.0.1)."""
        return self._issuer.server(names)

    def client(self) -> ssl.SSLContext:
        """A context for a client that trusts this lab and nobody else."""
        return self._issuer.client()


def unverified() -> ssl.SSLContext:
    """A context for opportunistic TLS: encrypts, and does not ask with whom (RFC 7435)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _unusable(certificate: Path, key: Path) -> str:
    """Why these two files are no authority, "" when they are one. Raises `OSError` for trouble that may pass."""
    import trustme
    from cryptography.x509 import load_pem_x509_certificate

    for path in (key, certificate):
        if not path.is_file():
            return f"{path.name} is missing"
    damaged = f"{key.name} or {certificate.name} is damaged"
    issuers = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    octets = certificate.read_bytes()
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
        issuers.load_verify_locations(certificate)
        trustme.CA.from_pem(octets, key.read_bytes())
        if not issuers.get_ca_certs():
            return f"{certificate.name} may not issue certificates"
        root = load_pem_x509_certificate(octets)
        root.verify_directly_issued_by(root)  # one wrong octet that everybody can parse, and nobody would trust it
    except ssl.SSLError as error:
        return f"{key.name} is not the key of {certificate.name}" if error.reason == "KEY_VALUES_MISMATCH" else damaged
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - in whatever way a parser says so
        return damaged
    return ""
