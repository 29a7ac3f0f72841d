"""What the lab needs of a computer, looked at piece by piece. No socket here ever leaves loopback."""

import errno
import os
import re
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from maillab.cli.language import say
from maillab.durable import sync_folder
from maillab.endpoints import HOST
from maillab.folder import holder
from maillab.listeners import Owner
from maillab.system import HERE
from maillab.views.safe import speaks_unicode

if TYPE_CHECKING:
    from maillab.config import Config  # not at run time: the libraries that it needs are looked at here

PYTHON = (3, 11)
SQLITE = (3, 35)  # RETURNING, which the queue uses
LIBRARIES = {  # name: at least, below; as pyproject.toml has it, which a test compares
    "aiosmtpd": ("1.4.6", "1.5"),
    "aiosmtplib": ("5.1.3", "6"),
    "cryptography": ("42", ""),
    "dnspython": ("2.8", "3"),
    "idna": ("3.7", ""),
    "imapclient": ("3.1", "5"),
    "lxml": ("6", "7"),
    "msgspec": ("0.19", ""),
    "rich": ("15", "16"),
    "scramp": ("1.4.5", "2"),
    "shtab": ("1.7", ""),
    "starlette": ("1", "2"),
    "textual": ("8.2.8", "9"),
    "trustme": ("1.1", ""),
    "uvicorn": ("0.34", ""),
    "websockets": ("15", ""),
}
TOOLS = {  # the well-known clients with which the lab can be tried: Debian package
    "swaks": "swaks",
    "curl": "curl",
    "dig": "dnsutils",
    "openssl": "openssl",
    "nc": "netcat-openbsd",
    "mutt": "mutt",
}
SYSTEMS = ("Linux", "macOS", "WSL")  # for which it is made; the manual's page of platforms says what else may work
LITTLE, TOO_LITTLE = 200 << 20, 20 << 20  # octets of free disk


class CheckVerdict(StrEnum):
    """`fail` means that the lab does not work here as it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do about it."""

    verdict: CheckVerdict
    what: str
    todo: str = ""


def system(name: str) -> Check:
    """The operating system, as `maillab.system.called` names it."""
    if name in SYSTEMS:
        return Check(CheckVerdict.OK, name)
    return Check(CheckVerdict.WARN, f"{name}: maillab is made for {', '.join(SYSTEMS)}", "maillab help platforms")


def python() -> Check:
    """The interpreter."""
    version = sys.version_info
    what = f"Python {version.major}.{version.minor}.{version.micro} ({sys.executable})"
    if version < PYTHON:
        return Check(CheckVerdict.FAIL, what, f"maillab needs Python {PYTHON[0]}.{PYTHON[1]} or later")
    return Check(CheckVerdict.OK, what)


