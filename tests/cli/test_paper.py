"""A line reaches every terminal."""

import io
import sys

import pytest

from maillab.cli.paper import colours, put


def test_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the terminal's encoding lacks becomes an escape."""
    octets = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(octets, encoding="ascii"))  # T281
    put("Chào")
    assert octets.getvalue() == b"Ch\\xe0o\n"


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are for terminals that did not say no."""
    for terminal, environ, expected in ((True, {}, True), (True, {"NO_COLOR": ""}, False), (False, {}, False)):
        monkeypatch.setattr(sys.stdout, "isatty", lambda terminal=terminal: terminal, raising=False)
        monkeypatch.setattr("os.environ", {"TERM": "xterm", **environ})
        assert colours() is expected
