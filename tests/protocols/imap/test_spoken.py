"""Ends of lines: what announces a literal, and how long it is."""

import pytest

from maillab.protocols.imap.spoken import MOST, literal_of
from maillab.protocols.protocol import Announced


@pytest.mark.parametrize(
    ("line", "literal"),
    [
        (b"a LOGIN {3}\r\n", Announced(3, waits=True)),
        (b"a LOGIN {3}\n", Announced(3, waits=True)),
        (b"a LOGIN {3+}\r\n", Announced(3, waits=False)),
        (b"a APPEND x ~{0}\r\n", Announced(0, waits=True)),
        (b"{3}\r\n", Announced(3, waits=True)),
        (b"~{3+}\r\n", Announced(3, waits=False)),
        (b'a LOGIN "open {3}\r\n', Announced(3, waits=True)),  # wrong, but its octets are no commands
        (b"a LOGIN {4294967295}\r\n", Announced(4294967295, waits=True)),  # T194
        (b"a LOGIN {99999999999999999999}\r\n", Announced(MOST, waits=True)),  # T194
        (b"a LOGIN {2000000000+}\r\n", Announced(2_000_000_000, waits=False)),  # T195
        (b"a LOGIN {" + b"0" * 5000 + b"7}\r\n", Announced(7, waits=True)),
        (b"a LOGIN {" + b"9" * 5000 + b"+}\r\n", Announced(MOST, waits=False)),
    ],
)
def test_announced(line, literal):
    """The number in braces at the end of a line; + means that nobody waits. A ~ before it allows NUL, which is read everywhere."""
    assert literal_of(line) == literal


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\r\n",
        b"a NOOP\r\n",
        b"a LOGIN {-1}\r\n",  # T194
        b"a LOGIN {5+\r\n",  # T194
        b"a LOGIN {+}\r\n",  # T194
        b"a LOGIN {}\r\n",
        b"a LOGIN {3} \r\n",
        b"a LOGIN {3}",
        b"a LOGIN {3}\r",
        b"a LOGIN {3}\r\r\n",
        b"a LOGIN {3++}\r\n",
        b"a LOGIN { 3}\r\n",
        "a LOGIN {٣}\r\n".encode(),
        b"a LOGIN 3}\r\n",
        b"}\r\n",
    ],
)
def test_none_announced(line):
    """Anything else ends the command."""
    assert literal_of(line) is None


def test_long_lines():
    """The end of a line is looked at, however long the line is."""
    assert literal_of(b"{" * 100_000 + b"\r\n") is None
    assert literal_of(b"{" * 100_000 + b"1}\r\n") == Announced(1, waits=True)
    assert literal_of(b"{1}\r\n" * 20_000) == Announced(1, waits=True)
