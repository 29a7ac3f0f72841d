"""The owner of a port is found in /proc, as far as one may look."""

import os
import socket
from pathlib import Path

from maillab.listeners import Owner, inodes, listeners

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0401 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1 0 100 0 0 10 0
   1: 00000000:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 778 1 0 100 0 0 10 0
   2: 0A00000A:0402 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 779 1 0 100 0 0 10 0
   3: 0100007F:0403 0100007F:0401 01 00000000:00000000 00:00000000 00000000  1000        0 780 1 0 100 0 0 10 0
   broken line
"""


def test_table() -> None:
    """Listeners on loopback or everywhere stand in our way; others, and connections, do not."""
    assert inodes(TCP, "0A") == {1025: "777", 25: "778"}


def test_owners(tmp_path: Path) -> None:
    """A socket's process is named where its descriptors can be read."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TCP)
    (tmp_path / "42" / "fd").mkdir(parents=True)
    (tmp_path / "42" / "comm").write_text("mailhog\n")
    (tmp_path / "42" / "fd" / "3").symlink_to("socket:[777]")
    (tmp_path / "43").mkdir()
    assert listeners(tmp_path) == {1025: Owner(42, "mailhog"), 25: None}
    assert str(Owner(42, "mailhog")) == "mailhog (process 42)"
    assert listeners(tmp_path / "none") == {}


def test_a_maillab_is_called_so(tmp_path: Path) -> None:
    """Its process is one of Python; what it runs tells which."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(TCP)
    (tmp_path / "42" / "fd").mkdir(parents=True)
    (tmp_path / "42" / "comm").write_text("python\n")
    (tmp_path / "42" / "fd" / "3").symlink_to("socket:[777]")
    (tmp_path / "42" / "cmdline").write_bytes(b"/x/python\0-m\0maillab\0serve\0")
    assert listeners(tmp_path)[1025] == Owner(42, "maillab")
    (tmp_path / "42" / "cmdline").write_bytes(b"/x/python\0-m\0http.server\0")
    assert listeners(tmp_path)[1025] == Owner(42, "python")


def test_this_computer() -> None:
    """A server of this very process is found."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        owner = listeners().get(server.getsockname()[1])
    if Path("/proc/net/tcp").exists():
        assert owner is not None
        assert owner.pid == os.getpid()
