"""Header fields of strangers, read."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.decode import octets_of, one_line, parameters, raw, safe_name, unbase64, without_comments, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?B?Q2jDoG8=?=", "Chào"),
        ("=?utf-8?q?a_b=5Fc?=", "a b_c"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("x =?iso-8859-1*fr?q?caf=e9?= y", "x café y"),
        ("=?utf-8?b?4bq?= =?utf-8?b?oQ==?=", "ạ"),  # a character cut in two by a careless writer
        ("=?utf-8?q?=0d=0aBcc:_evil=40x?=", "  Bcc: evil@x"),  # T250
        ("=?utf-8?q?=00=1b[31m?=", "  [31m"),
        ("=?utf-7?q?+AA0ACg-?=", "+AA0ACg-"),  # T249
        ("=?unicode_escape?q?=5Cx0aX?=", "\\x0aX"),
        ("=?utf-8?q?=ed=a0=80?=", "\ufffd\ufffd\ufffd"),
        ("=?nosuch?q?=e9?=", "é"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?utf-8?x?a?= =?utf-8", "=?utf-8?x?a?= =?utf-8"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
        ("=?utf-8?Q?two words?=", "two words"),  # Q with a blank in it: wrong, and common
        ("=?utf-8?Q?really??=", "really?"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    """Encoded words become one line of text, whatever is in them."""
    assert words(value) == text


@given(st.text())
def test_any_value_becomes_one_line(value: str) -> None:
    """Nothing raises, and no line end or control survives."""
    for text in (words(value), one_line(value)):
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029" for c in text)
        text.encode()


@pytest.mark.parametrize(
    ("value", "main", "given_"),
    [
        ("Text/Plain", "text/plain", {}),
        ('a/b; name="x;y\\"z"', "a/b", {"name": ['x;y"z']}),
        ("a/b; name=x; name=y", "a/b", {"name": ["x", "y"]}),
        ("a/b; name*=utf-8''..%2F..%2Fetc", "a/b", {"name": ["../../etc"]}),
        ("a/b; name*1=b; name*0=a; name*3=d", "a/b", {"name": ["ab"]}),  # T254
        ("a/b; name*99999999999=x", "a/b", {"name*99999999999": ["x"]}),
        ("a/b; name*; name*0*", "a/b", {}),  # T247
        ("a/b; name*=\x00'x'y", "a/b", {"name": ["y"]}),
        ('a/b; name="open', "a/b", {"name": ["open"]}),
        ("a/b (c); charset=utf-8 (d (e)); f=g", "a/b", {"charset": ["utf-8"], "f": ["g"]}),  # RFC 2045, 5.1
        ("a/b; name=report (1).pdf; x=y", "a/b", {"name": ["report (1).pdf"], "x": ["y"]}),
        ('a/b name="x" charset=y', "a/b", {"name": ["x"], "charset": ["y"]}),  # the semicolon was forgotten
        ("a / b", "a/b", {}),
        ("charset=x", "", {"charset": ["x"]}),
        ('a/b; name="C:\\dir\\n.pdf"', "a/b", {"name": ["C:\\dir\\n.pdf"]}),
        ("", "", {}),
    ],
)
def test_parameters(value: str, main: str, given_: dict[str, list[str]]) -> None:
    """Parameters are read as they were meant, and all that conflict are given."""
    assert parameters(value) == (main, given_)


@pytest.mark.parametrize("unit", ['"', ",", "a ", "(", "<", "=?utf-8?q?a?= ", ";", "\\", "a:", "=?utf-8?q?a?=<a@b>,"])
def test_hostile_lists_take_no_time(unit: str) -> None:
    """Fields that are quadratic elsewhere are read in one pass."""  # T237 to T243
    value = unit * (262_144 // len(unit))
    begun = time.process_time()
    without_comments(value)
    words(value)
    parameters(value)

    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("given_", "safe"),
    [
        ("../../../../etc/passwd", "passwd"),  # T253
        ("\0\x1b[31m\n", "[31m"),
        ("C:\\x", "x"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("a/b", "b"),
        ("gpj\u202egpj.exe", "gpjgpj.exe"),
        ("x. . ", "x"),
        ("", "attachment"),
        ("..", "attachment"),
        ("/", "attachment"),
        ("\ud800", "_"),
        ("hồ sơ.pdf", "hồ sơ.pdf"),
        ('a<b>:"|?*c', "a_b______c"),
    ],
)
def test_safe_names(given_: str, safe: str) -> None:
    """A proposed file name stays in its folder, shows its ending and means nothing special."""
    assert safe_name(given_) == safe


@pytest.mark.parametrize("ending", ["", ".pdf", ".漢字", ".😀😀" + "x" * 30])
@pytest.mark.parametrize("message", ["漢", "😀", "ế"])
def test_a_name_of_many_octets(tmp_path: Path, message: str, ending: str) -> None:
    """The kind: a name that fits in characters and not in octets. It can be created, also with a number added."""
    name = safe_name(message * 200 + ending)

    (tmp_path / f"{name}-999").touch()
    assert name.startswith(message * 40)
    assert name.endswith(ending[:21])


@given(st.binary())
def test_octets_survive(octets: bytes) -> None:
    """A value that was read as text gives its octets back, whatever they were."""
    assert octets_of(raw(octets)) == octets


def test_octets_in_no_known_set() -> None:
    """Octets in a word belong to the word's character set, those outside of words to that of the message."""
    assert words(raw(b"=?iso-8859-1?Q?J\xfcrgen?= \xe8"), "iso-8859-5") == "Jürgen ш"
    assert words(raw(b"caf\xe9")) == "café"
    assert words("\ud800x") == "\ufffdx"


@given(st.text(max_size=300))
def test_any_name_is_made_safe(name: str) -> None:
    """Whatever was given, the name can be created in a folder, and is its own safe name."""
    safe = safe_name(name)

    assert safe
    assert len(safe) <= 121
    assert len(f"{safe}-999".encode()) <= 255
    assert not set(safe) & set('/\\\0\n<>:"|?*')
    assert safe[0] not in ".-"
    assert safe[-1] not in ". "
    assert safe_name(safe) == safe


def test_long_names_keep_their_ending() -> None:
    """Five thousand characters become a name of 120 with the same ending."""
    assert safe_name("a" * 3000 + ".pdf") == "a" * 116 + ".pdf"


@pytest.mark.parametrize("junk", [b"", b"=", b"=====", b"YQ", b"YQ==", b"Y", b"!Y\r\nQ=", b"Y Q"])
def test_broken_base64(junk: bytes) -> None:
    """Base64 is decoded as far as it goes."""  # T255
    assert unbase64(junk) in (b"", b"a")


@given(st.binary())
def test_any_octets_as_base64(octets: bytes) -> None:
    """No octets make base64 raise."""
    unbase64(octets)
