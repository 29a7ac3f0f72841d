"""Who listens on a port of this computer: read from /proc, as far as we may look. Files: reads only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HERE = {  # addresses that keep 127.0.0.1 from being taken, as /proc/net writes them
    "00000000",
    "0100007F",
    "00000000000000000000000000000000",
    "0000000000000000FFFF00000100007F",
}
MAILLAB = "maillab"
WORDS = 8  # of a command line, among which the program is: python -X dev -m maillab
_LISTENS = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}  # LISTEN; an unconnected datagram socket
_SOCKET = re.compile(r"socket:\[([0-9]+)\]\Z")


@dataclass(frozen=True, slots=True)
class Owner:
    """The process behind a socket."""

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid})"


def inodes(table: str, state: str) -> dict[int, str]:
    """Port to inode of the sockets in a table of /proc/net that are in this state and stand in our way.

    >>> inodes("0: 0100007F:0401 00000000:0000 0A 0:0 0:0 0 0 0 777 1", "0A")
    {1025: '777'}
    """
    sockets = {}
    for line in table.splitlines():
        words = line.split()
        if len(words) > 9 and words[3] == state and ":" in words[1]:
            address, _, port = words[1].rpartition(":")
            if address in _HERE:
                sockets[int(port, 16)] = words[9]
    return sockets


def listeners(proc: Path = Path("/proc")) -> dict[int, Owner | None]:
    """Port to process of everything that listens here; `None` where the process is not ours to see."""
    ports: dict[int, str] = {}
    for name, state in _LISTENS.items():
        try:
            ports |= inodes((proc / "net" / name).read_text("ascii", "replace"), state)
        except OSError:  # another system, or no IPv6
            continue
    owners = _owners(proc, set(ports.values())) if ports else {}
    return {port: owners.get(inode) for port, inode in ports.items()}


def _owners(proc: Path, wanted: set[str]) -> dict[str, Owner]:
    """Inode to process, for as many of those wanted as we may see."""
    owners: dict[str, Owner] = {}
    for process in proc.glob("[0-9]*"):
        mine = {match[1] for link in _links(process / "fd") if (match := _SOCKET.match(link))} & wanted
        if mine:
            owners |= dict.fromkeys(mine, Owner(int(process.name), _name(process)))
    return owners


def _links(folder: Path) -> Iterator[str]:
    """Where descriptors lead; nothing for those of others, or just closed."""
    try:
        descriptors = list(folder.iterdir())
    except OSError:
        return
    for descriptor in descriptors:
        try:
            yield str(descriptor.readlink())
        except OSError:
            continue


def _name(process: Path) -> str:
    """What the kernel calls it; that is python for a maillab, of which only the command line tells."""
    try:
        if _is_maillab((process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")):
            return MAILLAB
    except OSError:
        pass
    try:
        return (process / "comm").read_text("utf-8", "replace").strip() or "?"
    except OSError:
        return "?"


def _is_maillab(command: list[str]) -> bool:
    """Is it our program, as a command or as a module?

    >>> _is_maillab(["/usr/bin/python3", "/usr/bin/maillab", "serve"]), _is_maillab(["python", "-m", "maillab"])
    (True, True)
    >>> _is_maillab(["vi", "maillab"]), _is_maillab(["python", "-m", "http.server", "1025"])
    (False, False)
    """
    program, words = command[0].rpartition("/")[2], command[1:WORDS]
    if not program.startswith("python"):
        return program == MAILLAB
    return any(word == MAILLAB or word.endswith((f"/{MAILLAB}", f"/{MAILLAB}/__main__.py")) for word in words)
