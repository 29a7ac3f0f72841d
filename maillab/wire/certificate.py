"""What two ends agreed on when TLS began, and the certificate that the server showed: as facts, read once a handshake.

Rules for this file: what a certificate says came from outside. It is cut to bounded lengths, nothing in it raises, and
no key is looked at.
"""

import ssl
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from maillab.events import Certificate

if TYPE_CHECKING:
    from cryptography.x509 import Certificate as Parsed

AUTHORITY = "maillab"  # the organization of every lab's authority
UNIT = "a laboratory, trust it nowhere else"

_LARGEST = 16_384  # octets of a certificate that is looked into
_LONG = 200  # characters of what it says
_MOST = 20  # names
_SHORT_NAMES = {
    "commonName": "CN",
    "countryName": "C",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "stateOrProvinceName": "ST",
}
T = TypeVar("T")


class CertifiedContext(ssl.SSLContext):
    """The context of a server, which knows the certificate that it shows: the library does not tell."""

    certificate: Certificate | None = None


class Handshake(NamedTuple):
    """What was agreed on, by the names of the library: TLSv1.3, TLS_AES_256_GCM_SHA384. All empty without TLS."""

    version: str = ""
    cipher: str = ""
    certificate: Certificate | None = None


def handshake_of(secured: ssl.SSLObject | None) -> Handshake:
    """What asyncio's `ssl_object` knows; None is what it has where there is no TLS."""
    if secured is None:
        return Handshake()
    cipher = secured.cipher()
    return Handshake(secured.version() or "", cipher[0] if cipher else "", _shown(secured))


def read_certificate(octets: bytes, *, by_lab: bool = False) -> Certificate | None:
    """The facts of a certificate (DER); None where it is none. What of it cannot be read is left out."""
    if len(octets) > _LARGEST:
        return None
    from cryptography import x509  # 60 ms: only who starts servers, or trusts anybody

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, about a certificate that breaks a rule
        parsed = _or(lambda: x509.load_der_x509_certificate(octets), None)
        if parsed is None:
            return None
        return Certificate(
            _or(lambda: _distinguished((part.rfc4514_attribute_name, part.value) for part in parsed.subject), ""),
            _or(lambda: _distinguished((part.rfc4514_attribute_name, part.value) for part in parsed.issuer), ""),
            _or(lambda: _listed(_alternative(parsed)), ()),
            _or(lambda: _moment(parsed.not_valid_after_utc), ""),
            by_lab,
        )


def _shown(secured: ssl.SSLObject) -> Certificate | None:
    """Of the server, at either end. A client that has checked it gets it from the library, without another's help."""
    context = secured.context
    if secured.server_side:
        return context.certificate if isinstance(context, CertifiedContext) else None
    if checked := secured.getpeercert():
        return _checked(checked)
    octets = secured.getpeercert(binary_form=True)
    return read_certificate(octets) if octets else None


def _checked(told: dict[str, Any]) -> Certificate:
    """As `getpeercert` tells it. Whoever trusts an authority of this name trusts a lab's."""

    def parts(name: str) -> list[tuple[str, str]]:
        return [(_SHORT_NAMES.get(kind, kind), value) for part in told.get(name, ()) for kind, value in part]

    return Certificate(
        _or(lambda: _distinguished(parts("subject")), ""),
        _or(lambda: _distinguished(parts("issuer")), ""),
        _or(lambda: _listed(value for _, value in told.get("subjectAltName", ())), ()),
        _or(lambda: _moment(datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)), ""),
        _or(lambda: parts("issuer") == [("O", AUTHORITY), ("OU", UNIT)], False),
    )


def _alternative(parsed: "Parsed") -> Iterator[str]:
    """Its names (RFC 5280 §4.2.1.6)."""
    from cryptography import x509

    kinds = x509.DNSName, x509.IPAddress, x509.RFC822Name, x509.UniformResourceIdentifier
    found = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (str(name.value) for name in found if isinstance(name, kinds))


def _distinguished(parts: Iterable[tuple[str, str | bytes]]) -> str:
    """A name in one line, in its own order, with quotes round what has a comma.

    >>> _distinguished([("O", "maillab"), ("OU", "a, b")])
    'O=maillab, OU="a, b"'
    """
    texts = [(kind, value if isinstance(value, str) else value.hex()) for kind, value in islice(parts, _MOST)]
    return _cut(", ".join(f'{kind}="{text}"' if "," in text else f"{kind}={text}" for kind, text in texts))


def _listed(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_cut(name.strip()) for name in islice(names, _MOST))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _or(read: Callable[[], T], otherwise: T) -> T:
    """What is read, or something else where that fails."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - the errors of the parser have no base of their own, and no list
        return otherwise
