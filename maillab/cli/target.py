"""Where a person may talk to: HOST:PORT, read and judged before a name is asked for or a socket is opened."""

import ipaddress
import re
from dataclasses import dataclass

from maillab.protocols.services import PORT_STEP, SERVICES

RESERVED = ("test", "example", "invalid", "localhost")  # RFC 6761 §6: never a host of the Internet

_TARGET = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})\Z")


class TargetError(ValueError):
    """Not a place to talk to; the text says what is, and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server's host and port, as they were typed."""

    host: str
    port: int

    @staticmethod
    def parse(text: str) -> "Target":
        """Read HOST:PORT or [IPv6]:PORT. Raises `TargetError`.

        >>> Target.parse("[::1]:1025")
        Target(host='::1', port=1025)
        """
        match = _TARGET.match(text)
        if not match or not 0 < int(match[3]) < 65_536:
            raise TargetError(
                f"{text!r} is not HOST:PORT\n  for example: 127.0.0.1:1025, mx.recipient.test:25, [::1]:1110"
            )
        return Target(match[1] or match[2], int(match[3]))

    @property
    def is_at_home(self) -> bool:
        """Loopback, or a name that no host of the Internet can have.

        >>> [Target(host, 25).is_at_home for host in ("127.0.0.9", "mx.recipient.test", "example.com", "10.0.0.1")]
        [True, True, False, False]
        """
        ip = _ip(self.host)
        return ip.is_loopback if ip else self._name.rpartition(".")[2] in RESERVED

    @property
    def is_loopback(self) -> bool:
        """Loopback, as an address or by its own name."""
        ip = _ip(self.host)
        return ip.is_loopback if ip else self._name == "localhost"

    @property
    def _name(self) -> str:
        return self.host.rstrip(".").lower()

    @property
    def address(self) -> str:
        """Where to connect: a reserved name means this computer, and nobody is asked about it.

        >>> Target("mx.recipient.test", 25).address
        '127.0.0.1'
        """
        return "127.0.0.1" if self.is_at_home and not _ip(self.host) else self.host

    @property
    def tls_first(self) -> bool:
        """Is this a port at which servers begin with TLS: the standard one of a service, or a lab's?"""
        ports = [service.port for service in SERVICES.values() if service.tls_first]
        return self.port in ports or (self.port % PORT_STEP in ports and self.port < 10 * PORT_STEP)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def seconds(text: str) -> float:
    """Read a time-out, for argparse: above 0, at most a day. Raises `ValueError`.

    >>> seconds("2.5")
    2.5
    """
    number = float(text)
    if not 0 < number <= 86_400:
        raise ValueError(text)
    return number


def allowed(text: str, *, real_internet: bool) -> Target:
    """Read HOST:PORT, and refuse what is not this computer unless a person has said so. Raises `TargetError`."""
    target = Target.parse(text)
    if not target.is_at_home and not real_internet:
        raise TargetError(
            f"{target.host} may be on the real Internet, and the lab does not go there by itself\n"
            "  allowed are this computer and names that end in .test .example .invalid .localhost\n"
            "  if you mean it and may do it: the same command with --real-internet"
        )
    return target
