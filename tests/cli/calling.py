"""Running commands inside the test, and a lab that runs already in a folder."""

import asyncio
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from maillab.cli.main import run as run_command
from maillab.config import default
from maillab.folder import LabFolder
from maillab.lab import Lab
from tests.wire.scripted import Script, play


def call(*argv: str) -> int:
    """One command line; its exit code, also where argparse ends it."""
    try:
        return run_command(argv)
    except SystemExit as end:
        return int(end.code or 0)


def pipe(monkeypatch: pytest.MonkeyPatch, octets: bytes) -> None:
    """Stdin is a pipe that holds these octets."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(octets)))


def against(script: Script | str, command: Callable[[str], list[str]], **options: Any) -> int:
    """Run a command, made for 127.0.0.1:PORT, against a server that knows one dialogue; its exit code."""
    result: int = play(script, lambda port: asyncio.to_thread(call, *command(f"127.0.0.1:{port}")), **options)
    return result


def beside(folder: Path, *commands: list[str]) -> list[int]:
    """Run commands while a lab lives in `folder`, on ports that only its notice tells; their exit codes."""

    async def both() -> list[int]:
        with LabFolder(folder):
            async with Lab(default(), folder, auto_ports=True):
                return [await asyncio.to_thread(call, *command) for command in commands]

    return asyncio.run(both())
