"""`maillab completion`."""

import subprocess

import pytest
import shtab

from maillab.cli.commands import COMMANDS
from maillab.cli.completion import SHELLS
from maillab.cli.main import run


def test_shells():
    """Every shell that the library knows is offered."""
    assert set(SHELLS) == set(shtab.SUPPORTED_SHELLS)


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_name_every_command(shell, capsys):
    """The script for each shell knows every command."""
    assert run(["completion", shell]) == 0
    script = capsys.readouterr().out
    for name in COMMANDS:
        assert name in script


def test_bash_reads_its_script(capsys):
    """bash finds no fault with it."""
    run(["completion", "bash"])
    script = capsys.readouterr().out
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
