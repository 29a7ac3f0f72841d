"""What a service does when nobody said anything, and what may be said."""

import pytest

from maillab.services import EXTENSIONS, STANDARD_PORTS, Service, custom, settled


def test_every_service_has_extensions():
    """Each service of a site has a list of what can be switched off."""
    assert EXTENSIONS.keys() == STANDARD_PORTS.keys()


@pytest.mark.parametrize(
    ("name", "facts", "expected"),
    [
        ("smtp", {"tls": True, "trusted": True, "visited": False}, Service(False, "anybody", "any")),
        ("smtp", {"tls": True, "trusted": False, "visited": False}, Service(True, "off", "any")),
        ("smtp", {"tls": False, "trusted": False, "visited": True}, Service(False, "optional", "any")),
        ("submission", {"tls": True, "trusted": True, "visited": True}, Service(True, "required", "own")),
        ("pop3s", {"tls": True, "trusted": True, "visited": True}, Service(True, "required", "own")),
    ],
)
def test_customs(name, facts, expected):
    """Programs nearby meet an open door, servers a closed one unless they log in, and people must say who they are."""
    assert custom(name, **facts) == expected


def test_what_is_said_wins():
    """Every setting of a person stands; the others are the custom's."""
    usual = custom("submission", tls=True, trusted=False, visited=False)

    assert settled(Service(), usual) == usual
    assert settled(Service(tls=False, without=("DSN",)), usual) == Service(False, "required", "own", ("DSN",))
    assert settled(Service(login="anybody", sender="any"), usual) == Service(True, "anybody", "any")
