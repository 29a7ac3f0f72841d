"""The commands by name."""

import argparse

import pytest

from maillab.cli.commands import COMMANDS
from maillab.cli.main import build, run


def test_every_list_of_commands_is_this_one():
    """The help of `maillab` names the commands in this order, each with its sentence."""
    [action] = [action for action in build()._actions if isinstance(action, argparse._SubParsersAction)]
    assert {choice.dest: choice.help for choice in action._choices_actions} == COMMANDS
    assert list(action.choices) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    """`--help` works for every command, and only that command's file is imported for it."""
    with pytest.raises(SystemExit) as caught:
        run([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: maillab {name}" in capsys.readouterr().out
    assert name in build(name).format_help()
