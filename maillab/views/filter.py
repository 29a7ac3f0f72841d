"""The filter language: one for the transcript, replay, export, search and tests.

    filter  = [either]
    either  = all *( "or" all )
    all     = 1*( ["and"] one )
    one     = ( "-" / "not" ) one / "(" either ")" / [ name ":" ] value
    value   = word / "words in quotes" / /regular expression/

Rules for this file: it knows how a filter is written; what the names mean is in `filter_terms`, and whatever is typed
is a filter or a `FilterError` that points at the column.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from maillab.events import Entry, Leg
from maillab.protocols.services import SERVICES
from maillab.spelling import nearest
from maillab.views.context import Context, Marked
from maillab.views.filter_help import HELP, table
from maillab.views.filter_terms import EVERYTHING, TERMS, FilterTerm, Heard, Test, words
from maillab.views.filter_values import Value, WrongValueError
from maillab.views.pattern import PatternError
from maillab.views.pointed import pointed
from maillab.views.shown import Shows

__all__ = ["HELP", "Context", "Filter", "FilterError", "parse", "select", "table"]

LONGEST = 1_000  # characters of a filter
NAMED = 7  # terms that are named in a complaint; more would be a wall, and the help lists them
DEEPEST = 20  # parentheses and negations inside one another
MEANT = {"machine": "host", "server": "host", "name": "talk", "conversation": "talk"}  # other words for terms

# words that stand for a term where they stand alone; in quotes they are looked for
ALONE = {
    "error": ("is", "error"),
    "errors": ("is", "error"),
    **{name: ("proto", name) for name in {service.protocol.name for service in SERVICES.values()}},
}

_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,30}):(\S?)")
_ALONE = re.compile(rf"(?i)({'|'.join(ALONE)})(?=[\s()]|\Z)")
_TALK = re.compile(rf"(?i)(?:{'|'.join(Leg)})-[0-9]+(?=[\s()]|\Z)")  # the name of a conversation, as its heading has it
_WORD = re.compile(r'[^\s()"]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PATTERN = re.compile(r"/((?:[^/\\]|\\.)*)/")


class FilterError(ValueError):
    """Not a filter. `column` counts from 1; as a string, it shows the place."""

    def __init__(self, column: int, text: str, expression: str = "") -> None:
        super().__init__(text)
        self.column = column
        self.text = text
        self.expression = expression

    def __str__(self) -> str:
        return pointed(self.text, self.expression, self.column)


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read. `hears` names the events that its context must hear, `looks_ahead` says that it knows
    more when the entries are read twice (`job:`), `by_talk` that it asks for the leg or the protocol only. `words` are
    those that a line may hold for which it is seen: they can be marked in it.
    """

    text: str
    test: Test
    hears: Heard = EVERYTHING
    looks_ahead: bool = False
    by_talk: bool = False
    words: tuple[Value, ...] = ()

    def matches(self, entry: Entry, context: Context) -> bool:
        """Does it match? Entries come in their order, all of them, always with the same context.

        >>> from maillab.events import Closed
        >>> parse("event:closed quit").matches(Entry(1, 0.0, Closed("submit-1", "quit")), Context())
        True
        """
        if context.start is None:
            context.start = entry.at
        if type(entry.event) in self.hears:
            context.hear(entry)
        return self.test(entry, context)


def parse(text: str, terms: Mapping[str, FilterTerm] = TERMS) -> Filter:
    """Read a filter made of these terms; an empty one matches everything. Raises `FilterError`.

    >>> print(parse("leg:relay").text)
    leg:relay
    >>> try: parse("leg:realy code:5xx")
    ... except FilterError as error: print(error)
    possible here: submit, lookup, relay, retrieve
      leg:realy code:5xx
          ^
    """
    if len(text) > LONGEST:
        raise FilterError(LONGEST + 1, f"a filter can have at most {LONGEST} characters", text)
    reader = _Reader(text, terms)
    try:
        test = reader.read()
    except FilterError as error:
        raise FilterError(error.column, error.text, text) from None
    by_talk = bool(reader.names) and reader.names <= {"leg", "proto"}
    return Filter(text, test, frozenset(reader.hears), "job" in reader.names, by_talk, tuple(reader.words))


def select(
    filter: Filter,
    entries: Iterable[Entry],
    *,
    start: float | None = None,
    marks: Iterable[Marked] = (),
    says: Shows | None = None,
) -> Iterator[Entry]:
    """The entries that match, in their order. `start`, `marks` and `says` as in `Context`.

    A sequence is read twice where the filter knows more then; a stream, live perhaps, once.
    """
    known = None
    if filter.looks_ahead and isinstance(entries, Sequence):
        first = Context()
        for entry in entries:
            first.hear(entry)
        known = first.jobs.of
    context = Context(start=start, marks=marks, known=known, says=says)
    if filter.by_talk:
        yield from _whole_talks(filter, entries, context)
        return
    hears, hear, test = filter.hears, context.hear, filter.test
    for entry in entries:
        if context.start is None:
            context.start = entry.at
        if type(entry.event) in hears:
            hear(entry)
        if test(entry, context):
            yield entry


def _whole_talks(filter: Filter, entries: Iterable[Entry], context: Context) -> Iterator[Entry]:
    """The same for a filter whose answer is one for a whole talk: it is asked once, at the talk's first entry."""
    answers: dict[str, bool] = {}
    known = answers.get
    hears, hear, test = filter.hears, context.hear, filter.test
    for entry in entries:
        name = entry.talk
        answer = known(name)
        if answer is None:
            if type(entry.event) in hears:
                hear(entry)
            answer = test(entry, context)
            if name:
                answers[name] = answer
        if answer:
            yield entry


