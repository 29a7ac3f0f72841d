"""A stage for every test of the window, under each of asyncio's ways to start a task."""

import pytest

from tests.tui.windows import FACTORIES, Stage


@pytest.fixture(params=FACTORIES)
def stage(request, tmp_path, monkeypatch):
    """Opens windows in the test's folder; nothing moves by itself in them."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path, request.param)
