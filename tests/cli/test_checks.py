"""Each thing that the lab needs is looked at, judged, and comes with what to do."""

import io
import os
import socket
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from maillab.cli import checks
from maillab.cli.checks import Check, CheckVerdict
from maillab.config import Config, Site, default
from maillab.folder import LabFolder
from maillab.listeners import Owner
from tests.support import free_ports

ROOT = Path(checks.__file__).parents[2]


def verdicts(found: Iterator[Check]) -> list[str]:
    """The verdicts alone."""
    return [check.verdict for check in found]


def test_libraries_are_those_of_the_package() -> None:
    """The doctor looks for exactly what pyproject.toml requires."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    mine = [f"{name}>={least}" + (f",<{below}" if below else "") for name, (least, below) in checks.LIBRARIES.items()]
    assert mine == wanted


def test_libraries() -> None:
    """What is there is listed; what is missing, too old or too new fails, with the command that helps."""
    assert verdicts(checks.libraries()) == ["ok"]

    def version_of(name: str) -> str:
        if name == "idna":
            raise metadata.PackageNotFoundError(name)
        return {"aiosmtpd": "1.4.5", "scramp": "2.0.1"}.get(name, checks.LIBRARIES[name][0])

    found = list(checks.libraries(version_of))
    assert [check.todo for check in found if check.verdict == "fail"] == [
        "python -m pip install 'aiosmtpd>=1.4.6,<1.5'",
        "python -m pip install 'idna>=3.7'",
        "python -m pip install 'scramp>=1.4.5,<2'",
    ]


def test_system() -> None:
    """Systems for which maillab is made are well; on another one the manual says what works."""
    assert [checks.system(name).verdict for name in ("Linux", "macOS", "WSL", "Windows")] == ["ok", "ok", "ok", "warn"]
    assert checks.system("Windows").todo == "maillab help platforms"


def test_python_and_sqlite() -> None:
    """This Python will do; an SQLite that is too old will not."""
    assert checks.python().verdict == "ok"
    assert [checks.sqlite(version).verdict for version in ("3.34.1", "3.35.0", "3.40.1")] == ["fail", "ok", "ok"]


def test_loopback() -> None:
    """Sockets of this computer reach each other."""
    assert checks.loopback() == Check(CheckVerdict.OK, "sockets on 127.0.0.1 work")


def test_loopback_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sockets are forbidden, that is said."""

    def denied(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(socket, "create_server", denied)
    assert checks.loopback().verdict == "fail"


def test_doors() -> None:
    """The ports of a lab are those of its configuration; shut doors and those to be picked are none."""
    assert len(checks.doors(default())) == 15
    site = Site("sender.test", ports={"smtp": 0, "pop3": -1, "imap": -1}, tls=False)
    assert checks.doors(Config((site,), dns_port=0)) == [(1587, "submission of sender.test")]
    assert checks.doors(Config((site,), dns_port=0, http_port=8025))[-1] == (8025, "HTTP")


def test_ports() -> None:
    """A port that is taken is named with its owner and the command that helps; our own lab's is no trouble."""
    [port] = free_ports(1)
    with socket.create_server(("127.0.0.1", port)):
        wanted = [(port, "smtp of sender.test")]
        [busy] = checks.ports(wanted, {port: Owner(42, "mailhog")}, None)
        [unknown] = checks.ports(wanted, {}, None)
        [own] = checks.ports(wanted, {port: Owner(42, "python")}, 42)
    [free] = checks.ports(wanted, {}, None)
    assert (busy.verdict, busy.what) == ("warn", f"used by mailhog (process 42): port {port} (smtp of sender.test)")
    assert busy.todo == "maillab serve --ports auto; or stop it: kill 42"
    assert (unknown.verdict, unknown.todo) == ("warn", "maillab serve --ports auto")
    assert [own.verdict, free.verdict] == ["ok", "ok"]


def test_datagrams() -> None:
    """The name server needs its port for datagrams too."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert verdicts(checks.ports([(port, "the name server")], {}, None)) == ["warn"]


def test_folder(tmp_path: Path) -> None:
    """A folder that is not there is not made; one with a lab in it names the process."""
    assert verdicts(checks.folder(tmp_path / "a" / "b")) == ["ok", "ok", "ok"]
    assert not (tmp_path / "a").exists()
    with LabFolder(tmp_path):
        first = next(checks.folder(tmp_path))
    assert f"process {os.getpid()}" in first.what
    (tmp_path / "file").touch()
    assert verdicts(checks.folder(tmp_path / "file")) == ["fail"]


def test_folder_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No leave to write, no room, no fsync: each fails with what to do."""

    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5 << 20}))
    found = list(checks.folder(tmp_path))
    assert [check.verdict for check in found] == ["ok", "fail", "fail"]
    assert all("--lab DIR" in check.todo for check in found[1:])
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert verdicts(checks.folder(tmp_path)) == ["ok", "fail"]


class Terminal(io.StringIO):
    """A terminal of an encoding."""

    encoding = "ascii"

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_terminal() -> None:
    """Encoding and colours are told; an encoding without accents is a warning."""
    assert verdicts(checks.terminal(Terminal(), {"TERM": "xterm"})) == ["warn", "ok"]
    assert [check.what for check in checks.terminal(Terminal(), {"TERM": "dumb"})][1] == "no colours (TERM=dumb)"
    assert [check.what for check in checks.terminal(Terminal(), {"NO_COLOR": "1"})][1] == "no colours (NO_COLOR)"


def test_tools() -> None:
    """Missing tools are a warning, because nothing needs them."""
    assert verdicts(checks.tools(lambda _: None)) == ["warn"]
    assert verdicts(checks.tools(lambda tool: tool)) == ["ok"]
    missing = list(checks.tools(lambda tool: None if tool == "dig" else tool))[1]
    assert missing.todo == "apt-get install dnsutils"
