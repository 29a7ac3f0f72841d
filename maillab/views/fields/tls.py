"""The moment in which TLS begins: what was agreed on, and what the server showed of itself."""

from maillab.events import Certificate, Secured
from maillab.views.fields.part import Block, Down, Part
from maillab.views.language import Say

_VERSIONS = {
    "TLSv1.3": "the newest version: one round trip, no outdated ciphers",
    "TLSv1.2": "the previous version; still good",
    "TLSv1.1": "an old version: no longer safe (RFC 8996)",
    "TLSv1": "an old version: no longer safe (RFC 8996)",
    "SSLv3": "broken since 2014",
}


_BY_LAB = "By the lab's own authority: any other program must be told to trust it (maillab locate)."


def blocks(event: Secured, say: Say) -> list[Block]:
    """What was agreed on, and the certificate.

    >>> blocks(Secured("relay-1", "TLSv1.2"), Say("en", {}))[0].parts[0].text
    'TLSv1.2'
    """
    words = _VERSIONS.get(event.version)
    agreed = [Part(event.version, say(words) if words else "")] if event.version else []
    if event.cipher:
        agreed.append(Part(event.cipher, say("the cipher: how bytes are encrypted and checked")))
    made: list[Block] = [Down(tuple(agreed))] if agreed else []
    if event.certificate is not None:
        made.append(Down(_parts(event.certificate, say), say("The server's certificate")))
    return made


def sentences(event: Secured, say: Say) -> list[str]:
    """Whom one has to trust."""
    return [say(_BY_LAB)] if event.certificate is not None and event.certificate.by_lab else []


def _parts(certificate: Certificate, say: Say) -> tuple[Part, ...]:
    until = certificate.until.replace("T", " ").replace("Z", " UTC")
    facts = (
        ("subject (for whom)", certificate.subject),
        ("issuer (who signed it)", certificate.issuer),
        ("names", ", ".join(certificate.names)),
        ("valid until", until),
    )
    return tuple(Part(say(label), fact) for label, fact in facts if fact)
