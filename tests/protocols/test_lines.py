"""Lines and dots."""

from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.protocols.lines import Lines, stuff, unstuff


@settings(max_examples=200, derandomize=True)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_cuts_do_not_matter(data, cut):
    """The lines are the same however the stream was cut."""
    whole, parts, single = Lines(), Lines(), Lines()
    expected = whole.feed(data)

    assert parts.feed(data[:cut]) + parts.feed(data[cut:]) == expected
    assert [line for n in range(len(data)) for line in single.feed(data[n : n + 1])] == expected
    assert whole.rest == parts.rest == single.rest
    assert b"".join(expected) + whole.rest == data


def test_only_lf_ends_a_line():
    """NEL, VT and the Unicode separators end no line (T091)."""
    odd = b"a\x0b\x0c\x85\xe2\x80\xa8\rb\r\n"
    assert Lines().feed(odd) == [odd]


@settings(max_examples=200, derandomize=True)
@given(st.lists(st.sampled_from([b".", b"..", b".x", b"x", b"", b"x.", b"\x00"]), max_size=8))
def test_stuffing_round_trips_and_never_makes_an_end_mark(lines):
    """What is stuffed comes back unstuffed, and holds no end mark on its way (T092, T170)."""
    content = b"".join(line + b"\r\n" for line in lines)
    wire = stuff(content)

    assert unstuff(wire) == content
    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert stuff(content + b"last") == wire + b"last\r\n"
