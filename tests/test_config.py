"""The configuration."""

import json
import typing

import msgspec
import pytest

from maillab.cli.config import toml
from maillab.config import ConfigError, Credentials, Person, ServiceSettings, Site, default, read, without_passwords
from maillab.profiles import PROFILES
from maillab.recipient.login import QUIRKS


def complaint(text):
    with pytest.raises(ConfigError) as caught:
        read(text.encode(), "lab.toml")
    return str(caught.value)


def site(more):
    return f"[[sites]]\ndomain = 'a.test'\npeople = [{{ name = 'a', password = 'a' }}]\n{more}"


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


def test_what_is_printed_reads_the_same():
    """The TOML that `maillab config` prints is a configuration file."""
    assert read(toml(msgspec.to_builtins(default())).encode(), "x") == default()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('strictnes = "strict"', ["lab.toml", "`strictnes`", "did you mean `strictness`?"]),
        ("[[sites]]\ndomian = 'a.test'", ["lab.toml:2: `sites[0].domian`: unknown key", "did you mean `domain`?"]),
        (
            "[[sites]]\ndomain = 'a.test'\n[[sites.people]]\nnam = 'x'",
            ["lab.toml:4: `sites[0].people[0].nam`", "`name`"],
        ),
        ('strictness = "lax"', ["`strictness`"]),
        ("[[sites]]\ndomain = 'a.test'\ngreylist = 'x'", ["`sites[0].greylist`: expected `int`, got `str`"]),
        ("[[sites]]\ngreylist = 1", ["missing required field `domain`"]),
        ("sites = []", ["at least one"]),
        ("[[sites]]\ndomain = 'A.test'", ["lower case"]),
        ("[[sites]]\ndomain = 'a..test'", ["a..test"]),
        ("[[sites]]\ndomain = 'a.test'\n[[sites]]\ndomain = 'a.test'", ["named twice"]),
        ("[[sites]]\ndomain = 'a.test'\nports = { smpt = 1 }", ["'smpt'", "did you mean 'smtp'?"]),
        ("[[sites]]\ndomain = 'a.test'\nports = { smtp = 70000 }", ["0 to 65535"]),
        ("[[sites]]\ndomain = 'a.test'\npeople = [{ name = '../x', password = '' }]", ["'../x'"]),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = '' }, { name = 'a', password = '' }]",
            ["twice"],
        ),
        ("[[sites]]\ndomain = 'a.test'", ["nobody lives at a.test", "postmaster"]),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nserver_auth = { 'b.test' = { user = 'x', password = 'x' } }",
            ["'b.test'"],
        ),
        ("weaknesses = ['telnet']", ["'telnet'", "plaintext_auth"]),
        ("[retry]\ngaps = []", ["`retry.gaps`"]),
        ("[retry]\nlifetime = -1", ["`retry.lifetime`", "at least 0, got -1"]),
        ("[limits]\nconnections = 0", ["`limits.connections`", "at least 1, got 0"]),
        ("dns_port = 70000", ["`dns_port`", "0 to 65535"]),
        (
            "hosts = { 'mx9.test' = 'nosuch.test' }",
            ["`hosts.mx9.test`", "'nosuch.test'", "sender.test, recipient.test"],
        ),
        ("hosts = { 'mx9.test' = 70000 }", ["`hosts.mx9.test`", "0 to 65535"]),
        ("a = 1\nb 2", ["lab.toml:2: not TOML", "column 3"]),
        ("x" * 70_000, ["larger than 65536"]),
        ("a" + ".b" * 20_000 + " = 1", ["lab.toml"]),
    ],
)
def test_every_mistake_is_named(text, words):
    """A complaint names file, key, what was expected and the nearest valid key (T298)."""
    found = complaint(text)
    for word in words:
        assert word in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("profile = 'clasroom'", ["`profile`", "'clasroom'", "classroom, app"]),
        (site("domains = ['A.test']"), ["'A.test'", "lower case"]),
        (site("domains = ['a.test']"), ["named twice"]),
        (site("[sites.services.smpt]"), ["`sites[0].services.smpt`", "'smtp'"]),
        (site("[sites.services.smtp]\nlogin = 'maybe'"), ["services", "'maybe'"]),
        (site("[sites.services.smtp]\nwihtout = []"), ["lab.toml:5: `sites[0].services.smtp.wihtout`", "`without`"]),
        (site("[sites.services.smtp]\nwithout = ['TOP']"), ["'TOP'", "SMTPUTF8"]),
        (site("[sites.services.pop3]\nwithout = ['SIZE']"), ["'SIZE'", "UIDL"]),
        (site("[sites.services.pop3s]\ntls = false"), ["begins with TLS", "port -1 closes it"]),
        (site("tls = false\n[sites.services.smtp]\ntls = true"), ["no certificates"]),
        (site("[sites.services.pop3]\nlogin = 'off'"), ["whoever reads mail logs in"]),
        (site("[sites.services.pop3]\nlogin = 'anybody'"), ["`mailboxes` is anybody"]),
        (site("strings = 'postfix'"), ["'postfix'", "test-mail-server"]),
        (site("leniency = ['anything']"), ["leniency", "'anything'"]),
        (site("mailboxes = 'all'"), ["mailboxes", "'all'"]),
    ],
)
def test_every_mistake_about_services_is_named(text, words):
    """Settings of a service that does not exist, has no such extension, or cannot be, are refused by name."""
    complained = complaint(text)
    for word in words:
        assert word in complained


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


def test_a_profile_speaks_where_the_file_is_silent():
    """`profile` fills in what a configuration does not say; what it says itself stands."""
    assert read(b"profile = 'app'", "x").catch_all
    assert not read(b"profile = 'app'\ncatch_all = false", "x").catch_all
    assert read(b"profile = 'strict'", "x").strictness == "strict"
    assert read(b"profile = 'classroom'", "x") == msgspec.structs.replace(default(), profile="classroom")
    assert all(read(f"profile = '{name}'".encode(), "x").profile == name for name in PROFILES)


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


def test_a_zone_takes_a_second_name_of_the_default_lab():
    """Who describes example.com as a zone of their own gets it; the default sites give it up."""
    zone = "@ SOA ns root 1 1 1 1 1\\n@ NS ns\\nns A 127.0.0.1"
    lab = read(f'[[zones]]\norigin = "example.com"\ntext = "{zone}"'.encode(), "x")

    assert lab.domains == ("sender.test", "example.org", "recipient.test", "example.net", "example.com")
    assert not lab.catches(1, "example.com")


def test_bytes_that_are_no_text_are_refused():
    """A file that is not UTF-8 is no configuration."""
    with pytest.raises(ConfigError, match="UTF-16"):
        read(b"\xff\xfe", "x")
    with pytest.raises(ConfigError, match="x:2: octet 0xe9 is not UTF-8"):
        read(b"a = 1\nb = '\xe9'", "x")


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
