"""What holds for every test: no wire out of this computer, no file outside pytest's folder, asyncio in debug mode."""

import os
import tempfile
from collections.abc import Iterator

import pytest

from tests.guard import GUARD


@pytest.fixture(scope="session", autouse=True)
def _own_grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Home, configuration and temporary files of this run live in pytest's folder, in this process and its children."""
    base = tmp_path_factory.getbasetemp()
    scratch, home = base / "scratch", base / "home"
    scratch.mkdir()
    home.mkdir()
    GUARD.grounds = (str(base.resolve()), str(base.absolute()))
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("XDG_", "MAILLAB_")) and name != "MAILLAB_JUDGES"]:
            patch.delenv(name)
        for name in [name for name in os.environ if name.startswith("LC_")]:
            patch.delenv(name)
        patch.setenv("LANG", "C.UTF-8")  # what is said does not depend on the language of this computer
        patch.setenv("HOME", str(home))
        patch.setenv("TMPDIR", str(scratch))
        patch.setattr(tempfile, "tempdir", str(scratch))
        yield


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that reaches outside, even when the code under test swallowed the error."""
    # As PYTHONASYNCIODEBUG=1, in this process only: a command that a test starts runs as a person would run it.
    monkeypatch.setattr("asyncio.coroutines._is_debug_mode", lambda: True)
    GUARD.caught.clear()
    GUARD.active = True
    yield
    GUARD.active = False
    if GUARD.caught:
        pytest.fail("out of bounds: " + "; ".join(GUARD.caught), pytrace=False)
