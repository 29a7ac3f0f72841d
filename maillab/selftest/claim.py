"""What a door announces, and what came of using it."""

from collections.abc import Callable
from dataclasses import dataclass

CLEAR, TLS, LOGGED_IN = "in clear", "inside TLS", "logged in"
UNPROVED = "it is announced, and nothing here proves it"


class Lie(Exception):  # noqa: N818 - named for what it is
    """What was announced is not so: the text says what was said, and what was heard."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a door announces in a situation, and how it is proved: `prove` raises `Lie` where it is not so."""

    when: str
    capability: str
    prove: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One capability of one door: `when` it is announced, and `why` it is a lie, "" where it is true.

    `lie_when` is the first situation in which it is one.
    """

    site: str
    service: str
    capability: str
    when: tuple[str, ...]
    why: str = ""
    lie_when: str = ""


def unexpected(said: str, answer: bytes | str) -> Lie:
    """Something else was heard than what was announced promises."""
    return Lie(f"{said}: the answer is {answer!r}")
