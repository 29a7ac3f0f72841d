"""A whole command is read, in whatever pieces it comes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.recipient.imap.config import LINE_BEFORE, LITERAL_BEFORE, LITERAL_INSIDE, LITERALS
from maillab.recipient.imap.reading import CommandReader, tag_of
from tests.recipient.imap.shelves import Shelves, config
from tests.recipient.imap.staging import Stage

TOO_MUCH = b"* BYE [TOOBIG] So much is not read here\r\n"


@pytest.mark.parametrize(
    ("octets", "fits"), [(LITERAL_BEFORE, True), (LITERAL_BEFORE + 1, False)], ids=["at the limit", "one above"]
)
def test_literals_before_the_login(octets, fits):
    """A stranger's literal has at most 8 KiB: one more is refused, or ends the talk where it comes unasked."""  # T194, T195
    asked = Stage().heard(b"a LOGIN {%d}\r\n" % octets)
    assert asked == ([b"+ OK\r\n"] if fits else [b"a BAD A literal is too long\r\n"])
    unasked = Stage().heard(b"a LOGIN {%d+}\r\n" % octets)
    assert (unasked[-1:] == ["closes refused"]) is not fits


@pytest.mark.parametrize(("octets", "fits"), [(LITERAL_INSIDE, True), (LITERAL_INSIDE + 1, False)])
def test_literals_inside(octets, fits):
    """Who has logged in may say more at a time."""
    told = Stage(["logged in"]).heard(b"a SELECT {%d}\r\n" % octets)
    assert told == ([b"+ OK\r\n"] if fits else [b"a BAD A literal is too long\r\n"])


def test_many_literals_are_too_much():
    """Literals that are each small enough may be too much together."""
    stage = Stage(["logged in"])
    for _ in range(20):
        stage.feed(b"a SEARCH TEXT {65000+}\r\n" + b"x" * 65_000)
    assert stage.over


@pytest.mark.parametrize(("count", "fits"), [(LITERALS, True), (LITERALS + 1, False)])
@pytest.mark.parametrize(
    ("begin", "literal", "answer"),
    [
        (b"a SEARCH TEXT", b" {0+}\r\n TEXT", b"a BAD So many texts are not looked for at once\r\n"),
        (b"a APPEND INBOX", b" {1+}\r\nx", b"a OK"),
    ],
)
def test_so_many_literals(begin, literal, answer, count, fits, tmp_path):
    """One command has at most 10,000 literals, messages among them; so many cost little, however they are counted.

    So many are read; a search then refuses them, for it asks for fewer texts.
    """
    command = begin + literal * count + (b" x" if literal.endswith(b"TEXT") else b"") + b"\r\n"
    before = time.thread_time()
    told = Stage(["selected"], tmp_path).heard(command)
    assert told[-1].startswith(answer) if fits else told[-2:] == [TOO_MUCH, "closes refused"]
    assert time.thread_time() - before < 10


@pytest.mark.parametrize(("octets", "fits"), [(LINE_BEFORE, True), (LINE_BEFORE + 1, False)])
def test_lines_before_the_login(octets, fits):
    """A line of a stranger has at most 12 KiB."""  # T196
    stage = Stage()
    told = stage.heard(b"a NOOP" + b" " * (octets - 8) + b"\r\n")
    assert (told[-1] != "closes refused") is fits


def test_who_logs_in_may_say_more():
    """The longest line becomes longer with the login."""
    stage = Stage()
    before = stage.dialogue.line_octets
    stage.hear(b"a LOGIN bob bob\r\n")
    assert stage.dialogue.line_octets > before


@pytest.mark.parametrize(
    "line", [b"", b"\r\n", b"+ x\r\n", b"* NOOP\r\n", b"(\r\n", b"x" * 200 + b" NOOP\r\n", b"\0 NOOP\r\n"]
)
def test_tags_that_are_none(line):
    """What is no tag is not repeated."""  # T213
    assert tag_of(line) == b"*"


def test_a_refused_command_is_read_to_its_end():
    """What belongs to a command that a rule refuses is read, as far as it comes unasked, and nobody takes it for one."""
    stage = Stage(["logged in"])
    stage.told = []
    stage.inbox = b"12345 {3+}\r\nabc\r\n"
    for _ in stage._play(stage.dialogue.refuse(b"a APPEND INBOX {5+}\r\n", b"NO come back\r\n")):
        pass
    assert stage.told == [b"a NO come back\r\n"]
    assert stage.inbox == b""


WORDS = st.sampled_from(
    [b"a ", b"LOGIN", b" ", b"{3}\r\n", b"{3+}\r\n", b"bob", b"\r\n", b"(", b'"', b"UID FETCH", b"1:*", b"BODY[", b"]", b"\xff",
     b"APPEND INBOX ", b"{0}\r\n", b"~{2+}\r\n", b"IDLE\r\n", b"DONE\r\n", b"NOOP\r\n", b"SELECT INBOX\r\n", b"\n", b"\0"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=30), st.booleans())
def test_anything(words, inside):
    """Whatever a client says, in whatever pieces, nothing stumbles, and what comes in pieces is heard as in one."""  # T323
    octets = b"".join(words) + b"\r\n"
    whole, dripping = (Stage(["patient", *(["selected"] if inside else [])]) for _ in range(2))
    whole.feed(octets)
    for at in range(len(octets)):
        dripping.feed(octets[at : at + 1])
    assert whole.told == dripping.told
    assert not any(isinstance(word, str) and word.startswith("stumbles") for word in whole.told)


@pytest.mark.parametrize(
    ("text", "is_message"),
    [
        (b"a APPEND INBOX {3}\r\n", True),
        (b'a append "To do \\"x\\"" (\\Seen) "17-Jul-1996 02:44:25 -0700" ~{3+}\r\n', True),
        (b"a APPEND {5}\r\n (\\Seen) {3}\r\n", True),
        (b"a APPEND INBOX {3}\r\n {4}\r\n", True),
        (b"a APPEND {5}\r\n", False),
        (b"a SELECT {5}\r\n", False),
        (b"a SEARCH TEXT APPEND {5}\r\n", False),
    ],
)
def test_which_literal_is_a_message(text, is_message, tmp_path):
    """What follows the name of a folder in APPEND is a message; the name itself, and all else, is short."""
    reader = CommandReader(config(Shelves(), tmp_path), "retrieve-1", lambda begun: iter(()))
    reader.inside = True
    assert reader._is_message(text) is is_message


@pytest.mark.parametrize(
    "words", [b" x" * 250_000, b'"' * 500_000, b"(" * 500_000, b'"' + b"\\" * 500_000, b" " * 500_000]
)
def test_what_a_literal_is_costs_no_time(words, tmp_path):
    """However long a command is, it is known at once what its literal is."""
    reader = CommandReader(config(Shelves(), tmp_path), "retrieve-1", lambda begun: iter(()))
    reader.inside = True
    before = time.thread_time()
    reader._is_message(b"a APPEND " + words + b" {5}\r\n")
    assert time.thread_time() - before < 1
