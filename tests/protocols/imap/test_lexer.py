"""The words of a command: what each of them may consist of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.content import Content
from maillab.protocols.imap.lexer import BadSyntax, Cursor
from maillab.protocols.imap.spoken import SpokenCommand

TRIES = ("atom", "quoted", "literal", "string", "astring", "list_mailbox", "number", "flag", "flag_list")
EXPECTS = (
    "tag", "atom", "string", "astring", "list_mailbox", "nstring", "number", "nz_number", "sequence", "space", "end",
)  # fmt: skip


def cursor(text, *literals):
    """A cursor at the beginning of a command."""
    return Cursor(SpokenCommand(text, literals))


@pytest.mark.parametrize(
    ("what", "text", "found"),
    [
        ("atom", b"LOGIN bob", b"LOGIN"),
        ("atom", b"a]b", b"a"),
        ("atom", b"(a", None),
        ("atom", b"\x80", None),
        ("astring", b"a]b c", b"a]b"),
        ("astring", b'"a b" c', b"a b"),
        ("astring", b"", None),
        ("quoted", b'"a\\"b\\\\"', b'a"b\\'),
        ("quoted", b'""', b""),
        ("quoted", b'"a\\b"', None),  # only \" and \\ are escapes
        ("quoted", b'"a', None),
        ("quoted", b'"a\r\n"', None),
        ("quoted", b'"a\x00"', None),
        ("quoted", '"thư"'.encode(), "thư".encode()),
        ("list_mailbox", b"a/%*]x y", b"a/%*]x"),
        ("list_mailbox", b'"%"', b"%"),
        ("number", b"007 ", 7),
        ("number", b"4294967295", 4294967295),
        ("number", b"-1", None),
        ("number", "٣".encode(), None),
        ("flag", b"\\Seen)", b"\\Seen"),
        ("flag", b"$Junk ", b"$Junk"),
        ("flag", b"\\", None),
        ("flag_list", b"()", ()),
        ("flag_list", b"(\\Seen a)", (b"\\Seen", b"a")),
        ("flag_list", b"a", None),
    ],
)
def test_tries(what, text, found):
    """A word is found where it stands; where none stands, the cursor does not move."""
    here = cursor(text)
    assert getattr(here, what)() == found
    assert found is not None or here.at == 0


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("number", b"4294967296"),
        ("number", b"9" * 5000),
        ("nz_number", b"0"),
        ("number", b"x"),
        ("tag", b"+"),  # T213
        ("tag", b"*"),
        ("tag", b"{3}\r\n"),
        ("tag", b"\x00"),
        ("tag", b""),
        ("space", b"\t"),
        ("end", b" x"),
        ("end", b"\x00"),
        ("nstring", b"nile"),
        ("sequence", b"a"),
    ],
)
def test_what_must_come(what, text):
    """What is expected and does not come is bad syntax, and nothing of what came is repeated."""
    with pytest.raises(BadSyntax) as caught:
        getattr(cursor(text), f"expect_{what}")()
    assert caught.value.sentence.isascii()
    assert len(caught.value.sentence) < 100


@pytest.mark.parametrize("text", [b"(\\Seen", b"( a)", b"(a  b)", b"(a \\)"])
def test_broken_flag_lists(text):
    """A list of flags is closed, and one space stands between two."""
    with pytest.raises(BadSyntax):
        cursor(text).flag_list()


def test_flags_without_parentheses():
    """STORE takes flags without parentheses up to the end of the line."""
    assert cursor(b"\\Seen a\r\n").flags() == (b"\\Seen", b"a")
    assert cursor(b"(\\Seen a)\r\n").flags() == (b"\\Seen", b"a")


def test_literals():
    """Each marker is the next literal; a message is no string, NUL stands in none."""
    here = cursor(b"{3}\r\n ~{1+}\r\n {9}\r\n {9}\r\n\r\n", b"x y", b"\x00", Content(b"message 1"))
    assert (here.astring(), here.space(), here.literal(), here.space()) == (b"x y", True, b"\x00", True)
    assert here.string() is None
    assert here.literal() == Content(b"message 1")
    assert here.space()
    assert here.literal() is None  # nobody has read its octets
    with pytest.raises(BadSyntax):
        cursor(b"{1}\r\n", b"\x00").string()


def test_words():
    """A keyword is found in any case, and only as a whole."""
    here = cursor(b"ret urn")
    assert here.word("RETURN", "RET") == "RET"
    assert here.space()
    assert here.word("U") is None
    with pytest.raises(BadSyntax, match="Expected A or B"):
        here.expect_word("A", "B")


def test_the_end():
    """Blanks at the end of a command are borne."""
    cursor(b"  \r\n").expect_end()
    cursor(b"").expect_end()
    assert cursor(b"\r\n").at_end
    assert not cursor(b" \r\n").at_end


@given(st.binary(max_size=60), st.sampled_from(TRIES + tuple(f"expect_{what}" for what in EXPECTS)))
def test_whatever_comes(text, what):
    """Whatever stands there, a word is found or not, or the syntax is bad; nothing else is raised."""
    here = cursor(text)
    try:
        getattr(here, what)()
    except BadSyntax:
        return
    assert 0 <= here.at <= len(text)


def test_a_quote_that_never_ends():
    """A string of 200,000 octets without an end is given up in one go."""  # T196
    assert cursor(b'"' + b"\\\\" * 100_000).quoted() is None
    assert cursor(b'"' + b"a" * 200_000).quoted() is None
