"""Where a lab can be reached: its open doors, its accounts, and what is said when a port is taken."""

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

HOST = "127.0.0.1"  # every listener; nothing here is reachable from another computer


class BusyPort(OSError):  # noqa: N818 - named for what happened
    """Something else listens on a port that the lab wants."""

    def __init__(self, service: str, port: int, why: OSError) -> None:
        super().__init__(
            f"cannot listen on {HOST} port {port} for {service}: {why.strerror or why}\n"
            f"  likely another program is there; see: maillab doctor\n"
            f"  or take free ports: maillab serve --ports auto"
        )
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


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who can log in."""

    address: str
    password: str


def password_of(accounts: Iterable[Account], address: str) -> str:
    """The password of the account with this address. Raises `LookupError`."""
    for account in accounts:
        if account.address == address:
            return account.password
    raise LookupError(f"no account {address}")


class Server(Protocol):
    """What listens: an SMTP door or a booth of dialogues."""

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; gives the port. Raises `OSError`."""
        ...

    async def close(self) -> None:
        """Stop listening and say goodbye."""
        ...


class Reopening:
    """A server that can be closed and opened again on the port it once had."""

    def __init__(self, make: Callable[[], Server], service: str, port: int, implicit: ssl.SSLContext | None) -> None:
        self._make = make
        self._service = service
        self._port = port
        self._implicit = implicit  # TLS from the first octet
        self._server: Server | None = None

    async def open(self) -> int:
        """Listen; gives the port. Raises `BusyPort`."""
        if self._server is None:
            server = self._make()
            try:
                self._port = await server.start(HOST, self._port, self._implicit)
            except OSError as error:
                raise BusyPort(self._service, self._port, error) from error
            self._server = server
        return self._port

    async def close(self) -> None:
        """Stop listening and say goodbye."""
        server, self._server = self._server, None
        if server is not None:
            await server.close()
