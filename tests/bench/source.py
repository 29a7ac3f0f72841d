"""Messages from outside: `smtp-source` of the Postfix package, and a count of what arrived in a Maildir."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 10
OCTETS = 1024
LOOK = 0.05  # seconds between two counts: counting thousands of names costs milliseconds that the machines should have
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


@dataclass(frozen=True)
class Load:
    """How messages are handed over: their size, on how many connections at a time, and whether a connection is kept
    for the next message."""

    octets: int = OCTETS
    connections: int = CONNECTIONS
    kept: bool = False


USUAL = Load()


def send(port: int, messages: int, load: Load = USUAL) -> None:
    """Hand over `messages` messages to bob. Raises RuntimeError."""
    command = [
        "smtp-source",
        "-s",
        str(load.connections),
        "-m",
        str(messages),
        "-l",
        str(load.octets),
        "-M",
        "client.test",
    ]
    command += ["-d"] if load.kept else []
    command += ["-f", "alice@sender.test", "-t", "bob@recipient.test", f"127.0.0.1:{port}"]
    done = subprocess.run(
        command, env={**os.environ, "PATH": PATH}, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode or done.stderr.strip():
        raise RuntimeError(f"smtp-source: {done.stderr.strip() or done.returncode}")


def count(folder: Path) -> int:
    """How many messages lie in a folder; none when it does not exist yet."""
    try:
        with os.scandir(folder) as entries:
            return sum(1 for _ in entries)
    except FileNotFoundError:
        return 0


def wait_for_count(folder: Path, messages: int, seconds: float = 120.0) -> None:
    """Return when `messages` messages lie in the folder. Raises TimeoutError after `seconds` without a new one."""
    seen, last = -1, time.monotonic()
    while (now := count(folder)) < messages:
        if now != seen:
            seen, last = now, time.monotonic()
        if time.monotonic() - last > seconds:
            raise TimeoutError(f"{now} of {messages} messages in {folder}")
        time.sleep(LOOK)


def accepted_a_second(port: int, messages: int) -> float:
    """Messages a second that the server at `port` promised to keep (its 250 after the message)."""
    began = time.perf_counter()
    send(port, messages)
    return messages / (time.perf_counter() - began)
