"""The kind: a file with something wrong in it, and what the lab makes of all the others."""

import contextlib
from pathlib import Path

import pytest

from maillab.config import ConfigError
from maillab.config_file import read
from maillab.recording.session import load
from maillab.recording.session_lines import SessionError
from tests.durability.damage import folder, mutants, verdict

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("killed", "count"),
    [(True, 26), *(pytest.param(killed, 5000, marks=pytest.mark.slow) for killed in (False, True))],
)
def test_one_wrong_file(tmp_path: Path, killed: bool, count: int) -> None:
    """The lab starts, says what it set aside, and loses nothing that another file still holds."""
    here = folder(tmp_path / "root", killed=killed)
    assert here.whole.complaints == []
    assert len(here.whole.copies) == 10
    wrong = {
        f"{mutant.path}: {mutant.how}": found
        for mutant in mutants(here.tree, seed=14, count=count)
        if (found := verdict(here, mutant, tmp_path / "mutant"))
    }
    assert wrong == {}


@pytest.mark.parametrize("count", [100, pytest.param(20_000, marks=pytest.mark.slow)])
def test_a_wrong_session_or_configuration(tmp_path: Path, count: int) -> None:
    """It is read, or it is said what is wrong with it; never anything else."""
    session = next((ROOT / "examples").rglob("*.maillab"))
    configuration = next((ROOT / "examples").rglob("*.toml"))
    tree = {session.name: session.read_bytes(), configuration.name: configuration.read_bytes()}
    for mutant in mutants(tree, seed=14, count=count):
        if mutant.path == configuration.name:
            with contextlib.suppress(ConfigError):
                read(mutant.octets, mutant.path)
        else:
            (tmp_path / mutant.path).write_bytes(mutant.octets)
            with contextlib.suppress(SessionError):
                load(tmp_path / mutant.path)
