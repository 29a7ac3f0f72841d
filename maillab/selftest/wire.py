"""A connection by hand, as a stranger has it: octets are said, lines are heard, and nothing is waited for for ever."""

import re
import socket
import ssl
import zlib
from typing import Self

from maillab.selftest.claim import Lie

PATIENCE = 10.0  # seconds for one answer


class ProvingWire:
    """Open while it is entered. Every method raises `Lie` where the other side does not go along."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, tls_first: bool) -> None:
        self._context = context
        self._name = host
        self._socket: socket.socket = socket.create_connection((host, port), PATIENCE)
        self._heard = b""
        self._out, self._in = zlib.compressobj(wbits=-zlib.MAX_WBITS), zlib.decompressobj(-zlib.MAX_WBITS)
        self._deflated = False
        if tls_first:
            self.encrypt()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, octets: bytes) -> None:
        """Say these."""
        if self._deflated:
            octets = self._out.compress(octets) + self._out.flush(zlib.Z_SYNC_FLUSH)
        try:
            self._socket.sendall(octets)
        except OSError as error:
            raise Lie(f"nobody listens any more: {error}") from error

    def line(self) -> bytes:
        """The next line, with its end."""
        while b"\n" not in self._heard:
            self._heard += self._more()
        line, end, self._heard = self._heard.partition(b"\n")
        return line + end

    def octets(self, count: int) -> bytes:
        """So many octets, whatever they are."""
        while len(self._heard) < count:
            self._heard += self._more()
        octets, self._heard = self._heard[:count], self._heard[count:]
        return octets

    def until(self, last: re.Pattern[bytes]) -> bytes:
        """All lines up to the first that matches, that one too."""
        lines = [self.line()]
        while not last.match(lines[-1]):
            lines.append(self.line())
        return b"".join(lines)

    def encrypt(self) -> None:
        """TLS from here on; whoever is there must be one of the lab."""
        if self._heard:
            raise Lie(f"something follows the answer to STARTTLS in clear: {self._heard!r}")
        try:
            self._socket = self._context.wrap_socket(self._socket, server_hostname=self._name)
        except OSError as error:
            raise Lie(f"TLS does not begin: {error}") from error

    def deflate(self) -> None:
        """All is deflated from here on (RFC 4978)."""
        self._deflated = True

    def _more(self) -> bytes:
        try:
            octets = self._socket.recv(65_536)
        except OSError as error:
            raise Lie(f"no answer: {error}") from error
        if not octets:
            raise Lie("no answer: the connection was closed")
        try:
            return self._in.decompress(octets) if self._deflated else octets
        except zlib.error as error:
            raise Lie(f"the answer is not deflated: {error}") from error
