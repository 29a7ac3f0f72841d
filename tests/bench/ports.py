"""Ports of other programs: when somebody answers there."""

import socket
from pathlib import Path

from tests.support import holds_soon


def until_open(port: int, program: str, log: Path | None = None) -> None:
    """Return when the program answers at the port. Raises `RuntimeError`, with what its log says."""
    if not holds_soon(lambda: _is_open(port), 60):
        raise RuntimeError(f"{program} did not start: {log.read_text() if log and log.exists() else 'no log'}")


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
