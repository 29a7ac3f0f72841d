"""The pytest plugin: labs and addresses as fixtures, and what was said in the report of a test that fails.

Rules for this file: pytest imports it in every project where maillab is installed, so that nothing of the lab is
imported before a fixture is asked for.
"""

import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

from maillab.testing.plainly import plainly

if TYPE_CHECKING:
    from maillab.config import Config
    from maillab.testing.inbox import Inbox
    from maillab.testing.lab import RunningLab

LINES = 60  # of the report

_shared = pytest.StashKey["RunningLab"]()  # of the session: its lab
_heard = pytest.StashKey[list[tuple["RunningLab", int]]]()  # of a test: its labs, and after which entry it began


@pytest.fixture(scope="session")
def maillab_config() -> "Config":
    """The configuration of the labs; override it to have another one, with `scope="session"` also for `maillab_lab`."""
    plainly("maillab.testing.lab")
    from maillab.config import default

    return default()


@pytest.fixture
def maillab(
    request: pytest.FixtureRequest, maillab_config: "Config", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["RunningLab"]:
    """A lab of this test's own, on free ports: empty mailboxes, no other mail."""
    from maillab.testing import RunningLab

    with RunningLab(maillab_config, tmp_path_factory.mktemp("maillab")) as running:
        _listen(request, running)
        yield running


@pytest.fixture(scope="session")
def maillab_lab(
    request: pytest.FixtureRequest, maillab_config: "Config", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["RunningLab"]:
    """One lab for all tests of the session, on free ports: with `maillab_inbox` no test sees the mail of another."""
    from maillab.testing import RunningLab

    with RunningLab(maillab_config, tmp_path_factory.mktemp("maillab")) as running:
        request.session.stash[_shared] = running
        yield running
        del request.session.stash[_shared]


@pytest.fixture
def maillab_inbox(request: pytest.FixtureRequest) -> "Inbox":
    """An address of this test's own: in its own lab where it asks for `maillab`, else in the session's."""
    own = "maillab" in request.fixturenames
    running: RunningLab = request.getfixturevalue("maillab" if own else "maillab_lab")
    if not own:
        _listen(request, running)
    return running.inbox(re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:40].strip("-") or "test")


# ── the report ──


def _listen(request: pytest.FixtureRequest, running: "RunningLab") -> None:
    """If this test fails, what is said in this lab from now on belongs to its report."""
    request.node.stash.setdefault(_heard, []).append((running, running.entries_so_far))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Remember where the session's lab is when a test begins that asks for it."""
    before = item.session.stash.get(_shared, None)
    since = before.entries_so_far if before is not None else 0
    yield
    shared = item.session.stash.get(_shared, None)
    if shared is not None and "maillab_lab" in getattr(item, "fixturenames", ()):
        item.stash.setdefault(_heard, []).append((shared, since))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what was said to the report of a test that fails."""
    report = yield
    if report.failed:
        heard = item.stash.get(_heard, [])
        for running, since in dict(reversed(heard)).items():  # of one lab, the earlier beginning
            report.sections.append((f"maillab: the last {LINES} lines that were said", running.said(LINES, since)))
    return report
