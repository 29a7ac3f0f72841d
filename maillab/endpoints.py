"""Where a lab can be reached: its open doors, its accounts, and what is said when a port is taken."""

import errno
import ssl
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from maillab.mail.address import in_u_labels

HOST = "127.0.0.1"  # every listener, so that no other computer reaches it; `--listen` opens the HTTP door elsewhere


_ANOTHERS = "\n  likely another program is there; see: maillab doctor\n  or take free ports: maillab serve --ports auto"
_NOWHERE = "\n  no network card of this computer has that address; see: ip address"


class BusyPort(OSError):  # noqa: N818 - named for what happened
    """Something else listens on a port that the lab wants, or there is no such address."""

    def __init__(self, service: str, port: int, why: OSError, host: str = HOST) -> None:
        reason = str(why.strerror or why).rpartition("): ")[2]  # asyncio names the address before it
        hint = _NOWHERE if why.errno == errno.EADDRNOTAVAIL else _ANOTHERS
        super().__init__(f"cannot listen on {host} port {port} for {service}: {reason}{hint}")
        self.service, self.port = service, port


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One open door: `tls` is none, starttls or implicit; `auth` whether one may or must log in.

    `login` says which: off, optional, required, or anybody, where any name and password are taken and none is needed.
    """

    site: str
    service: str
    host: str
    port: int
    tls: str
    auth: bool
    purpose: str
    login: str = "off"

    @property
    def where(self) -> str:
        """Address and port, as they stand in a URL (RFC 3986 §3.2.2)."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def endpoint_of(endpoints: Iterable[Endpoint], site: str, service: str) -> Endpoint:
    """Where a service listens. `site` in A-labels or as it is read, "" for the name server. Raises `LookupError`."""
    for endpoint in endpoints:
        if endpoint.service == service and site in (endpoint.site, in_u_labels(endpoint.site)):
            return endpoint
    raise LookupError(f"no {service} at {site}")


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can log in."""

    address: str
    password: str


def where_everything_is(
    endpoints: Iterable[Endpoint], accounts: Iterable[Account], *, secrets: bool
) -> dict[str, list[dict[str, Any]]]:
    """Doors and accounts for programs; passwords are null where nobody may see them."""
    return {
        "endpoints": [asdict(endpoint) for endpoint in endpoints],
        "accounts": [
            {"address": account.address, "password": account.password if secrets else None} for account in accounts
        ],
    }


class Server(Protocol):
    """What listens. `config` is what every connection is given that comes from now on."""

    config: Any

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; gives the port. Raises `OSError`."""
        ...

    async def close(self) -> None:
        """Stop listening and say goodbye."""
        ...


class Reopening:
    """A server that can be closed and opened again on the port it once had. Call `furnish` before `open`."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._wanted, self._port = -1, 0  # as it was asked for, and as it was taken
        self._tls: ssl.SSLContext | None = None
        self._make: Callable[[], Server]
        self._server: Server | None = None

    @property
    def is_open(self) -> bool:
        """Does it listen?"""
        return self._server is not None

    async def furnish(self, make: Callable[[], Server], port: int, tls: ssl.SSLContext | None) -> int:
        """Serve as `make` says from the next connection on; gives the port, 0 for one that is not known yet.

        `tls` is the certificate where TLS comes from the first octet. Only another port, or another such certificate,
        closes what is open; who is connected notices nothing else.
        """
        if (port, tls) != (self._wanted, self._tls):
            await self.close()
            self._port = port if port != self._wanted else self._port
            self._wanted, self._tls = port, tls
        self._make = make
        if self._server is not None:
            self._server.config = make().config
        return self._port

    async def open(self) -> int:
        """Listen; gives the port. Raises `BusyPort`."""
        if self._server is None:
            server = self._make()
            try:
                self._port = await server.start(HOST, self._port, self._tls)
            except OSError as error:
                raise BusyPort(self._service, self._port, error) from error
            self._server = server
        return self._port

    async def close(self) -> None:
        """Stop listening and say goodbye."""
        server, self._server = self._server, None
        if server is not None:
            await server.close()
