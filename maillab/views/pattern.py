r"""Regular expressions that cannot hang: whatever the pattern and whatever the line, the work has a bound.

The language is that of `re` without what looks back or ahead: characters, `.`, classes, `\d \w \s`, groups, `|`,
`* + ? {m,n}`, `^` and `$`. A line is searched by `re` only while its backtracking is known to be small; beyond that, by
an automaton that looks at every character once. (google-re2 would do it, too; but it has no wheel for musl, its `\w`
knows no Vietnamese letter, and a short line takes it ten times as long.)
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

LONGEST = 200  # characters of a pattern
COPIES = 100  # the largest number in {m,n}
REACH = 4_096  # characters of a line that are looked at; it ends there for `$` too
STEPS = 2_000_000  # of backtracking, at most, for one line; more goes to the automaton
PLACES = 500  # of the automaton
MARKED = 200  # places of one line that are shown
STATES = 1_000  # remembered at a time; then it begins anew
MOVES = 100_000  # likewise

_FLAGS = re.IGNORECASE | re.DOTALL
_TOKEN = re.compile(
    r"""(?P<open> \((?!\?) | \(\?: )
    | (?P<close> \) )
    | (?P<bar> \| )
    | (?P<edge> [\^$] )
    | (?P<count> (?: [*+?] | \{(?!\})(?P<least>[0-9]*)(?P<comma>,?)(?P<most>[0-9]*)\} )\?? )(?!\+)
    | (?P<char> \[\^?\]?+(?:\\.|[^\]\\])*\] | \\[dDwWsStrn\W_] | (?!\{(?!\})[0-9]*,?[0-9]*\}\+) [^\[\\(*+?] )
    | (?P<unknown> \(\?.? | \\.? | . )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_SET_SIGN = re.compile(r"(?<=[^\\])[\[&|~]|(?<=-)-")  # in a class; `re` warns that they may mean more some day


class PatternError(ValueError):
    """Not a pattern of this language; `column` counts from 1."""

    def __init__(self, column: int, text: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text


class Pattern:
    """A pattern that was read. Upper and lower case are the same to it. Raises `PatternError`.

    >>> Pattern("^rcpt to:.*@recipient").is_in("RCPT TO:<bob@recipient.test>")
    True
    >>> Pattern("(a+)+$").is_in("a" * 4000 + "b")
    False
    """

    def __init__(self, text: str) -> None:
        tokens = list(_TOKEN.finditer(text[: LONGEST + 1]))
        source = "".join(map(_source, tokens))
        try:
            self._quick = re.compile(source, _FLAGS)
        except re.error as error:
            raise PatternError(min(error.pos or 0, len(text)) + 1, error.msg) from None
        self._short = min(REACH, _longest_for_re(tokens))
        self._machine = _Machine(_tree(tokens))

    def is_in(self, line: str) -> bool:
        """Does it occur in the first `REACH` characters of the line?"""
        if len(line) <= self._short:
            return self._quick.search(line) is not None
        return self._machine.is_in(line[:REACH])

    def spans(self, line: str) -> list[tuple[int, int]]:
        """The first places where it occurs, as slices; none of a line that takes too long: the automaton knows only
        whether.

        >>> Pattern("b[a-z]b").spans("bob and bib"), Pattern("x*").spans("bob")
        ([(0, 3), (8, 11)], [])
        """
        found = self._quick.finditer(line) if len(line) <= self._short else ()
        return [one.span() for one in islice(found, MARKED) if one[0]]


def _source(token: re.Match[str]) -> str:
    """A token as `re` is to read it. Raises `PatternError` for what is too large; `re` itself knows what is wrong."""
    if token.end() > LONGEST:
        raise PatternError(LONGEST + 1, f"a pattern has at most {LONGEST} characters")
    if token["count"] and max(map(int, filter(None, token.group("least", "most"))), default=0) > COPIES:
        raise PatternError(token.start() + 1, f"a number in braces is at most {COPIES}")
    if token[0] == "[":
        raise PatternError(token.start() + 1, "this [ is never closed")
    if token[0] == "$":
        return r"\Z"  # for `re`, `$` may have a line end behind it
    return _SET_SIGN.sub(r"\\\g<0>", token[0]) if token[0][0] == "[" else token[0]


def _bounds(count: re.Match[str]) -> tuple[int, int | None]:
    """How often at least and at most; None for any number."""
    match count[0][0]:
        case "{":
            least = int(count["least"] or 0)
            return least, int(count["most"]) if count["most"] else None if count["comma"] else least
        case "?":
            return 0, 1
        case sign:
            return int(sign == "+"), None


def _longest_for_re(tokens: Sequence[re.Match[str]]) -> int:
    """The longest line that `re` searches in `STEPS`: it needs at most `length * ways * length ** unbounded`."""
    ways, unbounded = 1, 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token["bar"]:
            ways *= 2
        elif token["count"]:
            if before and before["close"]:
                return 0  # what can be done inside the group, multiplied by itself
            least, most = _bounds(token)
            ways *= 1 if most is None else most - least + 1
            unbounded += most is None
    return int((STEPS / ways) ** (1 / (1 + unbounded)))


@dataclass(frozen=True, slots=True)
class _Repeat:
    """The same again, at least and at most so many times; `most` is None for any number."""

    part: "_Part"
    least: int
    most: int | None


_Row = list["_Part"]  # one after the other
_Rows = list[_Row]  # one or the other
_Part = re.Pattern[str] | str | _Rows | _Repeat  # one character of a class; an edge; a group; a repetition


def _tree(tokens: Sequence[re.Match[str]]) -> _Rows:
    """What `re` has found right, as a tree. Raises `PatternError` for what `re` knows and the automaton does not."""
    groups: list[_Rows] = [[[]]]
    for token in tokens:
        row = groups[-1][-1]
        match token.lastgroup:
            case "open":
                groups.append([[]])
            case "close":
                group = groups.pop()
                groups[-1][-1].append(group)
            case "bar":
                groups[-1].append([])
            case "count":
                row.append(_Repeat(row.pop(), *_bounds(token)))
            case "edge":
                row.append(token[0])
            case "char":
                row.append(re.compile(_source(token), _FLAGS))
            case _:
                raise PatternError(token.start() + 1, f"{token[0]} is not known here: nothing looks ahead or back")
    return groups[0]


@dataclass(eq=False, slots=True)
class _Place:
    """A place in the automaton: where it leads, by a character of the class, at an edge, or (without both) at once."""

    onward: "list[_Place]"
    char: re.Pattern[str] | None = None
    edge: str = ""


class _State(dict[str, "_State"]):
    """The places that were reached. As a dictionary it knows where each character leads, from the first asking on."""

    __slots__ = ("_machine", "_places", "is_end", "is_end_of_line")

    def __init__(self, machine: "_Machine", places: Iterable[_Place], edges: str = "") -> None:
        super().__init__()
        self._machine = machine
        reached = _reached(places, edges)
        self._places = [place for place in reached if place.char]
        self.is_end = machine.end in reached
        self.is_end_of_line = machine.end in _reached(places, edges + "$")

    def __missing__(self, char: str) -> "_State":
        onward = (place.onward[0] for place in self._places if place.char and place.char.match(char))
        self[char] = state = self._machine.state(frozenset(onward))
        return state


class _Machine:
    """The automaton of a pattern (Thompson 1968); its states are made when they are first needed."""

    def __init__(self, tree: _Rows) -> None:
        self.end = _Place([])
        self._size = 0
        self._first = self._place(tree, self.end)
        self._start = _State(self, (self._first,), "^")
        self._states: dict[frozenset[_Place], _State] = {}
        self._moves = 0

    def is_in(self, line: str) -> bool:
        """Does the pattern occur in it? One step for each character."""
        state = self._start
        for char in line:
            if state.is_end:
                return True
            state = state[char]
        return state.is_end_of_line

    def state(self, places: frozenset[_Place]) -> _State:
        """The state in which these places are reached; an occurrence may also begin here."""
        self._moves += 1
        if len(self._states) > STATES or self._moves > MOVES:
            self._moves = 0
            self._states.clear()
            self._start.clear()
        state = self._states.get(places)
        if state is None:
            state = self._states[places] = _State(self, (*places, self._first))
        return state

    def _place(self, part: _Part, then: _Place) -> _Place:
        """Where this part begins, if `then` comes after it. Raises `PatternError`."""
        self._size += 1
        if self._size > PLACES:
            raise PatternError(1, "this pattern is too large; smaller numbers in {m,n} help")
        match part:
            case re.Pattern():
                return _Place([then], char=part)
            case str():
                return _Place([then], edge=part)
            case list():
                return _Place([self._row(row, then) for row in part])
            case _Repeat(inner, least, most):
                more = then if most is not None else _Place([then])
                if most is None:
                    more.onward.append(self._place(inner, more))
                for _ in range((most or 0) - least):
                    more = _Place([then, self._place(inner, more)])
                return self._row([inner] * least, more)

    def _row(self, parts: _Row, then: _Place) -> _Place:
        for part in reversed(parts):
            then = self._place(part, then)
        return then


def _reached(places: Iterable[_Place], edges: str) -> set[_Place]:
    """These places and those to which they lead without a character; `edges` are those of the line that are here."""
    reached: set[_Place] = set()
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            if place.char is None and place.edge in edges:
                waiting += place.onward
    return reached
