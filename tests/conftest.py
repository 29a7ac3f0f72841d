"""What holds for every test: no wire out of this computer, no file outside pytest's folder, asyncio in debug mode."""

import contextlib
import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

from tests.guard import GUARD
from tests.nest import leave_nests

# what fails once fails again; `--hypothesis-profile=default` tries new examples
settings.register_profile("maillab", derandomize=True, deadline=None)
settings.load_profile("maillab")


def pytest_addoption(parser: pytest.Parser) -> None:
    """For tests/test_chance.py."""
    group = parser.getgroup("chance")
    group.addoption("--chance-seconds", type=float, help="play each for so long, of a processor")
    group.addoption("--chance-seed", type=int, help="begin with this seed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was played by chance."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "chance":
                terminalreporter.write_line(value)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Test in several processes; in one with `-n0`, `-s`, `--pdb`, for one file, and without xdist."""
    is_worker = hasattr(config, "workerinput") or "PYTEST_XDIST_WORKER" in os.environ
    one_file = len(config.args) == 1 and ".py" in config.args[0]
    if is_worker or one_file or config.option.capture == "no" or not config.pluginmanager.hasplugin("xdist"):
        return
    if config.option.numprocesses is None:
        config.option.numprocesses, config.option.dist = "auto", "worksteal"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: a test waits for a quarter of its time, for a disk, for a clock, for another program."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores * 3 // 2)


def pytest_collection_finish() -> None:
    """What stands before the first test stays until the last: no collector looks through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """One of several processes begins to import the tests where no other does: each file is compiled by whoever is first."""
    if not (worker := getattr(session.config, "workerinput", None)):
        return
    sys.dont_write_bytecode = False  # else, as containers have it, each of them compiles everything
    given = [Path(argument.partition("::")[0]).absolute() for argument in session.config.args]
    files = [file for place in given for file in ([place] if place.suffix else sorted(place.rglob("test_*.py")))]
    begin = len(files) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for file in (*files[begin:], *files[:begin]):
        with contextlib.suppress(Exception, pytest.skip.Exception):  # pytest will meet it, and tell
            importlib.import_module(".".join(file.relative_to(session.config.rootpath).with_suffix("").parts))


class Examples:
    """A plugin, as what stands in this file is for what stands in this folder."""

    @staticmethod
    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """Look for no examples in the docstrings of a file that has none: to see that takes longer than to read it."""
        found = yield
        if file_path.suffix == ".py" and ">>>" not in file_path.read_text(encoding="utf-8"):
            return [one for one in found if not isinstance(one, DoctestModule)]
        return found


def pytest_configure(config: pytest.Config) -> None:
    """Everywhere."""
    config.pluginmanager.register(Examples)


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
        for name in ("COLUMNS", "LINES"):  # xdist sets them; a program would believe them rather than its terminal
            patch.delenv(name, raising=False)
        patch.setenv("LANG", "C.UTF-8")  # what is said does not depend on the language of this computer
        patch.setenv("HOME", str(home))
        patch.setenv("TMPDIR", str(scratch))
        patch.setattr(tempfile, "tempdir", str(scratch))
        # As PYTHONASYNCIODEBUG=1, in this process only: a command that a test starts runs as a person would run it.
        patch.setattr("asyncio.coroutines._is_debug_mode", lambda: True)
        # But where each callback and future was born is not noted: that would be a tenth of all the time.
        patch.setattr("asyncio.constants.DEBUG_STACK_DEPTH", 0)
        patch.setattr("asyncio.format_helpers.extract_stack", lambda *_: None)  # as Python's part of asyncio asks
        patch.setattr("traceback.extract_stack.__defaults__", (None, 0))  # as the part in C does
        yield
        leave_nests()


@pytest.fixture(autouse=True)
def _guarded() -> Iterator[None]:
    """Fail a test that reaches outside, even when the code under test swallowed the error."""
    GUARD.caught.clear()
    GUARD.active = True
    yield
    GUARD.active = False
    if GUARD.caught:
        pytest.fail("out of bounds: " + "; ".join(GUARD.caught), pytrace=False)
