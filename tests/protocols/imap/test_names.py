"""Names of mailboxes and patterns of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.lexer import BadSyntax
from maillab.protocols.imap.names import NAME_OCTETS, NamePattern, decode_utf7, encode_utf7, parse_mailbox


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("INBOX", b"INBOX"),
        ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501 §5.1.3
        ("R&D", b"R&-D"),
        ("Đã gửi", b"&ARAA4w- g&Hu0-i"),
        ("😀", b"&2D3eAA-"),
        ("", b""),
    ],
)
def test_modified_utf7(name, octets):
    """Names travel in ASCII."""
    assert encode_utf7(name) == octets
    assert decode_utf7(octets) == name


@given(st.text(max_size=30))
def test_there_and_back(name):
    """Every name has its form."""
    assert decode_utf7(encode_utf7(name)) == name


@pytest.mark.parametrize(
    "octets",
    [
        b"&AC4ALgAv-x",  # T199: dots and a slash that hide
        b"&",
        b"&AGE-",  # an "a" needs no shift
        b"&AOM",
        b"&AOM-&AOM-",  # two runs side by side are one
        b"&2D0-",  # half a pair
        b"&A-",
        b"\xff",
    ],
)
def test_no_modified_utf7(octets):
    """What could have been said otherwise is refused: a name has one form."""
    with pytest.raises(BadSyntax):
        decode_utf7(octets)


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"inbox", "INBOX"),
        (b"INBOX/a", "INBOX/a"),
        (b"inboxes", "inboxes"),
        (b"&AC4ALgAv-x", "&AC4ALgAv-x"),  # T199: it hides nothing, it is called so
        (b"R&D", "R&D"),
        ("Thư".encode(), "Thư"),
        (b"Th&AbA-", "Thư"),
    ],
)
def test_names(octets, name):
    """INBOX has no case; a name may come as UTF-8, too."""
    assert parse_mailbox(octets) == name


def test_utf8_names():
    """Where UTF-8 was agreed on, & is a letter as any other."""
    assert parse_mailbox(b"&AbA-", utf8=True) == "&AbA-"
    assert parse_mailbox("Thư".encode(), utf8=True) == "Thư"


@pytest.mark.parametrize("octets", [b"\xff", b"a" * (NAME_OCTETS + 1)])
def test_no_names(octets):
    """A name is text, and not endless."""
    with pytest.raises(BadSyntax):
        parse_mailbox(octets)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        ("*", {"INBOX", "a", "a/b", "a/b/c", "ab"}),
        ("%", {"INBOX", "a", "ab"}),
        ("a/%", {"a/b"}),
        ("a*", {"a", "a/b", "a/b/c", "ab"}),
        ("%/%", {"a/b"}),
        ("%b", {"ab"}),
        ("*c", {"a/b/c"}),
        ("inbox", {"INBOX"}),
        ("inbox*", set()),
        ("%*%", {"INBOX", "a", "a/b", "a/b/c", "ab"}),
        ("", set()),
        ("a%b", {"ab"}),
        ("a%%", {"a", "ab"}),
        ("a.b", set()),
    ],
)
def test_patterns(pattern, named):
    """* goes through levels, % does not."""
    matching = NamePattern(pattern)
    assert {name for name in ("INBOX", "a", "a/b", "a/b/c", "ab") if matching.matches(name)} == named


@given(st.text("a/*%", max_size=8), st.text("a/", max_size=8))
def test_as_a_regular_expression(pattern, name):
    """The same is found as by an expression that goes back and forth."""
    expression = "".join({"*": ".*", "%": "[^/]*"}.get(char, re.escape(char)) for char in pattern)
    assert NamePattern(pattern).matches(name) == bool(re.fullmatch(expression, name))


def test_a_hostile_pattern():
    """Forty wildcards, and two thousand, that never match, are no work."""  # T198
    name = "a/" * 400
    assert not NamePattern("*%*%" * 40 + "x").matches(name)
    assert not NamePattern("*a%" * 2_000 + "x").matches(name)
