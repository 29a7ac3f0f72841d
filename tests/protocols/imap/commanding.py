"""Reading commands in tests."""

from maillab.protocols.imap.parse import parse_command
from maillab.protocols.imap.spoken import SpokenCommand


def read(text, *literals, utf8=False):
    """The command that stands behind the tag "a"."""
    tag, command = parse_command(SpokenCommand(b"a " + text + b"\r\n", literals), utf8=utf8)
    assert tag == b"a"
    return command
