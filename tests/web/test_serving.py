"""uvicorn behind a port of this computer."""

import errno
import logging
import socket

import pytest

from maillab.endpoints import BusyPort
from maillab.web.serving import listening


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "0.0.0.0"])
def test_a_port_at_an_address(host):
    """It is opened there and nowhere else; a second time it is busy."""
    with listening(host, 0) as listener:
        address, port = listener.getsockname()[:2]
        assert (address, listener.getblocking()) == (host, False)
        with pytest.raises(BusyPort, match=f"{host} port {port} for http"):
            listening(host, port)
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
        pass


def test_an_address_that_is_none_of_this_computer_s():
    """It says so, and not that somebody else were there (RFC 5737 §3)."""
    with pytest.raises(BusyPort, match="no network card") as refused:
        listening("203.0.113.77", 0)
    assert refused.value.__cause__.errno == errno.EADDRNOTAVAIL


def test_the_screen_is_left_alone():
    """The server writes no line of its own where the window draws."""
    assert logging.getLogger("uvicorn").handlers
