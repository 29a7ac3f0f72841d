"""Address fields of strangers, read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.client.fields import Mailbox
from maillab.client.people import NAMED, no_people, people
from maillab.mail.address import Address

BOB = Address("bob", "x.test")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("bob@x.test", [Mailbox("", BOB)]),
        ("Bob <bob@x.test>, <bob@x.test>", [Mailbox("Bob", BOB), Mailbox("", BOB)]),
        ('"B, Bob" <bob@x.test> (a, comment <c@d.test>)', [Mailbox("B, Bob", BOB)]),
        ("team: bob@x.test, Bob <bob@x.test>;", [Mailbox("", BOB), Mailbox("Bob", BOB)]),
        ("undisclosed-recipients:;", []),
        ('"a b"@x.test', [Mailbox("", Address("a b", "x.test"))]),
        ('Bob <"a>b, c"@x.test>', [Mailbox("Bob", Address("a>b, c", "x.test"))]),
        ("=?utf-8?q?Bob_=3Cevil=40y.test=3E=2C?= <bob@x.test>", [Mailbox("Bob <evil@y.test>,", BOB)]),
        ("=?utf-8?q?evil=40y.test?=, bob@x.test", [Mailbox("", BOB)]),
        ('"=?utf-8?q?B=C6=B0?=" <bob@x.test>', [Mailbox("Bư", BOB)]),
        ('<<bob@x.test>>, @, a@[, <, <>, ", (', [Mailbox("", BOB)]),  # T245, T246
        ("Bob <bob@x.test", []),
        ("bob@x.test (Bob B)", [Mailbox("Bob B", BOB)]),
        ('Bob <"bob"@x.test>', [Mailbox("Bob", BOB)]),
        ("<@a.test,@b.test:bob@x.test>", [Mailbox("", BOB)]),  # a route, RFC 5322 4.4
        ("bob . b@x.test", [Mailbox("", Address("bob.b", "x.test"))]),
        ('"a b".c@x.test', [Mailbox("", Address("a b.c", "x.test"))]),
        ("a..b@x.test", [Mailbox("", Address("a..b", "x.test"))]),
        ("bob@my_host.test", [Mailbox("", Address("bob", "my_host.test"))]),
        ("Bob B bob@x.test", [Mailbox("Bob B", BOB)]),  # no brackets: against the rules, and plain enough
        ("bob@x.test\tbob@x.test", [Mailbox("", BOB), Mailbox("", BOB)]),
        ("team (all of us): bob@x.test ;(end)", [Mailbox("", BOB)]),
    ],
)
def test_people(value: str, found: list[Mailbox]) -> None:
    """Addresses are those that stand there, never those that decoding makes."""
    assert list(people(value)) == found


@pytest.mark.parametrize(
    ("value", "left_out"),
    [
        ("bob@x.test, Bob <bob@x.test>", ()),
        ("undisclosed-recipients:;", ()),
        ("(nobody)", ()),
        ("everybody, bob@x.test, bob@", ("everybody", "bob@")),
        ("all @x bob@x.test", ("@x",)),
        ("=?utf-8?q?Ch=C3=A0o?= <b b>", ("Chào <b b>",)),
        ("Bob <bob@x.test", ("Bob <bob@x.test",)),
        ("<>", ()),
        ("x" * 9000, ("x" * NAMED,)),
    ],
)
def test_no_people(value: str, left_out: tuple[str, ...]) -> None:
    """What is no address is given back, so that it can be named; nothing is lost without a word."""
    assert no_people(value) == left_out


@pytest.mark.parametrize("opening", ['"', "(", "((", '"\\"'])
def test_what_never_ends_hides_nobody(opening: str) -> None:
    """A quote or a bracket that is never closed does not swallow those who stand behind it."""
    read = people(f"{opening}, bob@x.test, (c) carol@x.test")

    assert [str(person.address) for person in read] == ["bob@x.test", "carol@x.test"]


@given(st.text(alphabet='ab@.<>,;:"()[]\\ =?_', max_size=200))
def test_everybody_is_read_or_named(value: str) -> None:
    """Nothing raises; every at sign of a plain list is in an address or in what is named."""
    assert all(str(person.address) for person in people(value))
    assert all(no_people(value))


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        ",",
        "a ",
        "(",
        "<",
        "=?utf-8?q?a?= ",
        ";",
        "\\",
        "a:",
        "=?utf-8?q?a?=<a@b>,",
        '"\\',
        "[",
        "=",
        ".@",
        "@:",
        "a,",
    ],
)
def test_hostile_lists_take_no_time(unit: str) -> None:
    """Fields that are quadratic elsewhere are read in one pass."""  # T237 to T243
    begun = time.process_time()
    people(unit * (262_144 // len(unit)))

    assert time.process_time() - begun < 1
