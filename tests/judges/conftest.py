"""One lab, served by a process of its own, for all the judges; and the messages that they carry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.judges.messages import ATTACHMENT, Errand
from tests.serving import Serving


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
