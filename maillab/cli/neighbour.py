"""Is a lab running already? Who holds a lab folder, and where that lab's doors should be."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillab.config import Config

HOST = "127.0.0.1"


def holder(folder: Path) -> int | None:
    """The process that lives in a lab folder, 0 when it cannot be told, `None` when nobody does. Writes nothing."""
    try:
        lock = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(lock, 32).strip()
        return int(pid) if pid.isdigit() else 0
    finally:
        os.close(lock)
    return None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A lab that another process runs, as its configuration describes it."""

    pid: int
    folder: Path
    config: "Config"

    @property
    def authority(self) -> Path:
        """The certificate that its clients trust."""
        return self.folder / "ca" / "ca.pem"

    def port(self, domain: str, service: str) -> int:
        """Where the service of a site should answer; it does not when the lab took free ports. Raises `LookupError`."""
        for index, site in enumerate(self.config.sites):
            if site.domain == domain:
                return self.config.port(index, service)
        raise LookupError(domain)

    def silent(self, port: int, command: str) -> str:
        """What to say when nobody answers at that port."""
        return (
            f"a lab runs in {self.folder} (process {self.pid or 'unknown'}), but not at {HOST} port {port}\n"
            f"  perhaps it took free ports; it printed them: {command} {HOST}:PORT\n"
            f"  or leave it alone and take a lab of your own: add --ephemeral"
        )
