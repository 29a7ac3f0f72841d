"""POP3 lines: what is read, what is refused, and how a message is dressed for the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.pop3 import Malformed, Measure, Pop3Command, Status, Stuffing, parse_command, parse_number

MESSAGES = [
    b"",
    b"Subject: hi\r\n\r\nHello\r\n",
    b".\r\n..\r\n.x\r\na.\r\n",  # T185
    b"a\nb\n.\nc",
    b"a\r\r\n.\rb\r",
    b"no end",
    b"NUL \x00 and \x85 and \x0b\r\n",
    b"\n\n",
    b"\r\n.\r\n",
]


def dress(message, cut):
    """The message as it goes out when it comes in two pieces."""
    stuffing = Stuffing()
    return stuffing.feed(message[:cut]) + stuffing.feed(message[cut:]) + stuffing.end()


def undress(wire):
    """What a client makes of the lines between +OK and the end mark."""
    lines = wire.split(b"\r\n")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b"STAT\r\n", Pop3Command("STAT")),
        (b"stat\n", Pop3Command("STAT")),
        (b"top 1 0\r\n", Pop3Command("TOP", (b"1", b"0"))),
        (b"USER  bob \r\n", Pop3Command("USER", (b"bob",))),
        (b"PASS  two  spaces \r\n", Pop3Command("PASS", (b" two  spaces ",))),  # T178
        (b"PASS\r\n", Pop3Command("PASS")),
        (b"PASS \r\n", Pop3Command("PASS")),
        ("USER tuấn\r\n".encode(), Pop3Command("USER", ("tuấn".encode(),))),
        (b"LIST \xff\r\n", Pop3Command("LIST", (b"\xff",))),
        (b"XYZ", Pop3Command("XYZ")),
    ],
)
def test_command_lines(line, command):
    """A command is a verb in any case and its words; the argument of PASS keeps every space."""
    assert parse_command(line) == command


@pytest.mark.parametrize(
    "line",
    [
        b"\r\n",
        b" STAT\r\n",
        b"NO\r\n",
        b"LONGER\r\n",
        b"USER a\0b\r\n",
        b"USER a\rb\r\n",
        b"ST\xc1T\r\n",
        b"RETR\t1\r\n",
        b"\x16\x03\x01",
    ],
)
def test_malformed_lines(line):
    """Controls, odd words and emptiness are not commands, and the error repeats nothing of them."""  # T180
    with pytest.raises(Malformed, match=r"\A[a-z ]+\Z"):
        parse_command(line)


@given(st.binary(max_size=300))
def test_any_line_is_a_command_or_malformed(line):
    """No line makes the parser raise anything else."""  # T323
    try:
        assert parse_command(line).verb.isupper()
    except Malformed:
        pass


@pytest.mark.parametrize(
    "word", [b"99999999999999999999999", b"-1", b"+1", b"1e3", "٣".encode(), b"\xff", b"", b"1 ", b"1_0", b"\xb2"]
)
def test_not_numbers(word):
    """Only ASCII digits are a number, and not too many of them."""  # T184
    assert parse_number(word) is None


def test_numbers():
    """Digits are read as they stand, zero and leading zeros too."""
    assert [parse_number(word) for word in (b"0", b"1", b"007", b"99999999999999999999")] == [0, 1, 7, 10**20 - 1]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"+OK\r\n", Status(True, "", "")),
        (b"+OK 2 320\r\n", Status(True, "", "2 320")),
        ("+OK chào\r\n".encode(), Status(True, "", "chào")),
        (b"-ERR [SYS/TEMP] later\r\n", Status(False, "SYS/TEMP", "later")),
    ],
)
def test_status_lines(line, status):
    """A status line has a sign, perhaps a code in brackets, and text."""
    assert status.wire() == line


@pytest.mark.parametrize("message", MESSAGES)
def test_stuffing_at_every_cut(message):
    """However a message is cut, it goes out the same: no end mark in it, its size as announced."""  # T185
    measures = []
    for cut in range(len(message) + 1):
        wire = dress(message, cut)
        measure = Measure()
        measure.feed(message[:cut])
        measure.feed(message[cut:])
        measures.append(measure.octets)

        assert wire == dress(message, 0)
        assert b"\r\n.\r\n" not in b"\r\n" + wire
        assert wire.count(b"\n") == wire.count(b"\r\n")
        assert not wire or wire.endswith(b"\r\n")

    assert set(measures) == {len(undress(dress(message, 0)))}


@given(st.binary(max_size=60).map(lambda b: bytes(b".\r\nab\0"[octet % 6] for octet in b)), st.data())
def test_stuffing_any_message(message, data):
    """A message with CRLF lines comes out of the wire byte by byte as it was stored; one end mark, exact size."""
    cut = data.draw(st.integers(0, len(message)))
    wire, measure = dress(message, cut), Measure()
    measure.feed(message[:cut])
    measure.feed(message[cut:])

    assert (b"\r\n" + wire + b".\r\n").count(b"\r\n.\r\n") == 1
    assert len(undress(wire)) == measure.octets
    if message.endswith(b"\r\n") and message.count(b"\n") == message.count(b"\r\n"):
        assert undress(wire) == message
