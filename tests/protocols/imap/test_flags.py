"""Flags and keywords."""

import pytest

from maillab.protocols.imap.flags import in_order_of_flags, is_keyword, parse_flag, parse_flags
from maillab.protocols.imap.lexer import BadSyntax


def test_each_flag_once():
    """Case makes no difference; the system's flags and the registered keywords have one way of writing."""
    assert parse_flags([b"\\seen", b"\\SEEN", b"$JUNK", b"Work", b"work"]) == ("\\Seen", "$Junk", "Work")


@pytest.mark.parametrize("octets", [b"\\Recent", b"\\*", b"\\Nonsense", b"\\", b"", b"a b", b"a]", b"\xff", b"x" * 101])
def test_what_no_client_sets(octets):
    """Recent is the server's; there are six system flags and no more."""
    with pytest.raises(BadSyntax):
        parse_flag(octets)


def test_keywords():
    """A keyword is an atom."""
    assert is_keyword("$Forwarded")
    assert not is_keyword("a(b")
    assert not is_keyword("")


def test_order():
    """Those of the system come first."""
    assert in_order_of_flags({"b", "\\Draft", "a", "\\Answered", "\\Recent"}) == [
        "\\Answered", "\\Draft", "\\Recent", "a", "b",
    ]  # fmt: skip
