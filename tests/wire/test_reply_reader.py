"""Replies: read strictly, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.reply import Reply
from maillab.wire.reply_reader import LINE_OCTETS, REPLY_OCTETS, ProtocolError, ReplyReader, extensions

GOOD = b"220 mx ready\r\n250-2.1.0 one\r\n250 2.1.0 two\r\n354\r\n550-5.1.1 no\r\n550 5.1.1\r\n"
READ = [
    Reply(220, "", ("mx ready",)),
    Reply(250, "2.1.0", ("one", "two")),
    Reply(354, "", ("",)),
    Reply(550, "5.1.1", ("no", "")),
]


def test_replies_are_read_with_their_enhanced_codes() -> None:
    """Several replies in one piece are read in order, each with code, enhanced code and lines."""
    reader = ReplyReader()

    assert reader.feed(GOOD) == READ
    assert not reader.begun


@pytest.mark.parametrize("cut", range(len(GOOD) + 1))
def test_every_cut(cut: int) -> None:
    """Where a stream is cut into two pieces does not matter."""
    reader = ReplyReader()

    assert reader.feed(GOOD[:cut]) + reader.feed(GOOD[cut:]) == READ


def test_one_octet_at_a_time() -> None:
    """A server that dribbles is understood."""
    reader = ReplyReader()

    assert [reply for octet in GOOD for reply in reader.feed(bytes([octet]))] == READ


@pytest.mark.parametrize(
    "wire",
    [
        b"550-a\r\n250 b\r\n",  # T165
        b"250-a\r\n550 b\r\n",
        b"2x0 ok\r\n",
        b"+25 ok\r\n",
        b"-25 ok\r\n",
        b"2_5 ok\r\n",
        b"250ok\r\n",
        b"999 ok\r\n",
        b"199 ok\r\n",
        b"600 ok\r\n",
        b"250 a\0b\r\n",
        b"250 o\rk\r\n",
        b"\r\n",
        b" 250 ok\r\n",
        b"HTTP/1.1 400 Bad Request\r\n",
        b"\x16\x03\x01 hello\r\n",
    ],
)
def test_what_is_no_reply_is_a_fault(wire: bytes) -> None:
    """Octets that RFC 5321 §4.2 does not know become a temporary protocol error, never a code."""
    reader = ReplyReader()

    assert reader.feed(wire + b"250 ok\r\n") == []
    assert isinstance(reader.fault, ProtocolError)
    assert (reader.fault.reply.code, reader.fault.reply.enhanced) == (451, "4.5.0")
    assert reader.feed(b"250 ok\r\n") == []


@pytest.mark.parametrize("cut", range(len(GOOD) - 4))
def test_a_server_that_ends_its_lines_with_lf(cut: int) -> None:
    """Replies that all end with LF alone are read, wherever they are cut; the reader says that they do."""
    wire, reader = GOOD.replace(b"\r\n", b"\n"), ReplyReader()

    assert reader.feed(wire[:cut]) + reader.feed(wire[cut:]) == READ
    assert reader.bare_lf is True


@pytest.mark.parametrize(("first", "other"), [(b"\r\n", b"\n"), (b"\n", b"\r\n")])
def test_line_ends_that_change(first: bytes, other: bytes) -> None:
    """The kind: a refusal that quotes a stranger. A line end of another kind inside it does not make a reply of the rest."""
    reader = ReplyReader()
    replies = reader.feed(b"220 mx" + first + b"550 no <bob" + other + b"250 ok" + other)

    assert replies == [Reply(220, "", ("mx",))]
    assert reader.fault is not None


def test_sentences_without_python() -> None:
    """What is wrong is said in words and characters, not in Python's notation for octets."""
    reader = ReplyReader()
    reader.feed(b"HTTP/1.1 400 caf\xc3\xa9 \xff\r\n")

    assert reader.fault is not None
    assert reader.fault.reply.text == '451 4.5.0 Protocol error: "HTTP/1.1 400 café \\xff" is not a reply line'


def test_replies_before_a_fault_stand() -> None:
    """A complete reply before the nonsense is given."""
    reader = ReplyReader()

    assert reader.feed(b"250 ok\r\nnonsense\r\n") == [Reply(250, "", ("ok",))]
    assert reader.fault is not None


def test_endless_replies_are_cut_off() -> None:
    """Neither an endless line nor endless lines fill the memory."""  # T164
    for piece, most in ((b"2" * 1000, LINE_OCTETS), (b"250-x\r\n" * 100, REPLY_OCTETS)):
        reader, fed = ReplyReader(), 0
        while reader.fault is None:
            reader.feed(piece)
            fed += len(piece)
        assert fed <= most + 2 * len(piece)


@given(st.binary(max_size=300))
def test_any_octets_are_a_reply_or_a_fault(wire: bytes) -> None:
    """Nothing that a server says raises, and every code read is one of RFC 5321."""
    replies = ReplyReader().feed(wire)

    assert all(200 <= reply.code <= 599 for reply in replies)


def test_eight_bit_text_survives() -> None:
    """A Latin-1 octet in a reply is shown, not a surrogate that breaks a report later."""  # F-24
    [reply] = ReplyReader().feed(b"550 caf\xe9\r\n")

    assert reply.lines == ("caf\\xe9",)


def test_enhanced_code_of_another_class_is_text() -> None:
    """An enhanced code that contradicts the code is left in the text."""
    [reply] = ReplyReader().feed(b"250 5.1.1 ok\r\n")

    assert (reply.enhanced, reply.lines) == ("", ("5.1.1 ok",))


def test_extensions_of_ehlo() -> None:
    """Keywords are read in any case; lines that are none are passed over."""  # T174, T175
    reply = Reply(250, "", ("mx", "size 10", "AUTH =PLAIN", "AUTH CRAM-MD5", "caf\\xe9 x", "", "PIPELINING"))

    assert extensions(reply) == {"SIZE": "10", "AUTH": "PLAIN CRAM-MD5", "PIPELINING": ""}
