"""Letters from outside: `smtp-source` of the Postfix package, and a count of what arrived in a Maildir."""

import os
import subprocess
import time
from pathlib import Path

CONNECTIONS = 10
OCTETS = 1024
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def send(port: int, letters: int, *, octets: int = OCTETS, connections: int = CONNECTIONS) -> None:
    """Hand over `letters` letters, each on a connection of its own, `connections` at a time. Raises RuntimeError."""
    command = [
        "smtp-source",
        "-s",
        str(connections),
        "-m",
        str(letters),
        "-l",
        str(octets),
        "-M",
        "client.test",
    ]
    command += ["-f", "alice@sender.test", "-t", "bob@recipient.test", f"127.0.0.1:{port}"]
    done = subprocess.run(
        command, env={**os.environ, "PATH": PATH}, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode or done.stderr.strip():
        raise RuntimeError(f"smtp-source: {done.stderr.strip() or done.returncode}")


def count(folder: Path) -> int:
    """How many letters lie in a folder; none when it does not exist yet."""
    try:
        with os.scandir(folder) as entries:
            return sum(1 for _ in entries)
    except FileNotFoundError:
        return 0


def wait_for_count(folder: Path, letters: int, seconds: float = 120.0) -> None:
    """Return when `letters` letters lie in the folder. Raises TimeoutError after `seconds` without a new one."""
    seen, last = -1, time.monotonic()
    while (now := count(folder)) < letters:
        if now != seen:
            seen, last = now, time.monotonic()
        if time.monotonic() - last > seconds:
            raise TimeoutError(f"{now} of {letters} letters in {folder}")
        time.sleep(0.01)


def accepted_a_second(port: int, letters: int) -> float:
    """Letters a second that the server at `port` promised to keep (its 250 after the letter)."""
    began = time.perf_counter()
    send(port, letters)
    return letters / (time.perf_counter() - began)


def stored_a_second(port: int, letters: int, folder: Path) -> float:
    """Letters a second from the first hand-over at `port` until the last lies in `folder`."""
    before = count(folder)
    began = time.perf_counter()
    send(port, letters)
    wait_for_count(folder, before + letters)
    return letters / (time.perf_counter() - began)
