"""One lab, served by a process of its own, for all the judges; a Dovecot and a Postfix; and the messages that they carry."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.postfix import PostfixPair
from tests.dovecot import Dovecot
from tests.judges.messages import ATTACHMENT, Errand
from tests.serving import Serving
from tests.support import missing, need


@pytest.fixture(scope="session")
def lab(_own_grounds: None) -> Iterator[Serving]:
    """`maillab serve --ephemeral --ports auto --json`; it must end with code 0 within two seconds when told to."""
    with Serving(ignore=("said", "carried")) as serving:
        yield serving
        code, seconds = serving.stop()
    assert (code, seconds < 2) == (0, True), f"exit code {code} after {seconds:.1f} s: {serving.errors()}"


@pytest.fixture
def big(lab: Serving, tmp_path: Path) -> Errand:
    """A message with a Vietnamese subject and an attachment of 3 MB."""
    return Errand(lab, tmp_path, ATTACHMENT)


@pytest.fixture
def small(lab: Serving, tmp_path: Path) -> Errand:
    """The same message without the attachment."""
    return Errand(lab, tmp_path, b"")


@pytest.fixture(scope="session")
def open_grounds(_own_grounds: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody may pass through the folders of this run, those of all workers too."""
    base = tmp_path_factory.getbasetemp()
    of_all_workers = [base.parent] if "PYTEST_XDIST_WORKER" in os.environ else []
    for folder in (*of_all_workers, base):
        folder.chmod(0o711)


@pytest.fixture
def dovecot(tmp_path: Path, open_grounds: None) -> Callable[..., Dovecot]:
    """Makes a Dovecot that works on a Maildir in `tmp_path`; skips where it could not come there."""
    if os.getuid() == 0:
        tmp_path.chmod(0o711)
        tmp_path.parent.chmod(0o711)
        reachable_to("dovecot", tmp_path)
    return Dovecot


@pytest.fixture(scope="module")
def postfix(open_grounds: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostfixPair]:
    """Two Postfix on loopback, in this run's own folder; a loud skip where Postfix's own users cannot get into it."""
    need("smtp-source")  # of the same package
    if os.geteuid() != 0:
        missing("judge postfix cannot start: its master needs root")
    scratch = tmp_path_factory.getbasetemp() / "scratch"
    scratch.chmod(0o711)
    reachable_to("postfix", scratch)
    with PostfixPair() as pair:
        yield pair


def reachable_to(judge: str, folder: Path) -> None:
    """A loud skip where a judge that works as another user cannot come to the folder."""
    for barred in (folder, *folder.parents):
        if not barred.stat().st_mode & 0o001:
            missing(f"judge {judge} cannot start: {barred} lets nobody else pass: use --basetemp=/tmp/FOLDER")
