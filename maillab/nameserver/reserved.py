"""The names that documents, tests and textbooks use, because they can never belong to anybody (RFC 2606, RFC 6761)."""

ORIGINS = (  # RFC 2606 §2 and §3, RFC 6761 §6.2 to §6.5
    "example.com",
    "example.net",
    "example.org",
    "example",
    "invalid",
    "localhost",
    "test",
)
_BELOW = tuple(f".{origin}" for origin in ORIGINS)


def is_reserved(domain: str) -> bool:
    """Is this domain (A-labels, lower case) one of the reserved names, or below one?

    >>> [is_reserved(name) for name in ("example.com", "shop.example", "localhost", "example.edu", "latest")]
    [True, True, True, False, False]
    """
    return domain in ORIGINS or domain.endswith(_BELOW)


def is_below(domain: str, origin: str) -> bool:
    """Is this domain the origin itself, or a name below it?

    >>> is_below("mx.recipient.test", "recipient.test"), is_below("evilrecipient.test", "recipient.test")
    (True, False)
    """
    return domain == origin or domain.endswith(f".{origin}")
