"""Who lives at a site."""

from maillab.mail.address import Address
from maillab.wire.accounts import Accounts

ROSTER = Accounts("sender.test", {"alice": "secret", "Nguyễn": "mật khẩu"})


def test_people_are_known_by_name_or_whole_address():
    """The name before the @ and the whole address are the same person, whatever the case."""
    for user in ("alice", "ALICE", "alice@sender.test", "Alice@SENDER.TEST"):
        assert ROSTER.password(user) == "secret"
        assert ROSTER.canonical(user) == "alice@sender.test"
    assert ROSTER.password("nguyễn") == "mật khẩu"


def test_strangers_and_rubbish_are_nobody():
    """A stranger, another domain's alice, and what is no name at all have no password (T180)."""
    for user in ("mallory", "alice@other.test", "", "a\x00b", "../../x", "a b", "@", "x" * 300, "=?utf-8?q?alice?="):
        assert ROSTER.password(user) is None
        assert ROSTER.canonical(user) == user


def test_second_domains_are_the_same_people():
    """Somebody known by a second domain of the site is the same person, who may write in either name."""
    accounts = Accounts("sender.test", {"alice": "secret"}, second=["example.org"])
    assert accounts.password("alice@example.org") == "secret"
    assert accounts.canonical("Alice@Example.org") == "alice@sender.test"
    assert accounts.owns("alice@sender.test", Address("alice+x", "example.org"))


def test_one_may_write_in_ones_own_name_only():
    """Own addresses, plus-addresses included, belong to a person; those of others do not (T123)."""
    assert ROSTER.owns("alice@sender.test", Address("alice", "sender.test"))
    assert ROSTER.owns("alice@sender.test", Address("Alice+list", "sender.test"))
    assert not ROSTER.owns("alice@sender.test", Address("bob", "sender.test"))
    assert not ROSTER.owns("alice@sender.test", Address("alice", "other.test"))
    assert not ROSTER.owns("mallory@sender.test", Address("alice", "sender.test"))
