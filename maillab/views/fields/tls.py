"""The moment in which TLS begins: its version."""

from maillab.events import Secured
from maillab.views.fields.part import Block, Down, Part
from maillab.views.language import Say

_VERSIONS = {
    "TLSv1.3": "the newest version: one round trip, no outdated ciphers",
    "TLSv1.2": "the previous version; still good",
    "TLSv1.1": "an old version: no longer safe (RFC 8996)",
    "TLSv1": "an old version: no longer safe (RFC 8996)",
    "SSLv3": "broken since 2014",
}


def blocks(event: Secured, say: Say) -> list[Block]:
    """What was agreed on.

    >>> blocks(Secured("relay-1", "TLSv1.2"), Say("en", {}))[0].parts[0].text
    'TLSv1.2'
    """
    words = _VERSIONS.get(event.version)
    return [Down((Part(event.version, say(words) if words else ""),))] if event.version else []
