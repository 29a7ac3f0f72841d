"""The rules at one connection of a protocol with lines: what is known there, and what becomes of each answer.

Quiet: the driver tells it what was heard, asks it, and plays what it says.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from maillab.protocols.protocol import Named
from maillab.rules.possible import CONTENT
from maillab.rules.rule import OF_OCTETS, Effect, Kind, Stage
from maillab.rules.shape import Shape, Step
from maillab.wire.disturb import Hung, Point

OF_INTAKE = frozenset({Kind.THROTTLE, Kind.TRUNCATE})
"""Effects on content while it is read; the others are played when all of it is there."""

_KEPT = 4  # octets at the beginning of a line that are never garbled: the code of a reply and what follows it
_NAMED = {Named.SENDER: "from", Named.RECIPIENT: "to", Named.CLIENT: "hello"}


class Disturber:
    """`known` gives what the dialogue knows, by the name of a condition. The greeting is the first answer."""

    def __init__(self, point: Point, known: Callable[[str], tuple[str, ...]], peer: str, *, secure: bool) -> None:
        self._point, self._known = point, known
        self._of_talk = {"peer": (peer,), "user": ("",), "tls": ("yes" if secure else "no",), "code": ("",)}
        self._line = b""  # the command that is answered next
        self._content = False  # what is answered next is content
        self._whole: Shape | None = None  # of everything that is said
        self._of_answer: list[Effect] = []  # on the octets of this answer
        self._answer: Shape | None = None  # of this answer, once it has begun
        self._asked = False  # about this answer
        self._rate = 0  # octets of content a second
        self._left: int | None = None  # of content, until the connection is cut
        self.mute = False  # nothing more of this answer is said
        self.withheld = False  # an answer was not said: the next one would be taken for it

    # ── what is known ──

    def learn(self, name: str, value: str) -> None:
        """Who has logged in ("user"); whether TLS is on ("tls")."""
        self._of_talk[name] = (value,)

    def hear(self, line: bytes) -> None:
        """A command; what is said next answers it."""
        self._line, self._content = line, False
        self._begin_answer()

    def hear_content(self) -> None:
        """The content of a message is whole; what is said next answers it."""
        if not self._content:
            self._content = True
            self._begin_answer()

    def _begin_answer(self) -> None:
        self._asked, self.mute, self._of_answer, self._answer = False, False, [], None

    @property
    def _verb(self) -> str:
        return CONTENT if self._content else self._point.protocol.verb_of(self._line)

    def _values(self, name: str) -> Iterable[str]:
        if name in self._of_talk:
            return self._of_talk[name]
        argument = self._point.protocol.argument_of(self._line)
        if name == "argument":
            return (argument.decode("utf-8", "replace"),)
        row = self._point.protocol.verb(self._verb)
        if _NAMED.get(row.names) != name:
            return self._known(name)
        value = argument if row.names is Named.CLIENT else self._point.protocol.path(argument)
        return ((value or b"").decode("utf-8", "replace"),)

    # ── what the rules do ──

    def ask(self, stage: Stage, kinds: Collection[Kind] = frozenset(Kind)) -> tuple[Effect, ...]:
        """What is to be played now. Effects on octets are kept for what is said, or for the content that is read."""
        verb = self._verb if stage in (Stage.COMMAND, Stage.ANSWER) else ""
        effects = self._point.ask(stage, verb, kinds, self._values)
        octets = [effect for effect in effects if effect.kind in OF_OCTETS]
        if stage is Stage.CONTENT:
            amounts = {effect.kind: effect.amount for effect in octets}
            self._rate, self._left = amounts.get(Kind.THROTTLE, self._rate), amounts.get(Kind.TRUNCATE, self._left)
        elif stage is Stage.ACCEPT:
            self._of_answer += [effect for effect in octets if effect.kind is Kind.REPLACE]
            self._whole = self._shaped([effect for effect in octets if effect.kind is not Kind.REPLACE])
        else:
            self._of_answer += octets
        return effects

    def ask_of_answer(self, octets: bytes) -> tuple[Effect, ...]:
        """The same of an answer, once, when its first octets are about to be said."""
        if self._asked or self._lets_go_on(octets):
            return ()
        self._asked = True
        self._of_talk["code"] = (self._point.protocol.code_of(octets),)
        effects = self.ask(Stage.ANSWER)
        self._answer = self._shaped(self._of_answer)
        return effects

    def _shaped(self, effects: Sequence[Effect]) -> Shape | None:
        if not effects:
            return None
        protocol = self._point.protocol
        tag = protocol.tag_of(self._line) if protocol.tag_of is not None else b""
        worded = [self._worded(effect) if effect.kind is Kind.REPLACE else effect for effect in effects]
        return Shape(worded, self._point.rules.dice, kept=_KEPT + (len(tag) + 1 if tag else 0))

    def _worded(self, effect: Effect) -> Effect:
        """A text in the place of an answer, as an answer to this command."""
        text = self._point.protocol.answering(self._line, effect.text.encode("utf-8", "surrogateescape"))
        return replace(effect, text=text.decode("utf-8", "surrogateescape"))

    def _lets_go_on(self, octets: bytes) -> bool:
        """Is it no answer yet, but the go-ahead for the rest of a command that has a tag?"""
        return self._point.protocol.tag_of is not None and octets[:1] == b"+"

    @property
    def shapes(self) -> bool:
        """Are the octets that are said now disturbed?"""
        return bool(self._of_answer) or self._whole is not None

    def steps(self, octets: bytes) -> Iterator[Step]:
        """How these octets of the answer are said. Raises `Hung` behind the last of one that is cut short."""
        for step in [Step(0.0, octets)] if self._answer is None else self._answer.steps(octets):
            yield from [step] if self._whole is None else _later(step.wait, self._whole.steps(step.octets))
        if any(shape is not None and shape.ended for shape in (self._answer, self._whole)):
            raise Hung("cut short by a rule")

    def read(self, octets: int) -> float:
        """So many octets of content were read; gives how many seconds are waited. Raises `Hung` where it is cut."""
        if self._left is not None:
            self._left -= octets
            if self._left <= 0:
                raise Hung("cut short by a rule")
        return octets / self._rate if self._rate else 0.0


def _later(wait: float, steps: Iterable[Step]) -> Iterator[Step]:
    """The same steps, the first of them so much later."""
    for step in steps:
        yield Step(wait + step.wait, step.octets)
        wait = 0.0
