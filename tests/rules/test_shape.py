"""Octets that are disturbed, on paper."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.rules.rule import OF_OCTETS, Effect, Kind
from maillab.rules.shape import Shape, Step

EHLO = b"250-mx.recipient.test\r\n250-SIZE 1000\r\n250 HELP\r\n"


def shape(*effects: Effect, kept: int = 4, lines: bool = True, seed: int = 1) -> Shape:
    """A shape with dice of its own."""
    return Shape(effects, random.Random(seed), kept=kept, lines=lines)


def test_fragments_are_small_and_apart() -> None:
    """Each piece is said by itself."""
    steps = list(shape(Effect(Kind.FRAGMENT, 3)).steps(b"250 ok\r\n"))
    assert steps == [Step(0.0, b"250"), Step(0.001, b" ok"), Step(0.001, b"\r\n")]


def test_a_throttle_says_so_many_octets_a_second() -> None:
    """A tenth of them every tenth of a second, also the first; a slow one octet after octet."""
    assert list(shape(Effect(Kind.THROTTLE, 50)).steps(b"250 ok\r\n")) == [Step(0.1, b"250 o"), Step(0.1, b"k\r\n")]
    assert [step.wait for step in shape(Effect(Kind.THROTTLE, 2)).steps(b"abc")] == [0.5, 0.5, 0.5]
    assert sum(step.wait for step in shape(Effect(Kind.THROTTLE, 1000)).steps(bytes(5000))) == pytest.approx(5)


def test_coalescing_waits_once() -> None:
    """So that what is said meanwhile goes with it."""
    assert list(shape(Effect(Kind.COALESCE, 200)).steps(b"250 ok\r\n")) == [Step(0.2, b"250 ok\r\n")]


def test_truncating_ends_what_is_said() -> None:
    """Over all blocks of an answer."""
    cut = shape(Effect(Kind.TRUNCATE, 5))
    assert [step.octets for block in (b"abc", b"def", b"ghi") for step in cut.steps(block)] == [b"abc", b"de"]
    assert cut.ended
    assert not shape(Effect(Kind.TRUNCATE, 9)).ended


def test_a_replacement_is_said_once() -> None:
    """However many blocks the answer has; a line gets its end, a message of DNS is as it was written."""
    other = shape(Effect(Kind.REPLACE, text="250 \udcff"))
    assert [step.octets for block in (EHLO, EHLO) for step in other.steps(block)] == [b"250 \xff\r\n"]
    assert [step.octets for step in shape(Effect(Kind.REPLACE, text="\0\x01"), lines=False).steps(b"x")] == [b"\0\x01"]


def test_effects_go_together() -> None:
    """Replaced, garbled, cut, and said in pieces."""
    steps = shape(Effect(Kind.REPLACE, text="250 abcdef"), Effect(Kind.TRUNCATE, 6), Effect(Kind.FRAGMENT, 4)).steps(
        EHLO
    )
    assert [step.octets for step in steps] == [b"250 ", b"ab"]


@given(st.integers(1, 100), st.integers(0, 99), st.lists(st.integers(0, len(EHLO))))
def test_garbling_keeps_codes_and_lines(chance: int, seed: int, cuts: list[int]) -> None:
    """No answer becomes two, and none that refuses becomes one that accepts, however it was cut into blocks."""
    garbling = shape(Effect(Kind.GARBLE, chance), seed=seed)
    places = [0, *sorted(cuts), len(EHLO)]
    blocks = [EHLO[start:end] for start, end in itertools.pairwise(places)]
    said = b"".join(step.octets for block in blocks for step in garbling.steps(block))
    assert len(said) == len(EHLO)
    assert said != EHLO
    for line, whole in zip(said.split(b"\r\n"), EHLO.split(b"\r\n"), strict=True):
        assert (len(line), line[:4]) == (len(whole), whole[:4])
        assert not set(line[4:]) - set(whole[4:]) & set(b"0123456789.\r\n")


def test_a_message_of_dns_keeps_its_number() -> None:
    """Nobody would take it for an answer otherwise; line ends are octets like others there."""
    [step] = shape(Effect(Kind.GARBLE, 100), kept=2, lines=False).steps(b"\x12\x34\r\n\r\n")
    assert step.octets[:2] == b"\x12\x34"
    assert not set(step.octets[2:]) & set(b"\r\n")


@given(st.lists(st.sampled_from(sorted(OF_OCTETS)), unique=True), st.binary(max_size=40), st.integers(1, 30))
def test_whatever_is_said_ends(kinds: list[Kind], octets: bytes, amount: int) -> None:
    """With any effects together; without them nothing is changed."""
    steps = list(shape(*(Effect(kind, amount, text="x") for kind in kinds)).steps(octets))
    assert all(step.octets and step.wait >= 0 for step in steps)
    if not {Kind.GARBLE, Kind.TRUNCATE, Kind.REPLACE} & set(kinds):
        assert b"".join(step.octets for step in steps) == octets
