"""Addresses of envelopes, as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.values import ImapAddress
from maillab.recipient.structure.addresses import ADDRESSES, NO_HOST, NO_MAILBOX, addresses


def told(*fields):
    """Addresses as name, mailbox, host; groups as what begins and ends them."""
    return [(one.name, one.mailbox, one.host) for one in addresses(fields)]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b'"A \\"q\\" B" <a@b.test>', [(b'A "q" B', b"a", b"b.test")]),
        (b"=?utf-8?q?C=C3=A0?= <c@D.test>", [(b"=?utf-8?q?C=C3=A0?=", b"c", b"D.test")]),
        (b"(comment) k@l (Name K)", [(b"Name K", b"k", b"l")]),
        (b'"x y"@z, e@f@g, a.b@[1.2.3.4]', [(None, b"x y", b"z"), (None, b"e@f", b"g"), (None, b"a.b", b"[1.2.3.4]")]),
        (b"Muhammed.(I am the greatest) Ali @(the)Vegas.WBA", [(b"the", b"Muhammed.Ali", b"Vegas.WBA")]),
        (b"caf\xe9 <c@d>", [(b"caf\xe9", b"c", b"d")]),
        # groups (RFC 9051 7.5.2)
        (b"team: a@b, C <c@d>; e@f", [(None, b"team", None), (None, b"a", b"b"), (b"C", b"c", b"d"), (None, None, None), (None, b"e", b"f")]),
        (b"undisclosed-recipients:;", [(None, b"undisclosed-recipients", None), (None, None, None)]),
        # what is no address, as Dovecot tells it
        (b"bare", [(None, b"bare", NO_HOST)]),
        (b"Bob <bob>", [(b"Bob", b"bob", NO_HOST)]),
        (b"<>", [(None, NO_MAILBOX, NO_HOST)]),
        (b"@only, only@", [(None, NO_MAILBOX, b"only"), (None, b"only", NO_HOST)]),
        (b", ,;", []),
        (b"", []),
        # against the rules, and plain enough
        (b"Ann a@b c@d", [(b"Ann", b"a", b"b"), (None, b"c", b"d")]),
        (b'"unterminated <a@b>', [(b"unterminated", b"a", b"b")]),
    ],
)  # fmt: skip
def test_forms(field, expected):
    """Names are raw, quotes and comments undone; a route, a group and a missing half have their own places."""
    assert told(field) == expected


def test_a_route():
    """The hosts before the colon are told apart (RFC 5322 4.4)."""
    assert addresses([b"<@r1,@r2:me@h>"]) == (ImapAddress(None, b"@r1,@r2", b"me", b"h"),)


def test_several_fields():
    """Nobody hides behind a second field of the same name."""
    assert told(b"a@b", b"c@d") == [(None, b"a", b"b"), (None, b"c", b"d")]


@pytest.mark.parametrize(
    "field",
    [b'"' * 65_536, b"," * 65_536, b"a " * 32_768, b"=?utf-8?q?a?= " * 18_000 + b"<a@b>", b"(" * 65_536, b"<" * 65_536,
     b"a:" * 32_768, b"@" * 65_536, b"a@b," * 65_536, b'To: "', b"(c):", b"a:b:;;", b"a@[", b"<", b"\\" * 65_536],
)  # fmt: skip
def test_bombs(field):
    """However a field is broken, what it says is told, and no more than two thousand of it."""  # T238 T239 T240 T241 T243 T245
    assert len(addresses([field])) <= ADDRESSES


@given(st.text(alphabet="ab1 .<>@+-_", max_size=20))
def test_plain_ones_are_no_others(field):
    """The short way for one address alone comes to the same as the long one."""
    assert told(field.encode().strip()) == told(b" " + field.encode().strip())


@given(st.binary(max_size=200))
def test_any_octets(field):
    """Whoever is told has a mailbox, and a host or a group."""
    grouped = False
    for one in addresses([field]):
        if one.host is None:
            grouped = one.mailbox is not None
        else:
            assert one.mailbox
    assert not grouped
