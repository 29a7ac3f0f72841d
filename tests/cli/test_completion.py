"""`maillab completion`."""

import subprocess

import pytest

from maillab.cli.main import COMMANDS, run


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
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
