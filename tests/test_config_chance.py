"""Any configuration: it is read, or refused with a sentence that names the file. Nothing else ever comes of it."""

import copy
import random

from maillab.cli.config import toml
from maillab.config import Config, ConfigError
from maillab.config_file import from_table, read
from maillab.profiles import PROFILES

WHOLE = {
    "strictness": "strict", "dns_port": 0, "http_port": -1, "plaintext_pop3": True, "plaintext_imap": False, "fetch": "pop3",
    "catch_examples": True, "catch_all": False, "weaknesses": ["plaintext_auth"], "rules": ["at rcpt answer 451 once"],
    "theme": "", "keys": {}, "hosts": {"smtp.other.test": 1}, "retry": {"gaps": [1, 2], "lifetime": 10, "warn_after": 5},
    "limits": {"message": 1000, "recipients": 2, "messages": 3, "per_address": 4, "connections": 5, "per_user": 6},
    "zones": [{"origin": "more.test", "text": "@ 60 SOA ns root 1 60 60 60 60\n@ NS ns\n"}],
    "sites": [
        {
            "domain": "a.test", "host": "mx.a.test", "trust_loopback": True, "greylist": 1, "message_limit": 10, "tls": True, "zone": "",
            "people": [{"name": "ann", "password": "x"}, {"name": "thư", "password": "y"}], "ports": {"smtp": 0, "imaps": -1},
            "server_auth": {"b.test": {"user": "ann", "password": "x"}}, "domains": ["c.test", "ví-dụ.test"], "mailboxes": "people",
            "rules": ["at smtp mail drop"], "services": {"submission": {"tls": True, "login": "optional", "sender": "own", "without": ["DSN"]}},
            "strings": "", "leniency": ["order"], "quirks": ["list-in-lines"],
        },
        {"domain": "b.test", "people": [{"name": "ann", "password": "x"}]},
    ],
}  # fmt: skip
WORDS = [
    "",
    "a.test",
    "b.test",
    "-",
    "a\nb",
    "\0",
    "\u202e",
    "x" * 300,
    "ví-dụ.test",
    "[127.0.0.1]",
    "*",
    "..",
    "a b",
    "smtp",
    "at rcpt answer 999",
    "@ A x",
    "xn--",
    "É",
]
VALUES = [
    *WORDS,
    0,
    -1,
    1,
    65_536,
    2**63,
    -(2**63),
    1.5,
    float("nan"),
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"": ""},
    {"a": {}},
    ["a.test", "a.test"],
]


def places(value, path=()):
    """Where something stands: every key and every place in a list, all the way down."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(table, dice):
    """A copy in which one to three things are otherwise: a value, a key, or something is gone or there twice."""
    table = copy.deepcopy(table)
    for _ in range(dice.randint(1, 3)):
        if not table:
            break
        *path, last = dice.choice([place for place in places(table) if place])
        holder = table
        for key in path:
            holder = holder[key]
        match dice.randrange(6):
            case 0:
                del holder[last]
            case 1 if isinstance(holder, dict):
                holder[dice.choice(WORDS)] = holder.pop(last)
            case 2 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case _:
                holder[last] = copy.deepcopy(dice.choice(VALUES))
    return table


def outcome(make, given):
    """A configuration; None where what is complained of is a sentence that names the file."""
    try:
        return make(given, "lab.toml")
    except ConfigError as error:
        complaint = str(error)
    assert complaint.startswith("lab.toml")
    assert len(complaint) < 3000
    return None


def change_anywhere(dice, rounds):
    """Put whatever wherever: a configuration, of which all can be asked, or a complaint. Gives how many were read."""
    read_all = 0
    for _ in range(rounds):
        table = changed(dice.choice([WHOLE, WHOLE, *filter(None, PROFILES.values())]), dice)
        config = outcome(from_table, table)
        if config is not None:
            read_all += 1
            assert len(config.doors) <= 7 * len(config.sites) + 1
            for _, text, site in config.written_rules:
                config.rule(text, site)
    return read_all


def test_changed_anywhere():
    """Some of them are read, and some are not."""
    assert isinstance(from_table(WHOLE, "lab.toml"), Config)
    assert 30 < change_anywhere(random.Random(20261201), 600) < 600


def change_octets_anywhere(dice, rounds):
    """So it is with a file whose octets are changed, cut out or doubled."""
    octets = toml(WHOLE).encode()
    for _ in range(rounds):
        spoiled = bytearray(octets)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(spoiled))
            match dice.randrange(4):
                case 0:
                    del spoiled[at : at + dice.randint(1, 30)]
                case 1:
                    spoiled[at:at] = spoiled[at : at + dice.randint(1, 60)]
                case 2:
                    spoiled[at:at] = dice.choice(
                        [b"\0", b"\r", b"\n", b'"', b"[[", b"]", b"=", b"\xff", b"\xef\xbb\xbf", b"'''", b"#"]
                    )
                case _:
                    spoiled[at] = dice.randrange(256)
        outcome(read, bytes(spoiled))


def test_octets_changed_anywhere():
    """As it was written it is read; changed, it is read or complained of."""
    assert outcome(read, toml(WHOLE).encode()) is not None
    change_octets_anywhere(random.Random(20261201), 300)
