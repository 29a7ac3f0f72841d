"""Every value of a configuration is tried with the parser that will use it."""

import asyncio
import re

import pytest

from maillab.cli.options import guarded
from maillab.config import Config, ConfigError, Site
from maillab.config_file import read
from maillab.folder import LabFolder
from maillab.lab import Lab

HEAD = "[[sites]]\ndomain = 'a.test'\n"
PEOPLE = "people = [{ name = 'a', password = 'a' }]\n"


def complaint(text):
    with pytest.raises(ConfigError) as caught:
        read(text.encode(), "lab.toml")
    return str(caught.value)


def person(name, password="a"):
    return HEAD + f'people = [{{ name = "{name}", password = "{password}" }}]'


VALUES = ("'x'", "5", "true", "[]", "['x']", "[5]", "{}", "{ x = 5 }", "1979-05-27", "nan")
SHAPES = [
    *(f"{field} = {value}" for field in Config.__struct_fields__ for value in VALUES),
    *(f"{HEAD}{field} = {value}" for field in Site.__struct_fields__ if field != "domain" for value in VALUES),
]


@pytest.mark.parametrize("text", SHAPES)
def test_a_scalar_where_tables_belong(text):
    """Kind: a value of the wrong shape. It is taken, or complained of with file and key; nothing else is raised."""
    said = "lab.toml: `"
    try:
        read(text.encode(), "lab.toml")
    except ConfigError as error:
        said = str(error)
    assert re.match(r"lab\.toml(:\d+)?: `", said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sites = 'x'", "lab.toml:1: `sites`: expected `array`, got `str`"),
        (HEAD + "people = 'alice'", "lab.toml:3: `sites[0].people`: expected `array`, got `str`"),
        (HEAD + PEOPLE + "rules = 5", "lab.toml:4: `sites[0].rules`: expected `array`, got `int`"),
        (person(".."), "lab.toml:3: `sites[0].people[0].name`: '..' cannot stand before the @"),
        (person("a(b)"), "lab.toml:3: `sites[0].people[0].name`: 'a(b)' cannot stand before the @"),
        (person("a b"), "cannot stand before the @"),
        (person("a/b"), "'a/b': no folder can be called so; take out /"),
        (person("index.db"), "a file of the lab is called so"),
        (person("é" * 33), "cannot stand before the @"),
        (person("=?utf-8?q?a?="), "encoded word"),
        (person("a", "a\\nb"), "`sites[0].people[0].password`: it has an end of line"),
        (
            HEAD + "people = [{ name = 'bob', password = '' }, { name = 'Bob', password = '' }]",
            "`sites[0].people[1].name`: 'Bob' and 'bob' are one mailbox; named twice",
        ),
        (HEAD + PEOPLE + "host = 'a b'", "lab.toml:4: `sites[0].host`: 'a b': Bad address"),
        (HEAD + PEOPLE + "host = '[127.0.0.1]'", "`sites[0].host`: '[127.0.0.1]' is an address; a name is expected"),
        ("[[sites]]\ndomain = '[127.0.0.1]'\n" + PEOPLE, "lab.toml:2: `sites[0].domain`: '[127.0.0.1]' is an address"),
        ("[[sites]]\ndomain = '" + "a." * 125 + "b'\n" + PEOPLE, "too long: a name of DNS has at most 253 bytes"),
        (HEAD + PEOPLE + "domains = ['a.test']", "`sites[0].domains[0]`: 'a.test' is named twice"),
        ("hosts = { 'mx 9' = 25 }", "`hosts.mx 9`: 'mx 9': Bad address"),
        (HEAD + PEOPLE + "greylist = 99999999999", "`sites[0].greylist`: expected at most 315360000"),
        ("[retry]\ngaps = [" + "1," * 101 + "]", "`retry.gaps`: expected 1 to 100 numbers"),
        ("[retry]\nlifetime = 99999999999", "`retry.lifetime`: expected at most"),
        ("[limits]\nmessage = 9999999999999", "`limits.message`: expected at most"),
        ("[limits]\nmessage = 99999999999999999999999", "`limits.message`"),
        (
            HEAD + PEOPLE + "rules = ['at rcpt drop', 'at rctp drop']",
            "lab.toml:4: `sites[0].rules[1]`: no stage and no command is called rctp; did you mean rcpt?\n  at rctp drop\n     ^",
        ),
        ("rules = ['at rcpt answer 250']", "lab.toml:1: `rules[0]`: a rule answers 400 to 599"),
        (
            "rules = ['at nosuch.test rcpt drop']",
            "no site is called nosuch.test; there are sender.test, recipient.test",
        ),
        (HEAD + PEOPLE + "rules = ['at b.test rcpt drop']", "`sites[0].rules[0]`: this rule is under a.test"),
        (HEAD + PEOPLE + "faults = [{ verb = 'RCTP', code = 451 }]", "no stage and no command is called rctp"),
        (HEAD + PEOPLE + "faults = [{ verb = 'RCPT', code = 250 }]", "a rule answers 400 to 599"),
        (HEAD + PEOPLE + "faults = [{ verb = 'RCPT' }]", "lab.toml:4: `sites[0].faults`: no faults; write `rules`"),
        ("http_port = 1025", "`http_port`: port 1025 is given to both smtp of sender.test and the HTTP door"),
        (HEAD + PEOPLE + "ports = { smtp = 1053 }", "`dns_port`: port 1053 is given to both smtp of a.test"),
        (
            HEAD + PEOPLE + "ports = { smtp = 2525, pop3 = 2525 }",
            "`sites[0].ports.pop3`: port 2525 is given to both smtp",
        ),
        (HEAD + PEOPLE + "zone = '@ MX'", "lab.toml:4: `sites[0].zone`: zone a.test., line 1"),
        ("zones = [{ origin = 'b.test', text = 'x' }]", "lab.toml:1: `zones[0].text`: zone b.test., line 1"),
        ("".join(f"[[sites]]\ndomain = 's{n}.test'\n{PEOPLE}" for n in range(61)), "expected at most 60, got 61"),
    ],
)
def test_said_before_the_lab_starts(text, words):
    """Kind: a value that one reader takes and the next one dies of. It is refused with file, line and key."""
    assert words in complaint(text)


@pytest.mark.parametrize(
    "text",
    [
        person("đặng.văn-a+b"),
        person("o'neill"),
        person("a").replace("a.test", "việt.test"),
        "[[sites]]\ndomain = '" + "a" * 63 + ".test'\n" + PEOPLE,
        HEAD + PEOPLE + "host = 'relay.a.test'\nfaults = [{ verb = '.', code = 451, enhanced = '4.3.0', text = 'no' }]",
        HEAD + PEOPLE + "rules = ['at a.test rcpt drop', 'at dns query mx drop']",
        "rules = ['at test. rcpt drop', 'at sender.test content drop', 'at example.org query drop']",
        "[limits]\nmessage = 1099511627776\n[retry]\ngaps = [315360000]",
    ],
)
def test_what_is_taken_starts(text, tmp_path):
    """What is taken at the limits of the rules starts a lab."""
    config = read(text.encode(), "lab.toml")

    async def start():
        with LabFolder(tmp_path):
            async with Lab(config, tmp_path, auto_ports=True):
                return True

    assert asyncio.run(start())


def test_it_is_exit_2(capsys):
    """A complaint ends a command with 2 and the sentence alone."""
    assert guarded(lambda: read(b"sites = 5", "lab.toml") and 0) == 2
    assert capsys.readouterr().err == "maillab: lab.toml:1: `sites`: expected `array`, got `int`\n"
