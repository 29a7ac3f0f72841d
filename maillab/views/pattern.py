"""Regular expressions that cannot hang: whatever the pattern and whatever the line, the work has a bound.

Rules for this file: a line is searched by `re` only while its backtracking is known to be small; beyond that, by an
automaton that looks at every character once. Both are made from one tree.
"""

import math
import re
from functools import reduce
from operator import mul

from maillab.views.pattern_text import Choice, Edge, Node, One, PatternError, Repeat, Row, read_pattern

REACH = 4_096  # characters of a line that are looked at; it ends there for `$` too
STEPS = 2_000_000  # of backtracking, at most, for one line; more goes to the automaton
PLACES = 500  # of the automaton
STATES = 1_000  # remembered at a time; then it begins anew
MOVES = 100_000  # likewise


class Pattern:
    """A pattern that was read. Upper and lower case are the same to it. Raises `PatternError`.

    >>> Pattern("^rcpt to:.*@recipient").found("RCPT TO:<bob@recipient.test>")
    True
    >>> Pattern("(a+)+$").found("a" * 4000 + "b")
    False
    """

    def __init__(self, text: str) -> None:
        tree = read_pattern(text)
        self._machine = _Machine(tree)
        self._small = next((n for n in range(REACH, 0, -64) if n * _ways(tree, n) <= STEPS), 0)
        self._quick = re.compile(_source(tree)) if self._small else None

    def found(self, line: str) -> bool:
        """Does it occur in the first `REACH` characters of the line?"""
        if self._quick is not None and len(line) <= self._small:
            return self._quick.search(line.lower()) is not None
        return self._machine.found(line[:REACH].lower())


def _source(node: Node) -> str:
    match node:
        case One(source) | Edge(source):
            return source
        case Row(parts):
            return "".join(map(_source, parts))
        case Choice(parts):
            return f"(?:{'|'.join(map(_source, parts))})"
        case Repeat(part, least, most):
            return f"(?:{_source(part)}){{{least},{'' if most is None else most}}}"


def _ways(node: Node, length: int) -> float:
    """In how many ways, at most, `re` can lay this over a line of so many characters."""
    match node:
        case One() | Edge():
            return 1.0
        case Row(parts):
            return reduce(mul, (_ways(part, length) for part in parts), 1.0)
        case Choice(parts):
            return sum(_ways(part, length) for part in parts)
        case Repeat(part, least, most):
            inner = _ways(part, length)
            if inner > 1 and (most is None or most * math.log2(inner) > 60):
                return math.inf
            return inner ** (most or 0) * ((length if most is None else most) - least + 1)


class _State(dict[str, "_State"]):
    """A set of places in the pattern. As a dictionary it knows where each character leads, from the first asking on."""

    __slots__ = ("_machine", "found", "found_at_end", "places")

    def __init__(self, machine: "_Machine", places: frozenset[int], found: bool, found_at_end: bool) -> None:
        super().__init__()
        self._machine = machine
        self.places = places
        self.found = found
        self.found_at_end = found_at_end

    def __missing__(self, char: str) -> "_State":
        state = self[char] = self._machine.step(self.places, char)
        return state


_CHAR, _FORK, _GOTO, _START, _END, _FOUND = range(6)


class _Machine:
    """The automaton of a pattern (Thompson's construction, states made when they are first needed)."""

    def __init__(self, tree: Node) -> None:
        self._code: list[tuple[int, int, int]] = []  # what, and where it goes on; a class by its number
        self._classes: list[re.Pattern[str]] = []
        self._emitted = 0
        self._emit(tree)
        self._code.append((_FOUND, 0, 0))
        self._states: dict[frozenset[int], _State] = {}
        self._moves = 0
        self._first = self._state(frozenset((0,)), at_start=True)

    def found(self, line: str) -> bool:
        """Does the pattern occur in it? One step for each character."""
        state = self._first
        for char in line:
            if state.found:
                return True
            state = state[char]
        return state.found or state.found_at_end

    def step(self, places: frozenset[int], char: str) -> _State:
        """Where a character leads from these places; an occurrence may also begin after it."""
        reached = {0}
        for place in places:
            what, number, onward = self._code[place]
            if what == _CHAR and self._classes[number].match(char):
                reached.add(onward)
        self._moves += 1
        if len(self._states) > STATES or self._moves > MOVES:
            self._moves = 0
            self._states.clear()
            self._first.clear()
        key = frozenset(reached)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = self._state(key, at_start=False)
        return state

    def _state(self, places: frozenset[int], *, at_start: bool) -> _State:
        inner, found = self._closure(places, at_start=at_start, at_end=False)
        _, found_at_end = self._closure(places, at_start=at_start, at_end=True)
        return _State(self, inner, found, found_at_end)

    def _closure(self, places: frozenset[int], *, at_start: bool, at_end: bool) -> tuple[frozenset[int], bool]:
        """All places that are reached without a character, and is the pattern found there?"""
        seen: set[int] = set()
        open_places = list(places)
        while open_places:
            place = open_places.pop()
            if place in seen:
                continue
            seen.add(place)
            what, first, second = self._code[place]
            if what in (_GOTO, _FORK) or (what == _START and at_start) or (what == _END and at_end):
                open_places.append(first)
            if what == _FORK:
                open_places.append(second)
        found = any(self._code[place][0] == _FOUND for place in seen)
        return frozenset(place for place in seen if self._code[place][0] == _CHAR), found

    def _emit(self, node: Node) -> None:
        self._emitted += 1
        if self._emitted > PLACES:
            raise PatternError(1, "this pattern is too large; smaller numbers in {m,n} help")
        at = len(self._code)
        match node:
            case One(source):
                self._code.append((_CHAR, len(self._classes), at + 1))
                self._classes.append(re.compile(source))
            case Edge(source):
                self._code.append((_START if source == r"\A" else _END, at + 1, 0))
            case Row(parts):
                for part in parts:
                    self._emit(part)
            case Choice(parts):
                self._emit_choice(parts)
            case Repeat(part, least, most):
                self._emit_repeat(part, least, most)

    def _emit_choice(self, parts: tuple[Node, ...]) -> None:
        ends = []
        for part in parts[:-1]:
            fork = len(self._code)
            self._code.append((_FORK, 0, 0))
            self._emit(part)
            ends.append(len(self._code))
            self._code.append((_GOTO, 0, 0))
            self._code[fork] = (_FORK, fork + 1, len(self._code))
        self._emit(parts[-1])
        for end in ends:
            self._code[end] = (_GOTO, len(self._code), 0)

    def _emit_repeat(self, part: Node, least: int, most: int | None) -> None:
        for _ in range(least):
            self._emit(part)
        forks = []
        for _ in range(1 if most is None else most - least):
            forks.append(len(self._code))
            self._code.append((_FORK, 0, 0))
            self._emit(part)
        if most is None:
            self._code.append((_GOTO, forks[0], 0))
        for fork in forks:
            self._code[fork] = (_FORK, fork + 1, len(self._code))