class _Reader:
    """Reads from left to right, and makes one function of what it reads."""

    def __init__(self, text: str, terms: Mapping[str, FilterTerm]) -> None:
        self._text = text
        self._terms = terms
        self._at = 0
        self._depth = 0
        self._negations = 0  # around what is read
        self.words: list[Value] = []
        self.hears: set[type] = set()
        self.names: set[str] = set()  # of terms; "" for words

    def read(self) -> Test:
        self._space()
        if self._at == len(self._text):
            return lambda entry, context: True
        test = self._either()
        if self._at < len(self._text):
            raise self._error("this ) closes nothing")
        return test

    def _either(self) -> Test:
        tests = [self._all()]
        while self._keyword("or"):
            tests.append(self._all())
        if len(tests) == 1:
            return tests[0]
        return lambda entry, context: any(test(entry, context) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while not self._ends():
            self._keyword("and")
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else _all_of(tests)

    def _ends(self) -> bool:
        return self._at == len(self._text) or self._text[self._at] == ")" or self._peek("or")

    def _one(self) -> Test:
        if self._at == len(self._text):
            raise self._nothing()
        if self._depth >= DEEPEST:
            raise self._error(f"parentheses and negations can be nested at most {DEEPEST} deep")
        self._depth += 1
        test = self._inner()
        self._depth -= 1
        self._space()
        return test

    def _inner(self) -> Test:
        char = self._text[self._at]
        if char == "-" or self._keyword("not"):
            if char == "-":
                self._skip()
            self._negations += 1
            negated = self._one()
            self._negations -= 1
            return lambda entry, context: not negated(entry, context)
        if self._peek("or") or self._peek("and"):
            raise self._error(f"add what to look for before {self._text[self._at :].split()[0]}")
        if char == "(":
            opened = self._at
            self._skip()
            test = self._either()
            if self._text[self._at : self._at + 1] != ")":
                raise FilterError(opened + 1, "this ( is never closed")
            self._at += 1
            return test
        return self._term()

    def _term(self) -> Test:
        named = _NAME.match(self._text, self._at)
        if (alone := _ALONE.match(self._text, self._at)) and ALONE[alone[1].lower()][0] in self._terms:
            name, value = ALONE[alone[1].lower()]
            self._at = alone.end()
            self.hears |= self._terms[name].hears
            self.names.add(name)
            return self._terms[name].make(Value(value))
        if not named:
            is_talk = "talk" in self._terms and _TALK.match(self._text, self._at)
            self.names.add("talk" if is_talk else "")
            return self._made(self._terms["talk"].make if is_talk else words)
        name = named[1].lower()
        if name not in self._terms:
            if not named[2] and name not in MEANT and not nearest(name, self._terms):  # a word that ends in a colon
                self.names.add("")
                return self._made(words)
            raise self._error(_unknown(name, self._terms))
        self._at = named.end(1) + 1
        term = self._terms[name]
        self.hears |= term.hears
        self.names.add(name)
        return self._made(term.make)

    def _made(self, make: Callable[[Value], Test]) -> Test:
        start, value = self._at, self._value()
        inside = start + (self._text[start] in '"/') + 1
        if make is words and not self._negations % 2:
            self.words.append(value)
        try:
            return make(value)
        except PatternError as error:
            raise FilterError(inside + error.column - 1, error.text) from None
        except WrongValueError as error:
            raise FilterError(start + 1, str(error)) from None

    def _value(self) -> Value:
        text, at = self._text, self._at
        first = text[at : at + 1]
        value = {'"': _QUOTED, "/": _PATTERN}.get(first, _WORD).match(text, at)
        if not value:
            if first == '"':
                raise self._error("these quotes are never closed")
            if first == "/":
                raise self._error(
                    "this regular expression is never closed by /; a word that begins with / goes in quotes"
                )
            raise self._nothing()
        self._at = value.end()
        if first in ('"', "/") and re.match(r"[^\s)]", text[self._at :]):
            raise self._error("a space is missing here")
        if first == '"':
            return Value(re.sub(r"\\(.)", r"\1", value[1], flags=re.DOTALL))
        return Value(value[1].replace(r"\/", "/"), is_pattern=True) if first == "/" else Value(value[0])

    def _peek(self, word: str) -> bool:
        return bool(_keyword(word).match(self._text, self._at))

    def _keyword(self, word: str) -> bool:
        if not self._peek(word):
            return False
        self._at += len(word)
        self._space()
        return True

    def _skip(self) -> None:
        self._at += 1
        self._space()

    def _space(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1

    def _nothing(self) -> FilterError:
        """Where something to look for belongs, there is nothing."""
        before = self._text[: self._at].split()[-1:]
        return self._error(f"add what to look for after {before[0]}" if before else "add what to look for")

    def _error(self, text: str) -> FilterError:
        return FilterError(self._at + 1, text)


@cache
def _keyword(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?i){word}(?=[\s()]|\Z)")


def _unknown(name: str, terms: Mapping[str, FilterTerm]) -> str:
    near = MEANT[name] if MEANT.get(name) in terms else nearest(name, terms)
    some = ", ".join([*terms][:NAMED]) + ", …" * (len(terms) > NAMED)
    meant = f"did you mean {near}:?" if near else f"there are {some}"
    return f"there is no term “{name}”; {meant} (words with a colon go in quotes)"


def _all_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 2:
        one, two = tests
        return lambda entry, context: one(entry, context) and two(entry, context)
    return lambda entry, context: all(test(entry, context) for test in tests)
