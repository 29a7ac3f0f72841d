"""The pytest plugin: labs and addresses as fixtures, and what was said in the report of a test that fails.

Rules for this file: pytest imports it in every project where maillab is installed, so that nothing of the lab is
imported before a fixture is asked for.
"""

import re
import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pytest

from maillab.testing.plainly import plainly

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.testing.inbox import Inbox
    from maillab.testing.lab import RunningLab

LINES = 60  # of the report

_began = pytest.StashKey["WeakKeyDictionary[RunningLab, int]"]()  # of a test: where the labs were that ran before it


@pytest.fixture(scope="session")
def maillab_config() -> "Config":
    """The configuration of the labs; override it to have another one, with `scope="session"` also for `maillab_lab`."""
    plainly("maillab.testing.lab")
    from maillab.config import default

    return default()


@pytest.fixture
def maillab(maillab_config: "Config", tmp_path_factory: pytest.TempPathFactory) -> Iterator["RunningLab"]:
    """A lab of this test's own, on free ports: empty mailboxes, no other mail."""
    from maillab.testing import RunningLab

    with RunningLab(maillab_config, tmp_path_factory.mktemp("maillab")) as running:
        yield running


@pytest.fixture(scope="session")
def maillab_lab(maillab_config: "Config", tmp_path_factory: pytest.TempPathFactory) -> Iterator["RunningLab"]:
    """One lab for all tests of the session, on free ports: with `maillab_inbox` no test sees the mail of another."""
    from maillab.testing import RunningLab

    with RunningLab(maillab_config, tmp_path_factory.mktemp("maillab")) as running:
        yield running


@pytest.fixture
def maillab_inbox(request: pytest.FixtureRequest) -> "Inbox":
    """An address of this test's own: in its own lab where it asks for `maillab`, else in the session's."""
    running: RunningLab = request.getfixturevalue("maillab" if "maillab" in request.fixturenames else "maillab_lab")
    return running.inbox(re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:40].strip("-") or "test")


# ── the report ──


def _labs() -> "list[RunningLab]":
    """Every lab of this process that is still known to somebody, also those that no fixture has started."""
    module = sys.modules.get("maillab.testing.lab")
    return sorted(module.STARTED, key=lambda running: running.number) if module else []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember how far the labs are that run before the test."""
    item.stash[_began] = WeakKeyDictionary({running: running.entries_so_far for running in _labs()})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what was said to the report of a test that fails; that nothing was, where it asked for a lab."""
    report = yield
    if report.failed:
        began = item.stash.get(_began, WeakKeyDictionary())
        asked = any(name.startswith("maillab") for name in getattr(item, "fixturenames", ()))
        given = set(map(id, getattr(item, "funcargs", {}).values()))
        labs = [running for running in _labs() if asked or id(running) in given or running not in began]
        said = [text for running in labs if (text := running.said(LINES, began.get(running, 0)))]
        report.sections += [(f"maillab: the last {LINES} lines that were said", text) for text in said]
        if asked and not said:
            report.sections.append(("maillab", "nothing was said"))
    return report
