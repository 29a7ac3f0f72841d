"""The configuration."""

import json

import msgspec
import pytest

from maillab.cli.config import toml
from maillab.config import ConfigError, Credentials, Person, Site, default, read, without_passwords


def complaint(text):
    with pytest.raises(ConfigError) as caught:
        read(text.encode(), "lab.toml")
    return str(caught.value)


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
    assert lab.domains == ("sender.test", "recipient.test")


def test_what_is_printed_reads_the_same():
    """The TOML that `maillab config` prints is a configuration file."""
    assert read(toml(msgspec.to_builtins(default())).encode(), "x") == default()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('strictnes = "strict"', ["lab.toml", "`strictnes`", "did you mean `strictness`?"]),
        ("[[sites]]\ndomian = 'a.test'", ["unknown key `sites.domian`", "did you mean `domain`?"]),
        ("[[sites]]\ndomain = 'a.test'\n[[sites.people]]\nnam = 'x'", ["`sites.people.nam`", "`name`"]),
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
        ("[[sites]]\ndomain = 'a.test'", ["a.test: `people` is empty", "postmaster"]),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nfaults = [{ verb = 'RCTP', code = 451 }]",
            ["'RCTP'", "did you mean 'RCPT'?"],
        ),
        (
            "[[sites]]\ndomain = 'a.test'\npeople = [{ name = 'a', password = 'a' }]\nfaults = [{ verb = 'RCPT', code = 99 }]",
            ["400 to 599"],
        ),
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
        ("a = 1\nb 2", ["not TOML", "line 2"]),
        ("x" * 70_000, ["larger than 65536"]),
        ("a" + ".b" * 20_000 + " = 1", ["lab.toml"]),
    ],
)
def test_every_mistake_is_named(text, words):
    """A complaint names file, key, what was expected and the nearest valid key (T298)."""
    found = complaint(text)
    for word in words:
        assert word in found


def test_bytes_that_are_no_text_are_refused():
    """A file that is not UTF-8 is no configuration."""
    with pytest.raises(ConfigError, match="not TOML"):
        read(b"\xff\xfe", "x")


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
