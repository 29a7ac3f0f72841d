"""Header sections: where they end, and what stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.content import HEAD_OCTETS
from maillab.recipient.structure.header import FIELDS, end_of_header, places, unfolded, values

LINES = st.lists(
    st.sampled_from([b"A: b", b" on", b"\tx", b"no field", b"", b"To : a", b"\r", b"\x00: y", b":"]), max_size=12
)


@pytest.mark.parametrize(
    ("octets", "end"),
    [
        (b"A: b\r\n\r\nx", 8), (b"A: b\n\nx", 6), (b"A: b\r\n\nx", 7), (b"\r\nA: b", 2), (b"\nx", 1), (b"A: b\r\nx", 7),
        (b"", 0), (b"A: b\r\n \r\n\r\nx", 11), (b"\r\r\nA: b\r\n\r\nx", 11),
    ],
)  # fmt: skip
def test_the_end(octets, end):
    """The first empty line ends a header; one of blanks alone belongs to a field."""
    assert end_of_header(octets, 0, len(octets)) == end


def test_fields_and_other_lines():
    """A line that is no field has no name, and nobody's value goes on in it."""
    octets = b" stray\r\nTo: a\r\n b\r\nno field\r\n goes on\r\nX-A : y\r\n\r\nbody: z\r\n"
    assert [(name, octets[begin:stop]) for name, begin, _, stop in places(octets)] == [
        (b"", b" stray\r\n"), (b"to", b"To: a\r\n b\r\n"), (b"", b"no field\r\n goes on\r\n"), (b"x-a", b"X-A : y\r\n"),
    ]  # fmt: skip


def test_values():
    """Fields of one name are read in their order, ten at most."""
    octets = b"".join(b"To: %d\r\n" % number for number in range(20)) + b"Cc:\r\n\r\n"
    assert values(octets, [b"to", b"cc", b"bcc"]) == {b"to": [b"%d" % n for n in range(FIELDS)], b"cc": [b""]}


@given(LINES, st.sampled_from([b"\n", b"\r\n"]))
def test_nothing_is_lost(lines, end_of_line):
    """The places of a header are all of it, one after the other, up to its empty line."""
    octets = end_of_line.join(lines)
    found = list(places(octets))
    assert [begin for _, begin, _, _ in found] == [0, *(stop for *_, stop in found)][: len(found)]
    rest = octets[found[-1][3] if found else 0 :]
    assert not rest or rest.startswith((b"\n", b"\r\n"))
    assert all(
        b"\n" not in value and b"\r" not in value for held in values(octets, [b"a", b"to"]).values() for value in held
    )


def test_endless_headers():
    """What stands beyond 256 KiB of a header is in it, and is no field."""  # T236, T257
    octets = b"A: b\r\n" * 100_000
    *fields, rest = places(octets)
    assert len(fields) < HEAD_OCTETS / 6 + 1
    assert (rest[0], rest[3]) == (b"", len(octets))
    assert unfolded(b"\r" * 262_144) == b""
