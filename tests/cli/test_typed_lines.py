"""Lines come one by one, when they are asked for, from whatever stdin is."""

import io
import os
import queue
import sys

import pytest

from maillab.cli.typed_lines import Keyboard
from tests.cli.calling import pipe


def typed(count: int) -> list[bytes | None]:
    """Ask for so many lines."""
    got: queue.Queue[bytes | None] = queue.Queue()
    keyboard = Keyboard(got.put)
    assert not keyboard.is_person
    lines = []
    for _ in range(count):
        assert got.empty()
        keyboard.ask()
        lines.append(got.get(timeout=20))
    keyboard.close()
    return lines


LINES = b"EHLO x\r\n\n\xffa\rb\nQUIT"
TYPED = [b"EHLO x", b"", b"\xffa\rb", b"QUIT", None]


def test_octets_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines lose their ends and nothing else; the last needs none."""
    pipe(monkeypatch, LINES)
    assert typed(5) == TYPED


@pytest.mark.parametrize("cut", range(len(LINES) + 1))
def test_pipe(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe is read as it comes, cut anywhere."""
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        os.write(writing, LINES[:cut])
        got: queue.Queue[bytes | None] = queue.Queue()
        keyboard = Keyboard(got.put)
        lines: list[bytes | None] = []
        for _ in range(LINES[:cut].count(b"\n")):
            keyboard.ask()
            lines.append(got.get(timeout=20))
        os.write(writing, LINES[cut:])
        os.close(writing)
        while not lines or lines[-1] is not None:
            keyboard.ask()
            lines.append(got.get(timeout=20))
        keyboard.close()
    assert lines == TYPED


def test_no_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stdin that is closed has ended."""
    stdin = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdin", stdin)
    assert typed(1) == [None]
