"""Commands as values."""

import typing

from maillab.protocols.imap import commands


def test_every_command_is_of_a_state():
    """Each class of a command stands in the union of the state in which it may come; no two unions share one."""
    classes = {value for name, value in vars(commands).items() if name.endswith("Command") and isinstance(value, type)}
    unions = (
        commands.AnyStateCommand,
        commands.LoginStateCommand,
        commands.MailboxCommand,
        commands.SelectedCommand,
    )
    members = [member for union in unions for member in typing.get_args(union)]
    assert set(members) == classes == set(typing.get_args(commands.ImapCommand))
    assert len(members) == len(set(members))


def test_commands_are_values():
    """Two that want the same are equal."""
    assert commands.CreateCommand("a") == commands.CreateCommand("a", ())
    assert len({commands.NoopCommand(), commands.NoopCommand()}) == 1
