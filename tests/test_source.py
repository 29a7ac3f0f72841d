"""A configuration file as it was written."""

import os

import pytest

from maillab.source import MAX_OCTETS, ConfigError, Source, line_of, parsed, read, read_file, spelled

TEXT = """\
dns_port = 1053
"strictness" = "strict"   # quoted keys are keys
[retry]
gaps = [
    300,
    600,
]
[[sites]]
domain = "a.test"
people = [{ name = "a", password = "a" }]
[sites.services.smtp]
tls = true
[[sites]]
domain = "b.test"
zone = \"\"\"
[[sites]]
domain = "not.a.key"
\"\"\"
[[sites.people]]
name = "b"
[[sites.people]]
name = "c"
[hosts]
"mx9.test" = 25
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("dns_port",), 1),
        (("strictness",), 2),
        (("retry", "gaps", 1), 4),
        (("sites", 0), 8),
        (("sites", 0, "domain"), 9),
        (("sites", 0, "people", 0, "password"), 10),
        (("sites", 0, "services", "smtp", "tls"), 12),
        (("sites", 1, "domain"), 14),
        (("sites", 1, "people", 1, "name"), 22),
        (("sites", 1, "greylist"), 13),
        (("hosts", "mx9.test"), 24),
        (("nothing",), 0),
    ],
)
def test_lines(key, line):
    """A value has the line that says it; one that is not said has that of the table in which it is missing."""
    assert line_of(TEXT, key) == line


def test_keys():
    """What a checker calls a place is read as far as it is known."""
    for key in (("sites", 0, "people", 12, "name"), ("a",), ()):
        assert parsed(spelled(key)) == key
    assert parsed("hosts[...]") == ("hosts",)
    assert str(Source("these settings").error(("a", 0), "no")) == "these settings: `a[0]`: no"


def test_a_mark_at_the_head():
    """Kind: a file as Windows writes it. The mark of UTF-8 is passed over; UTF-16 is named; CR LF ends lines."""
    source, table = read(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "x")
    assert table == {"a": 1, "b": 2}
    assert str(source.error(("b",), "no")) == "x:2: `b`: no"
    for text in ("utf-16-le", "utf-16-be"):
        with pytest.raises(ConfigError, match="x: written in UTF-16; TOML is UTF-8"):
            read("\ufeffa = 1".encode(text), "x")


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"a = 1\nb 2", "x:2: not TOML: expected '=' after a key"),
        (b"a = " + b"9" * 5000, "x: not TOML: exceeds the limit"),
        (b"a = " + b"[" * 30_000, "x: not TOML: nested too deeply"),
        (b"a = 1\nb = '\xe9'", "x:2: byte 0xe9 is not UTF-8"),
        (b"a = 1\na = 2", "x: not TOML: cannot overwrite a value"),
        (b"\x00", "x:1: not TOML"),
        (b"#" * (MAX_OCTETS + 1), "x: larger than 65536 bytes"),
    ],
)
def test_what_is_no_toml(octets, words):
    """It is said with the line, in one sentence."""
    with pytest.raises(ConfigError) as caught:
        read(octets, "x")
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_a_file_without_end(tmp_path):
    """Kind: a file that is read whole. Of an endless one only a little more than is allowed is read."""
    assert len(read_file(type(tmp_path)("/dev/zero"))) == MAX_OCTETS + 1
    with (tmp_path / "large").open("wb") as file:
        os.truncate(file.fileno(), 2 << 30)
    assert len(read_file(tmp_path / "large")) == MAX_OCTETS + 1
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)
