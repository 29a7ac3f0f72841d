"""The guard fails what it must fail, and lets everything else pass."""

import asyncio
import os
import socket
import sqlite3
import tempfile
from pathlib import Path

import pytest

from tests.guard import GUARD, OutOfBounds
from tests.support import run

ABROAD = ("192.0.2.1", 25)  # TEST-NET-1 (RFC 5737): belongs to nobody


@pytest.fixture
def forgiven():
    """What these tests provoke on purpose does not fail them."""
    yield
    assert GUARD.caught, "the guard did not remember"
    GUARD.caught.clear()


@pytest.mark.usefixtures("forgiven")
class TestOutOfBounds:
    """What a test may not do."""

    @pytest.mark.parametrize("method", ["connect", "connect_ex"])
    def test_connect(self, method):
        """A connection to another computer is refused before a packet leaves."""  # T157
        with socket.socket() as wire, pytest.raises(OutOfBounds, match=r"reaches out to 192\.0\.2\.1:25"):
            getattr(wire, method)(ABROAD)

    def test_datagram(self):
        """A datagram to another computer is refused, as sendto and as sendmsg."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            with pytest.raises(OutOfBounds):
                wire.sendto(b"x", ABROAD)
            with pytest.raises(OutOfBounds):
                wire.sendmsg([b"x"], [], 0, ABROAD)

    def test_asyncio(self):
        """A connection by asyncio is refused too."""
        with pytest.raises(OutOfBounds):
            run(asyncio.open_connection(*ABROAD))

    def test_name(self):
        """A name is never asked of the system's resolver."""
        with pytest.raises(OutOfBounds, match=r"mx\.example"):
            socket.getaddrinfo("mx.example", 25)

    def test_swallowed(self):
        """An error that the code under test swallows is remembered."""
        try:
            socket.create_connection(ABROAD, timeout=1)
        except OSError:
            pass
        assert GUARD.caught == ["a test reaches out to 192.0.2.1:25; only 127.0.0.0/8 and ::1 are allowed"]

    @pytest.mark.parametrize(
        "write",
        [
            lambda path: path.write_text("x"),
            lambda path: os.open(path, os.O_CREAT | os.O_WRONLY),
            lambda path: path.mkdir(),
            lambda path: path.unlink(),
            lambda path: path.symlink_to("/dev/null"),
            lambda path: path.rename(path.with_suffix(".b")),
            lambda path: path.chmod(0o600),
            lambda path: os.utime(path),
            lambda path: os.truncate(path, 0),
            lambda path: sqlite3.connect(path),
        ],
        ids=[
            "write",
            "os.open",
            "mkdir",
            "unlink",
            "symlink",
            "rename",
            "chmod",
            "utime",
            "truncate",
            "sqlite",
        ],
    )
    def test_write(self, write):
        """Nothing outside pytest's folder is written, made, moved or removed."""
        path = Path("/maillab-must-not-exist")
        with pytest.raises(OutOfBounds, match="writes /maillab-must-not-exist"):
            write(path)
        assert not path.exists()

    def test_relative(self):
        """A relative name in the project's own folder is outside too."""
        with pytest.raises(OutOfBounds):
            Path("stray.txt").write_text("x")

    def test_below_an_open_folder(self):
        """A name relative to an open folder is judged by that folder."""
        folder = os.open("/", os.O_RDONLY)
        try:
            with pytest.raises(OutOfBounds, match="writes /maillab-must-not-exist"):
                os.mkdir("maillab-must-not-exist", dir_fd=folder)
        finally:
            os.close(folder)


class TestWithinBounds:
    """What a test may do."""

    def test_loopback(self):
        """A connection on loopback works, by address and by name."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            for host in ("127.0.0.1", "localhost"):
                socket.create_connection((host, port), timeout=5).close()

    def test_files(self, tmp_path):
        """Files under tmp_path, temporary files and /dev/null may be written, and any file read."""
        (tmp_path / "a").write_text("x")
        (tmp_path / "a").rename(tmp_path / "b")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "c").write_bytes(b"y")
        Path("/dev/null").write_bytes(b"z")
        sqlite3.connect(":memory:").close()
        sqlite3.connect(tmp_path / "d.db").close()
        assert Path(__file__).read_bytes()

    def test_debug(self):
        """Every loop of a test is in debug mode, so that lost tasks and wrong threads surface."""

        async def debugging() -> bool:
            return asyncio.get_running_loop().get_debug()

        assert run(debugging())