def number(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, to compare.

    >>> number("1.4.6.post1") >= number("1.4.6"), number("5.1rc1")
    (True, (5, 1))
    """
    match = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def libraries(version_of: Callable[[str], str] = metadata.version) -> Iterator[Check]:
    """One line when all are there, else one for each that is not as it should be."""
    good = []
    for name, (least, below) in LIBRARIES.items():
        wanted = f"{name}>={least}" + (f",<{below}" if below else "")
        todo = f"python -m pip install '{wanted}'"
        try:
            version = version_of(name)
        except metadata.PackageNotFoundError:
            yield Check(CheckVerdict.FAIL, f"library {name} is missing", todo)
            continue
        if number(version) < number(least) or (below and number(version) >= number(below)):
            yield Check(CheckVerdict.FAIL, f"library {name} {version} is not {wanted}", todo)
        else:
            good.append(f"{name} {version}")
    if good:
        yield Check(CheckVerdict.OK, "libraries " + ", ".join(good))


def sqlite(version: str = sqlite3.sqlite_version) -> Check:
    """The library below the queue."""
    if number(version) < SQLITE:
        return Check(CheckVerdict.FAIL, f"SQLite {version}", "the queue needs 3.35 or later: a newer Python brings one")
    return Check(CheckVerdict.OK, f"SQLite {version}")


def loopback() -> Check:
    """Do two sockets of this computer reach each other?"""
    try:
        with socket.create_server((HOST, 0)) as server:
            server.settimeout(5)
            with socket.create_connection(server.getsockname(), 5) as client:
                accepted, _ = server.accept()
                with accepted:
                    client.sendall(b"?")
                    accepted.settimeout(5)
                    heard = accepted.recv(1) == b"?"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.bind((HOST, 0))
    except OSError as error:
        return Check(
            CheckVerdict.FAIL, f"no sockets on {HOST}: {error}", "look at the firewall or the sandbox: ip addr show lo"
        )
    return Check(CheckVerdict.OK if heard else CheckVerdict.FAIL, f"sockets on {HOST} work")


def doors(config: "Config") -> list[tuple[int, str]]:
    """Every port that a lab of this configuration takes, and for what."""
    doors = [
        (port, f"{service} of {domain}" if domain else "the name server") for port, service, domain in config.doors
    ]
    return [*doors, *([(config.http_port, "HTTP")] if config.http_port > 0 else [])]


def taken(port: int, *, datagrams: bool = False) -> OSError | None:
    """Why a port of loopback cannot be had; `None` when it can."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM) as probe:
        if not datagrams and HERE.is_posix:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do
        try:
            probe.bind((HOST, port))
            if not datagrams:
                probe.listen(1)
        except OSError as error:
            return error
    return None


def ports(wanted: Iterable[tuple[int, str]], owners: Mapping[int, Owner | None], lab: int | None) -> Iterator[Check]:
    """Which of these ports are taken, and by whom; those of our own lab (process `lab`) are well taken."""
    free, own = [], []
    busy: dict[Owner | None, list[str]] = {}
    for port, what in wanted:
        error = taken(port) or (taken(port, datagrams=True) if what == "the name server" else None)
        owner = owners.get(port)
        if error is None:
            free.append(str(port))
        elif lab and owner is not None and owner.pid == lab:
            own.append(str(port))
        elif error.errno == errno.EADDRINUSE:
            busy.setdefault(owner, []).append(f"{port} ({say(what)})")
        else:
            yield Check(CheckVerdict.WARN, f"port {port} ({what}): {error.strerror}", "maillab serve --ports auto")
    for owner, names in busy.items():
        todo = "maillab serve --ports auto" + (f"; or stop it: kill {owner.pid}" if owner else "")
        yield Check(CheckVerdict.WARN, f"used by {owner or 'an unknown process'}: port {', '.join(names)}", todo)
    if own:
        yield Check(CheckVerdict.OK, f"ports {', '.join(own)} are those of the lab that runs (process {lab})")
    if free:
        yield Check(CheckVerdict.OK, f"ports {', '.join(free)} are free")


def folder(path: Path) -> Iterator[Check]:
    """The lab folder: who lives there, may we write, is there room, does the disk do as it says."""
    pid = holder(path)
    place = next((part for part in (path, *path.parents) if part.is_dir()), Path("/"))
    if place == path:
        lives = "" if pid is None else f", a lab runs in it (process {pid or 'unknown'})"
        yield Check(CheckVerdict.OK, f"lab folder {path}{lives}")
    elif path.exists():
        yield Check(CheckVerdict.FAIL, f"{path} is not a folder", "name another: maillab serve --lab DIR")
        return
    else:
        yield Check(CheckVerdict.OK, f"lab folder {path} is made at the first start")
    if not os.access(place, os.W_OK | os.X_OK):
        yield Check(CheckVerdict.FAIL, f"{place} cannot be written", f"chmod u+rwx {place}, or maillab serve --lab DIR")
        return
    yield _room(place)
    yield _durable(place)


def _room(place: Path) -> Check:
    free = shutil.disk_usage(place).free
    what = f"{free >> 20} MiB free in {place}"
    if free < LITTLE:
        verdict = CheckVerdict.FAIL if free < TOO_LITTLE else CheckVerdict.WARN
        return Check(verdict, what, "make room, or name another disk: maillab serve --lab DIR")
    return Check(CheckVerdict.OK, what)


def _durable(place: Path) -> Check:
    """Write, fsync the file, fsync its folder: what the lab does before it says 250."""
    try:
        with tempfile.TemporaryFile(dir=place, prefix=".maillab-") as file:
            file.write(b"?")
            file.flush()
            os.fsync(file.fileno())
        sync_folder(place)
    except OSError as error:
        todo = "a disk that cannot promise is no place for mail: maillab serve --lab DIR"
        return Check(CheckVerdict.FAIL, f"fsync in {place}: {error.strerror}", todo)
    return Check(CheckVerdict.OK, f"files and folders in {place} can be synced to disk")


def terminal(out: TextIO, environ: Mapping[str, str]) -> Iterator[Check]:
    """What the terminal shows: Vietnamese, colours."""
    encoding = out.encoding or "unknown"
    if speaks_unicode(encoding):
        yield Check(CheckVerdict.OK, f"text is written in {encoding}")
    else:
        yield Check(CheckVerdict.WARN, f"text is written in {encoding}: accents are left out", "export LANG=C.UTF-8")
    if not out.isatty():
        yield Check(CheckVerdict.OK, "stdout is not a terminal: no colours")
    elif "NO_COLOR" in environ or environ.get("TERM") == "dumb":
        why = "NO_COLOR" if "NO_COLOR" in environ else "TERM=dumb"
        yield Check(CheckVerdict.OK, f"no colours ({why})")
    else:
        yield Check(CheckVerdict.OK, f"colours ({environ.get('TERM', 'TERM is not set')})")


def tools(find: Callable[[str], str | None] = shutil.which) -> Iterator[Check]:
    """Clients that nobody here wrote: nothing needs them, and they are good company."""
    present = [tool for tool in TOOLS if find(tool)]
    missing = [package for tool, package in TOOLS.items() if tool not in present]
    if present:
        yield Check(CheckVerdict.OK, f"other mail tools: {', '.join(present)}")
    if missing:
        names = ", ".join(tool for tool in TOOLS if tool not in present)
        yield Check(CheckVerdict.WARN, f"not here, and not needed: {names}", f"apt-get install {' '.join(missing)}")
