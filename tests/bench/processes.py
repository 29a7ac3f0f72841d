"""What Linux tells of processes: their memory, and how long they were on a processor."""

import os
import time
from collections.abc import Callable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def resident(pid: int, field: str = "VmRSS") -> float:
    """A line of /proc/PID/status, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def used(pid: int) -> float:
    """Seconds that all threads of a process were on a processor."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def family(pid: int) -> list[int]:
    """A process and all that it has started, less those that end meanwhile."""
    return [pid, *(one for path in Path(f"/proc/{pid}/task").glob("*/children") for one in _offspring(path))]


def _offspring(told: Path) -> list[int]:
    try:
        return [one for child in told.read_text().split() for one in family(int(child))]
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended just now


def others() -> float:
    """Seconds that the processors were busy, or taken away from us, for anybody but us and ours."""
    user, nice, system, _idle, _wait, *rest = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9])
    return (user + nice + system + sum(rest)) / TICKS - sum(os.times()[:4])


def private(pid: int) -> float:
    """MiB of a process; of a page that several share, each has its part (proc(5): Pss). 0.0 when it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0


def ever_used(pid: int) -> float:
    """Seconds of a process, and of those children of it that have ended (proc(5): utime, stime, cutime, cstime)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it ended just now: its parent tells of it
    return sum(map(int, fields[11:15])) / TICKS


class Noise:
    """How busy the machine is with what is not ours. `known` gives the seconds of processes that are, and go on."""

    def __init__(self, known: Callable[[], float] = lambda: 0.0) -> None:
        self._known = known
        self._began, self._others = time.perf_counter(), others() - known()

    def __str__(self) -> str:
        busy = (others() - self._known() - self._others) / (time.perf_counter() - self._began) / (os.cpu_count() or 1)
        return f"  others kept {max(0.0, 100 * busy):.0f} % of the processors busy meanwhile"
