"""A line reaches every terminal."""

import io
import sys

import pytest

from maillab.cli.paper import put


def test_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal's encoding lacks becomes an escape."""
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))  # T281
    put("Chào")
    assert octets.getvalue() == b"Ch\\xe0o\n"
