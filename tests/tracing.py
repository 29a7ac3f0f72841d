"""strace between a running process and the kernel: calls of the system that fail, or take their time."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support import need, wait_until


@contextlib.contextmanager
def traced(pid: int, calls: str, what: str) -> Iterator[None]:
    """Meanwhile this happens to these calls of a process, in all its threads: "error=EIO", "delay_enter=5000000"."""
    inject = f"inject={calls}:{what}"
    command = [need("strace"), "-f", "-q", "-e", f"trace={calls}", "-e", inject, "-o", os.devnull, "-p", str(pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        try:
            wait_until(lambda: tracer.poll() is not None or _is_traced(pid))
            assert tracer.poll() is None, tracer.stderr and tracer.stderr.read()
            yield
        finally:
            tracer.terminate()


def _is_traced(pid: int) -> bool:
    """All its threads are: one that begins from now on is traced from its beginning."""
    try:
        statuses = [(task / "status").read_bytes() for task in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):  # one of them has just ended
        return False
    return all(b"TracerPid:\t0\n" not in status for status in statuses)
