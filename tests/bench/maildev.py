"""MailDev of npm, a yardstick: `npm install maildev`, its folder node_modules/.bin in PATH."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.bench.ports import until_open
from tests.support import free_ports


class MailDev(NamedTuple):
    """One that works: its process, where mail comes in, and where it is asked for it."""

    pid: int
    smtp: int
    http: int


@contextmanager
def maildev() -> Iterator[MailDev]:
    """Start it, with a folder of its own. Raises `FileNotFoundError`."""
    if (program := shutil.which("maildev")) is None:
        raise FileNotFoundError("maildev is missing: npm install maildev, and its node_modules/.bin in PATH")
    smtp, http = free_ports(2)
    with tempfile.TemporaryDirectory() as folder:
        ports = ["--smtp", str(smtp), "--web", str(http), "--ip", "127.0.0.1", "--web-ip", "127.0.0.1"]
        command = [program, "--silent", "--mail-directory", folder, *ports]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                until_open(smtp, "maildev")
                until_open(http, "maildev")
                yield MailDev(process.pid, smtp, http)
            finally:
                process.terminate()
