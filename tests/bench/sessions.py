"""What sessions cost: recording one while mail goes on, and opening one of a million entries."""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from maillab.recording.library import SessionFile
from maillab.recording.session import Header, encode_entry, encode_header, load
from tests.bench.measure import Side, alternate, summary, table
from tests.bench.source import accepted_a_second, send
from tests.serving import ROOT, Serving

MILLION = 1_000_000
SCREEN = 40  # entries


def record(rounds: int, messages: int, warm_up: int, tell: Callable[[str], None]) -> str:
    """Messages a second that the recipient's MX has stored, with and without a record of it."""

    def rate(*arguments: str) -> float:
        with Serving("--quiet", *arguments, keep=False, afresh=True) as lab:
            send(lab.port("smtp"), warm_up)
            return accepted_a_second(lab.port("smtp"), messages)

    with tempfile.TemporaryDirectory() as folder:
        sides: dict[str, Side] = {
            "recorded": lambda: rate("--record", str(Path(folder) / "s.maillab")),
            "plain": rate,
        }
        return table("record: messages/s with --record, and without", alternate(sides, rounds, tell))


def session(rounds: int, tell: Callable[[str], None]) -> str:
    """A session of a million entries: its size, its first screen, a seek to its middle, the whole of it in a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "million.maillab"
        _write(plain)
        packed = plain.with_name(plain.name + ".gz")
        with plain.open("rb") as source, gzip.open(packed, "wb", 6) as target:
            shutil.copyfileobj(source, target)
        rows = [f"session: {MILLION} entries; {_size(plain)} MB, packed {_size(packed)} MB"]
        for name, path in (("plain", plain), ("packed", packed)):
            rows.append("  " + summary(f"{name}, screen", [_first_screen(path) for _ in range(rounds)], 2))
            rows.append("  " + summary(f"{name}, seek", [_seek(path) for _ in range(rounds)], 2))
        tell("  printing all of it")
        seconds, peak = _print(plain)
        return "\n".join([*rows, f"  printed in {seconds:.1f} s, at most {peak:.0f} MiB"])


def _write(path: Path) -> None:
    """The story of the seven steps again and again, each line a millisecond after the one before."""
    story = load(ROOT / "examples" / "sessions" / "seven-steps.maillab").entries
    shape = [encode_entry(entry).split(b'"n":%d,' % entry.seq, 1) for entry in story]
    with path.open("wb") as file:
        file.write(encode_header(Header("a million entries")))
        for number in range(1, MILLION + 1):
            before, after = shape[(number - 1) % len(shape)]
            _, _, rest = after.partition(b',"')
            file.write(b'%b"n":%d,"t":%.3f,"%b' % (before, number, 1.79e9 + number / 1000, rest))


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f}"


def _first_screen(path: Path) -> float:
    began = time.perf_counter()
    with SessionFile(path) as file:
        assert len(file.slice(0, SCREEN)) == SCREEN
    return time.perf_counter() - began


def _seek(path: Path) -> float:
    began = time.perf_counter()
    with SessionFile(path) as file:
        assert file.slice(MILLION // 2, MILLION // 2 + SCREEN)[0].seq == MILLION // 2 + 1
    return time.perf_counter() - began


def _print(path: Path) -> tuple[float, float]:
    """Seconds, and the peak of its memory in MiB."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "maillab", "replay", str(path), "--print", "--speed", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        while os.read(process.stdout.fileno(), 1 << 20):
            pass
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - began, used.ru_maxrss / 1024
