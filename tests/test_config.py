"""The configuration."""

import json
import typing

import pytest

from maillab.config import Credentials, Person, ServiceSettings, Site, default, without_passwords
from maillab.config_file import read
from maillab.recipient.login import QUIRKS
from tests.configurations import site


def test_the_default_lab_needs_no_file():
    """Two sites, three people, ports by the rule standard + 1000 and + 2000; nothing said is the default."""
    lab = default()
    assert read(b"", "lab.toml") == lab
    assert [lab.port(0, s) for s in ("smtp", "submission", "submissions", "pop3", "pop3s")] == [
        1025,
        1587,
        1465,
        1110,
        1995,
    ]
    assert [lab.port(1, s) for s in ("smtp", "submission", "submissions", "pop3", "pop3s")] == [
        2025,
        2587,
        2465,
        2110,
        2995,
    ]
    assert lab.domains == ("sender.test", "example.org", "recipient.test", "example.com", "example.net")


def test_services_differ():
    """Port 25 of a site that trusts this computer is the door for programs: no STARTTLS, any login; others keep theirs."""
    lab = default()
    assert lab.service(0, "smtp") == ServiceSettings(tls=False, login="anybody", sender="any")
    assert lab.service(1, "smtp") == ServiceSettings(tls=True, login="off", sender="any")
    assert lab.service(0, "submission") == lab.service(1, "submissions") == ServiceSettings(True, "required", "own")
    strict = read(b"profile = 'strict'", "x")
    assert strict.service(0, "smtp") == ServiceSettings(tls=True, login="off", sender="any")
    chosen = read(site("trust_loopback = true\n[sites.services.smtp]\ntls = true\nwithout = ['SIZE']").encode(), "x")
    assert chosen.service(0, "smtp") == ServiceSettings(True, "anybody", "any", ("SIZE",))


def test_a_server_that_others_log_in_at_takes_logins():
    """Where a site has credentials for another, that other's port 25 offers AUTH; without certificates, without TLS."""
    text = "[[sites]]\ndomain = 'b.test'\npeople = [{ name = 'b', password = 'b' }]\n"
    text += "[sites.server_auth.'a.test']\nuser = 'a'\npassword = 'a'\n"
    lab = read((site("tls = false\n") + "\n" + text).encode(), "x")

    assert lab.service(0, "smtp") == ServiceSettings(False, "optional", "any")
    assert lab.service(1, "smtp") == ServiceSettings(True, "off", "any")


def test_what_is_set_for_a_service_stands():
    """The rest is as usual."""
    text = "[sites.services.submission]\ntls = false\nwithout = ['DSN']\n"
    assert read(site(text).encode(), "x").service(0, "submission") == ServiceSettings(
        False, "required", "own", ("DSN",)
    )
    text = "[sites.services.submission]\nlogin = 'anybody'\nsender = 'any'\n"
    assert read(site(text).encode(), "x").service(0, "submission") == ServiceSettings(True, "anybody", "any")


@pytest.mark.parametrize(
    ("domain", "inside", "caught"),
    [
        ("recipient.test", True, None),
        ("example.org", True, 0),
        ("example.com", True, 1),
        ("shop.example", True, 1),
        ("localhost", True, 1),
        ("sub.recipient.test", True, None),  # the zone says whether there is such a name
        ("elsewhere.test", True, 1),
        ("gmail.com", False, None),
        ("[127.0.0.1]", False, None),
    ],
)
def test_names_that_can_never_be_real_are_inside(domain, inside, caught):
    """Mail for reserved names is taken and caught by the last site, or by the site whose second name it is."""
    lab = default()

    assert lab.inside(domain) is inside
    assert [index for index in range(2) if lab.catches(index, domain)] == ([] if caught is None else [caught])


def test_catch_all_catches_everything_but_addresses_without_a_name():
    """With `catch_all` every name is inside and every stranger is caught; an address literal has no MX."""
    lab = read(b"catch_all = true", "x")

    assert lab.inside("gmail.com")
    assert lab.catches(1, "gmail.com")
    assert lab.catches(0, "sender.test")
    assert not lab.catches(0, "gmail.com")
    assert not lab.inside("[192.0.2.1]")
    assert not lab.catches(1, "[192.0.2.1]")


def test_the_mailbox_that_catches_is_an_account():
    """A site that catches mail has an account for it, with its own name as password; a person of that name keeps theirs."""
    assert [person.name for index in range(2) for person in default().people(index)] == [
        "alice", "caught", "bob", "carol", "caught",
    ]  # fmt: skip
    assert [person.name for person in read(b"catch_examples = false", "x").people(1)] == ["bob", "carol"]
    assert [person.name for person in read(b"profile = 'hcmus'", "x").people(0)] == ["postmaster"]
    mine = read(b"[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'caught', password = 'mine' }]", "x")
    assert mine.people(0) == (Person("caught", "mine"),)


def test_every_quirk_is_one_that_a_server_has():
    """The quirks that a site may have are those that the POP3 server can reproduce."""
    [kind, _] = typing.get_args(typing.get_type_hints(Site)["quirks"])
    assert typing.get_args(kind) == QUIRKS


def test_single_ports_can_be_chosen():
    """A site's own choice of a port wins over the rule."""
    people = b"people = [{ name = 'a', password = 'a' }]\n"
    lab = read(b"[[sites]]\ndomain = 'a.test'\n" + people + b"ports = { smtp = 2525 }", "x")
    assert lab.port(0, "smtp") == 2525
    assert lab.port(0, "pop3") == 1110
    assert Site("a.test").mx == "mx.a.test"


def test_passwords_stay_outside():
    """The configuration in the header has no password, wherever it stands in it."""
    config = default()
    site = Site("a.test", (Person("ann", "s3cret-1"),), server_auth={"b.test": Credentials("ann", "s3cret-2")})
    table = without_passwords(type(config)(sites=(site,)))
    assert table["sites"][0]["server_auth"] == {"b.test": {"user": "ann"}}
    assert "s3cret" not in json.dumps(table)
