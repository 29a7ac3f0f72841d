"""Every file of examples/ works as it stands, copied into an empty folder."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT, Serving, environment

EXAMPLES = ROOT / "examples"
PROGRAMS = {"send_with_smtplib.py", "signup.py", "test_signup.py"}  # each has its test below
LABS = sorted(EXAMPLES.rglob("*.toml"))
SESSIONS = sorted(EXAMPLES.rglob("*.maillab"))  # tests/test_example_sessions.py
PICTURE = EXAMPLES / "window.svg"  # tests/tui/test_pictures.py
CONTAINERS = {  # tests/test_containers.py
    *("docker/Dockerfile", "docker/compose.yaml", "docker/devcontainer.json", "ci/gitlab.yaml", "ci/workflow.yaml"),
    "ci/testcontainers.mjs",
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The examples in a folder of their own, without the project around them."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__")))


def run(folder: Path, *command: object) -> str:
    """Run Python there; what it printed, or a failure that shows it."""
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{command} exits {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


def test_send_with_smtplib(copied):
    """The shortest program's message arrives."""
    with Serving() as lab:
        run(copied, "send_with_smtplib.py", lab.port("smtp", "sender.test"))
        lab.wait(lambda entry: entry["kind"] == "delivered")


def test_signup(copied):
    """The web program passes its own test."""
    assert "3 passed" in run(
        copied, "-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={copied.parent}/base", "test_signup.py"
    )


@pytest.mark.parametrize("file", LABS, ids=lambda file: file.stem)
def test_lab(file):
    """A lab described by an example starts, and ends when told to."""
    with Serving("--config", str(file)) as lab:
        assert lab.ready["endpoints"]
        assert lab.stop()[0] == 0


def test_all_run_and_explained():
    """Every example has its test and its line in examples/README.md."""
    files = {path for path in EXAMPLES.rglob("*") if path.is_file() and "__pycache__" not in path.parts} - {
        EXAMPLES / "README.md"
    }
    assert files == {EXAMPLES / name for name in PROGRAMS | CONTAINERS} | set(LABS) | set(SESSIONS) | {PICTURE}
    explained = (EXAMPLES / "README.md").read_text()
    assert {path.name for path in files if f"`{path.relative_to(EXAMPLES)}`" not in explained} == set()
