"""Sets of message numbers and of UIDs, 1:3,5,7:* (RFC 9051 §9: sequence-set), and $ for a saved search (RFC 5182).

Rules for this file: a set is as long as it was said, never as what it names: 1:* and 1:4294967295 are one span.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from maillab.protocols.imap.lexer import NUMBER, BadSyntax

STAR = 0  # in a range: the largest number in use


@dataclass(frozen=True, slots=True)
class SequenceSet:
    """The ranges as they were said, 0 for *; `saved`: it is $, what the last search with SAVE found.

    >>> parse_sequence_set(b"5,1:3,4,9:*").spans(7)
    ((1, 5), (7, 9))
    """

    ranges: tuple[tuple[int, int], ...] = ()
    saved: bool = False

    def spans(self, largest: int) -> tuple[tuple[int, int], ...]:
        """First and last number of each span, sorted and apart. * is `largest`, 0 where there are no messages."""
        pairs = [(low or largest, high or largest) for low, high in self.ranges]
        spans: list[tuple[int, int]] = []
        for low, high in sorted((min(pair), max(pair)) for pair in pairs):
            if spans and low <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(high, spans[-1][1]))
            else:
                spans.append((low, high))
        return tuple(span for span in spans if span[1])

    def of(self, numbers: Sequence[int], largest: int | None = None) -> list[int]:
        """Those of these sorted numbers that the set names; * is `largest`, or the last of them.

        >>> parse_sequence_set(b"2:20,*").of([1, 2, 7, 30])
        [2, 7, 30]
        """
        most = largest if largest is not None else (numbers[-1] if numbers else 0)
        named: list[int] = []
        for low, high in self.spans(most):
            named += numbers[bisect_left(numbers, low) : bisect_right(numbers, high)]
        return named


def parse_sequence_set(octets: bytes) -> SequenceSet:
    """Read a set. Raises `BadSyntax`.

    >>> parse_sequence_set(b"2,4:*"), parse_sequence_set(b"$").saved
    (SequenceSet(ranges=((2, 2), (4, 0)), saved=False), True)
    """
    if octets == b"$":
        return SequenceSet(saved=True)
    ranges = []
    for part in octets.split(b","):
        low, colon, high = part.partition(b":")
        first = _number(low)
        ranges.append((first, _number(high) if colon else first))
    return SequenceSet(tuple(ranges))


def numbers_in(octets: bytes) -> tuple[tuple[int, int], ...]:
    """The spans of a set in which no * stands, such as the known UIDs of QRESYNC (RFC 7162 §7). Raises `BadSyntax`."""
    said = parse_sequence_set(octets)
    if said.saved or any(STAR in pair for pair in said.ranges):
        raise BadSyntax("Neither * nor $ may stand in this set")
    return tuple(said.spans(0))


def compact(numbers: Iterable[int]) -> bytes:
    """Numbers as the shortest set that names them, sorted.

    >>> compact([5, 1, 2, 3, 9]), compact([])
    (b'1:3,5,9', b'')
    """
    return in_order(sorted(set(numbers)))


def in_order(numbers: Iterable[int]) -> bytes:
    """Numbers as a set that keeps their order, as COPYUID must (RFC 4315 §3).

    >>> in_order([4, 5, 6, 2, 9])
    b'4:6,2,9'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return b",".join(_range(low, high) for low, high in spans)


def _number(octets: bytes) -> int:
    if octets == b"*":
        return STAR
    digits = octets.lstrip(b"0")
    if not octets.isdigit() or not digits or len(digits) > 10 or int(digits) > NUMBER:
        raise BadSyntax("A message number is 1 to 4294967295")
    return int(digits)


def _range(low: int, high: int) -> bytes:
    one, other = (str(number) if number else "*" for number in (low, high))
    return (one if low == high else f"{one}:{other}").encode("ascii")
