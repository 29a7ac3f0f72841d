"""A configuration is read, and complained of."""

import msgspec
import pytest

from maillab.cli.config import toml
from maillab.config import ConfigError, default
from maillab.config_file import read
from maillab.profiles import PROFILES
from tests.configurations import complaint, site


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
        ("[[sites]]\ndomain = 'a.test'\nports = { ftp = 1 }", ["unknown service 'ftp'", "there are smtp, submission"]),
        ("[[sites]]\ndomain = 'a.test'\nports = { smtp = 70000 }", ["0 to 65535"]),
        ("[[sites]]\ndomain = 'a.test'\npeople = [{ name = '../x', password = '' }]", ["'../x'"]),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = '' }, { name = 'a', password = '' }]",
            ["twice"],
        ),
        ("[[sites]]\ndomain = 'a.test'", ["no mailboxes at a.test", "postmaster"]),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nserver_auth = { 'b.test' = { user = 'x', password = 'x' } }",
            ["'b.test'"],
        ),
        (
            "[[sites]]\ndomain = 'a.test'\ntls = 'required'\npeople = [{ name = 'a', password = 'a' }]",
            ["lab.toml:3", "`sites[0].tls`", "rules = ['at smtp mail tls:no answer 530"],
        ),
        ("weaknesses = ['telnet']", ["'telnet'", "plaintext_auth"]),
        ("[retry]\ngaps = []", ["`retry.gaps`"]),
        ("[retry]\nlifetime = -1", ["`retry.lifetime`", "at least 0, got -1"]),
        ("[limits]\nconnections = 0", ["`limits.connections`", "at least 1, got 0"]),
        ("http_port = -2", ["`http_port`", "0 to 65535, or -1"]),
        ("dns_port = 70000", ["`dns_port`", "0 to 65535"]),
        (
            "hosts = { 'mx9.test' = 'nosuch.test' }",
            ["`hosts.mx9.test`", "'nosuch.test'", "sender.test, recipient.test"],
        ),
        ("hosts = { 'mx9.test' = 70000 }", ["`hosts.mx9.test`", "0 to 65535"]),
        ("a = 1\nb 2", ["lab.toml:2: not TOML", "column 3"]),
        ("x" * 70_000, ["larger than 65536"]),
        ("a" + ".b" * 5_000 + " = 1", ["lab.toml"]),
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


def test_a_profile_speaks_where_the_file_is_silent():
    """`profile` fills in what a configuration does not say; what it says itself stands."""
    assert (read(b"profile = 'app'", "x").catch_all, read(b"profile = 'app'", "x").http_port) == (True, 8025)
    assert not read(b"profile = 'app'\ncatch_all = false", "x").catch_all
    assert read(b"profile = 'strict'", "x").strictness == "strict"
    assert read(b"profile = 'classroom'", "x") == msgspec.structs.replace(default(), profile="classroom")
    assert all(read(f"profile = '{name}'".encode(), "x").profile == name for name in PROFILES)


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
    with pytest.raises(ConfigError, match="x:2: byte 0xe9 is not UTF-8"):
        read(b"a = 1\nb = '\xe9'", "x")
