"""A stage for every test of the window, under each of asyncio's ways to start a task."""

import socket

import pytest

from tests.tui import openings
from tests.tui.windows import FACTORIES, OpenWindow, Stage


@pytest.fixture(params=FACTORIES)
def stage(request, tmp_path, monkeypatch):
    """Opens windows in the test's folder; nothing moves by itself in them."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.chdir(tmp_path)
    return Stage(tmp_path, request.param)


@pytest.fixture(scope="module", params=FACTORIES)
def opened(request, tmp_path_factory):
    """Opens windows that all tests of a module look at; they are left when its last test has ended."""
    windows = []

    def open_window(opening, again, **given):
        windows.append(OpenWindow(tmp_path_factory.mktemp("window"), request.param, opening, again, **given))
        return windows[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTUAL_ANIMATIONS", "none")
        yield open_window
        for window in windows:
            window.close()


@pytest.fixture(scope="module")
def lab_window(opened):
    """A window on a lab that runs, in the Lab mode, for tests that leave the lab as it was."""
    return opened(openings.a_lab, openings.a_lab_again)


@pytest.fixture(scope="module")
def wire_window(opened):
    """A window in which a message has crossed, and the wire is looked at."""
    return opened(openings.crossed, openings.crossed_again)


@pytest.fixture
def taken():
    """A port that somebody else has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]
