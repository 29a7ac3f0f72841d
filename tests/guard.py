"""The guard of the tests: nothing leaves this computer, nothing is written outside pytest's own folder.

An audit hook sees every connect, look-up and write of this process, whichever library asks for it. It raises at the
spot, and remembers, so that code which swallows the error still fails its test. It costs one dictionary look-up an event.
"""

import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
DEVICES = ("/dev/null", "/dev/tty", "/dev/ptmx", "/dev/pts/")
CACHES = {"__pycache__", ".hypothesis", ".pytest_cache"}  # kept by Python, Hypothesis and pytest themselves
LOCAL_NAMES = {None, "", "localhost", "ip6-localhost"}


class OutOfBounds(OSError):
    """A test reached for something outside: the network, or a file that is not its own. An OSError, so that sockets get closed."""


class Guard:
    """Watches while `active`. `grounds` are the folders in which a test may write."""

    def __init__(self) -> None:
        self.active = False
        self.grounds: tuple[str, ...] = ()
        self.caught: list[str] = []
        self._watched: dict[str, Callable[..., None]] = {
            "socket.connect": self._address,
            "socket.sendto": self._address,
            "socket.sendmsg": self._address,
            "socket.getaddrinfo": self._name,
            "socket.gethostbyname": self._name,
            "socket.gethostbyaddr": self._name,
            "open": self._open,
            "sqlite3.connect": self._database,
            "os.mkdir": lambda path, _mode, folder: self._write(path, folder),
            "os.remove": self._write,
            "os.rmdir": self._write,
            "os.rename": lambda old, new, old_in, new_in: (
                self._write(old, old_in),
                self._write(new, new_in),
            ),
            "os.link": lambda _old, new, _old_in, new_in: self._write(new, new_in),
            "os.symlink": lambda _old, new, folder: self._write(new, folder),
            "os.truncate": lambda path, _length: self._write(path),
            "os.chmod": lambda path, _mode, folder: self._write(path, folder),
            "os.utime": lambda path, _times, _ns, folder: self._write(path, folder),
        }
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.active and (watch := self._watched.get(event)):
            watch(*arguments)

    def _refuse(self, what: str) -> None:
        self.caught.append(what)
        raise OutOfBounds(what)

    def _address(self, _socket: object, address: object) -> None:
        if not isinstance(address, tuple):  # a UNIX socket, or a datagram of a connected one
            return
        host = address[0]
        if not _loopback(host):
            self._refuse(f"a test reaches out to {host}:{address[1]}; only 127.0.0.0/8 and ::1 are allowed")

    def _name(self, host: object, *_: object) -> None:
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if host not in LOCAL_NAMES and not _is_literal(host):
            self._refuse(f"a test asks the system's resolver for {host!r}; ask the lab's name server, or use 127.0.0.1")

    def _open(self, path: object, _mode: object, flags: int) -> None:
        if flags & WRITING:
            self._write(path)

    def _database(self, path: object) -> None:
        text = os.fsdecode(path)  # type: ignore[arg-type]
        if text.startswith("file:"):
            text = text[5:].partition("?")[0]
        if text not in ("", ":memory:"):
            self._write(text)

    def _write(self, path: object, folder: int = -1) -> None:
        """Refuse a write to `path`, which is relative to the open `folder` where one is given."""
        if isinstance(path, int):  # a descriptor: it was judged when it was opened
            return
        where = os.fsdecode(path)  # type: ignore[arg-type]
        if folder >= 0:
            where = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), where)
        where = os.path.abspath(where)
        if not self._allowed(where):
            self._refuse(
                f"a test writes {where}; write under tmp_path ({self.grounds[0] if self.grounds else 'none yet'})"
            )

    def _allowed(self, where: str) -> bool:
        if where.startswith(self.grounds) or where.startswith(DEVICES):
            return True
        path = Path(where)
        return not CACHES.isdisjoint(path.parts) or path.name.startswith(".coverage")


def _is_literal(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _loopback(host: object) -> bool:
    return host == "localhost" or (_is_literal(host) and ipaddress.ip_address(str(host).partition("%")[0]).is_loopback)


GUARD = Guard()
