"""The lab of a recorded session, built again."""

import smtplib

import pytest

from maillab.config import ConfigError, default, without_passwords
from maillab.stories.script import NAMES, load
from maillab.testing.world import RecordedLab, world


def blank(config):
    """The same without passwords, to compare."""
    return without_passwords(config)


def test_no_lab():
    """A session that tells nothing of its lab is re-enacted in the default lab."""
    assert world({}) == default()


@pytest.mark.parametrize("name", NAMES)
def test_every_world(name):
    """The world of every story is built again, but for passwords: everybody's is their name, also between servers."""
    config = world(without_passwords(load(name).config))
    assert blank(config) == blank(load(name).config)
    assert all(person.password == person.name for site in config.sites for person in site.people)
    logins = [login for site in config.sites for login in site.server_auth.values()]
    assert all(login.password == login.user.partition("@")[0] for login in logins)


def test_an_older_lab():
    """A session of a time when port 25 had no settings of its own is re-enacted with STARTTLS there, as it was."""
    table = without_passwords(default())
    for site in table["sites"]:
        del site["services"]
    assert [world(table).service(index, "smtp").tls for index in (0, 1)] == [True, True]
    assert [world(without_passwords(default())).service(index, "smtp").tls for index in (0, 1)] == [False, True]


def test_what_belongs_elsewhere():
    """Keys and colours of a window do not come along, nor ports of the other computer at which hosts stood."""
    table = without_passwords(default()) | {"theme": "dark", "keys": {"x": "y"}, "hosts": {"mx9.recipient.test": 2526}}
    assert (world(table).theme, world(table).hosts) == ("", {"mx9.recipient.test": 0})


@pytest.mark.parametrize("table", [{"sites": [1]}, {"sites": [{"people": [1]}]}, {"nonsense": 1}])
def test_a_world_that_makes_no_sense(table):
    """A table that is no lab is a `ConfigError`, whatever it holds."""
    with pytest.raises(ConfigError):
        world(table)


def test_a_recorded_lab():
    """Its queues keep still when they are held, its clock goes forward, and its doors are found by their hosts."""
    with RecordedLab({}, hold=True) as lab:
        door = lab.door("mx.sender.test", "smtp")
        assert door == lab.door("mail.sender.test", "smtp") == lab.endpoint("sender.test", "smtp")
        with pytest.raises(LookupError):
            lab.door("mx.elsewhere.test", "smtp")
        with smtplib.SMTP(door.host, door.port, "client.test", timeout=10) as wire:
            wire.sendmail("alice@sender.test", ["bob@recipient.test"], b"Subject: x\r\n\r\n")
        before = lab.lab.clock.now()
        lab.advance(3600)
        assert lab.lab.clock.now() - before >= 3600
        assert not lab.entries("leg:lookup")
