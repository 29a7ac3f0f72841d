"""Sets of numbers: as they are said, and what they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.protocols.imap.lexer import BadSyntax
from maillab.protocols.imap.sequence import compact, in_order, numbers_in, parse_sequence_set


@pytest.mark.parametrize(
    ("said", "largest", "spans"),
    [
        (b"1", 9, ((1, 1),)),
        (b"*", 9, ((9, 9),)),
        (b"4:2", 9, ((2, 4),)),
        (b"1:3,3:5,7", 9, ((1, 5), (7, 7))),
        (b"1:*", 9, ((1, 9),)),
        (b"559:*", 9, ((9, 559),)),  # the last message is always in it (RFC 9051 §6.4.9)
        (b"*:2", 9, ((2, 9),)),
        (b"*", 0, ()),
        (b"1:4294967295", 9, ((1, 4294967295),)),
    ],
)
def test_spans(said, largest, spans):
    """Spans are sorted and apart, and * is the largest number in use."""
    assert parse_sequence_set(said).spans(largest) == spans


def test_what_is_named():
    """Of the numbers in use those are given that the set names."""
    uids = [3, 5, 9, 12]
    assert parse_sequence_set(b"1:9").of(uids) == [3, 5, 9]
    assert parse_sequence_set(b"100:*").of(uids) == [12]
    assert parse_sequence_set(b"*").of([]) == []
    assert parse_sequence_set(b"2:3").of(range(1, 5)) == [2, 3]


@pytest.mark.parametrize(
    "said", [b"", b"0", b"1:", b":1", b",", b"1,", b"-1", b"1:2:3", b"4294967296", b"9" * 5000, b"$,1", b"**", b"1.5"]
)
def test_no_sets(said):
    """What is no set is bad syntax."""
    with pytest.raises(BadSyntax):
        parse_sequence_set(said)


@pytest.mark.parametrize("said", [b"*", b"1:*", b"$"])
def test_known_numbers(said):
    """In a set of what a client knows already stands no *."""
    with pytest.raises(BadSyntax):
        list(numbers_in(said))
    assert list(numbers_in(b"5,1:2")) == [(1, 2), (5, 5)]


@given(st.sets(st.integers(1, 60)), st.sets(st.integers(1, 60), min_size=1))
def test_there_and_back(named, in_use):
    """A set says the numbers that it was made of."""
    numbers = sorted(in_use)
    found = parse_sequence_set(compact(named)).of(numbers) if named else []
    assert found == sorted(named & in_use)


def test_orders():
    """The order is lost in a compact set, and kept where it matters."""
    assert compact([9, 4, 5, 4]) == b"4:5,9"
    assert in_order([9, 4, 5]) == b"9,4:5"


def test_many_ranges():
    """A line full of ranges is sorted out at once."""
    assert parse_sequence_set(b",".join([b"1:4294967295"] * 10_000)).spans(1) == ((1, 4294967295),)


@given(st.binary(max_size=30))
def test_whatever_comes(octets):
    """A set, or bad syntax."""
    try:
        said = parse_sequence_set(octets)
    except BadSyntax:
        return
    spans = said.spans(5)
    assert list(spans) == sorted(spans)
