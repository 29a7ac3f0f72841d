"""Did the same thing happen? Two records, talk by talk and exchange by exchange, without what is new each time.

Rules for this file: of an answer count its code, its enhanced code, and what it offers; ids, dates, host names, nonces,
the order of an offer and the wording do not. What is compared is written as lines, so that what differs can be read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from maillab.events import Entry
from maillab.protocols.dns import DNS
from maillab.protocols.protocol import AnswerForm, ArgumentForm, Protocol, RequestKind
from maillab.recording.talks import Answered, Asked, Talk, TalkExchange, exchanges, talks
from maillab.views.safe import safe

_TTL = re.compile(r"(\S+\.) [0-9]+ (IN|CH) ")
_LONG = 1000  # exchanges, or lines of one: beyond it what is common is aligned less finely, and in bounded time


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A line of the result: " " in both, "-" in the first only, "+" in the second only, "@" a talk begins."""

    mark: Literal[" ", "-", "+", "@"]
    text: str

    def __str__(self) -> str:
        return f"@@ {self.text} @@" if self.mark == "@" else f"{self.mark} {self.text}"


def compare(first: Sequence[Entry], second: Sequence[Entry], *, text: bool = False) -> tuple[ComparedRow, ...]:
    """Every talk of two records; `text` compares the wording of answers too. Nothing at all when nothing differs."""
    rows: list[ComparedRow] = []
    left = _named(talks(first))
    right = _in_step(left, _named(talks(second)))
    for name in dict.fromkeys((*left, *right)):
        if name in left and name in right:
            rows += compare_talks(left[name], right[name], text=text)
            continue
        talk = left.get(name) or right[name]
        mark: Literal["-", "+"] = "-" if name in left else "+"
        rows.append(ComparedRow("@", _title(talk)))
        rows += [ComparedRow(mark, line) for block in _blocks(talk, text) for line in block]
    return tuple(rows)


def compare_talks(one: Talk, other: Talk, *, text: bool = False) -> tuple[ComparedRow, ...]:
    """Two talks, whatever they are called; nothing at all when nothing differs.

    >>> from maillab.events import Leg
    >>> def talk(code: bytes) -> Talk:
    ...     return Talk("relay-1", Leg.RELAY, "smtp", "mx", False, (Answered((code + b" mx ready\\r\\n",)),))
    >>> for row in compare_talks(talk(b"220"), talk(b"554")): print(row)
    @@ relay-1 (smtp) @@
      connected
    - S: 220
    + S: 554
    """
    left, right = _blocks(one, text), _blocks(other, text)
    if left == right:
        return ()
    rows = [ComparedRow("@", _title(one))]
    matcher = SequenceMatcher(
        None, [block[0] for block in left], [block[0] for block in right], autojunk=len(left) > _LONG
    )
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            for mine, theirs in zip(left[a:b], right[c:d], strict=True):
                rows += _within(mine, theirs)
        else:
            rows += [ComparedRow("-", line) for block in left[a:b] for line in block]
            rows += [ComparedRow("+", line) for block in right[c:d] for line in block]
    return tuple(rows)


def _title(talk: Talk) -> str:
    return f"{safe(talk.name)} ({safe(talk.service)})"


def _within(one: Sequence[str], other: Sequence[str]) -> Iterator[ComparedRow]:
    """One exchange on both sides: the lines of an offer are a set, and are in order already."""
    matcher = SequenceMatcher(None, one, other, autojunk=len(one) > _LONG)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from (ComparedRow(" ", line) for line in one[a:b])
        else:
            yield from (ComparedRow("-", line) for line in one[a:b])
            yield from (ComparedRow("+", line) for line in other[c:d])


def _named(recorded: Iterable[Talk]) -> dict[tuple[str, int], Talk]:
    """Talks by their names, and look-ups by their question: two runs may ask at once, in either order."""
    names: dict[tuple[str, int], Talk] = {}
    numbers: Counter[str] = Counter()
    for talk in recorded:
        query = next((turn for turn in talk.turns if isinstance(turn, Asked)), None)
        name = query.line.decode("utf-8", "replace") if query and talk.protocol is DNS else talk.name
        numbers[name] += 1
        names[name, numbers[name]] = talk
    return names


def _in_step(left: dict[tuple[str, int], Talk], right: dict[tuple[str, int], Talk]) -> dict[tuple[str, int], Talk]:
    """The talks on the right under the names of those that they answer to.

    They have the same names, but where two records of one lab have no name of a kind in common: there the order counts.
    """
    renamed: dict[tuple[str, int], tuple[str, int]] = {}
    for kind in {_kind(name) for name, talk in left.items() if talk.protocol is not DNS}:
        ours, theirs = ([name for name in side if _kind(name) == kind] for side in (left, right))
        if not set(ours) & set(theirs):
            renamed |= dict(zip(theirs, ours, strict=False))
    return {renamed.get(name, name): talk for name, talk in right.items()}


def _kind(name: tuple[str, int]) -> str:
    """Of "submit-1" what stands before its number."""
    return name[0].rpartition("-")[0]


# ── what counts ──


def _blocks(talk: Talk, text: bool) -> list[tuple[str, ...]]:
    """Each exchange as lines: what was asked, then what counts of the answer."""
    blocks: list[tuple[str, ...]] = []
    secure = talk.tls_first
    for exchange in exchanges(talk):
        if exchange.asked is not None and exchange.secure and not secure:
            secure = True
            blocks.append(("TLS began",))
        asked = question(talk.protocol, exchange) if exchange.asked or not blocks else "told unasked"
        blocks.append((asked, *_answer(talk, exchange, text)))
    return blocks


def question(protocol: Protocol, exchange: TalkExchange) -> str:
    """What was asked, as far as it counts: "C: RCPT TO:<bob@recipient.test>"."""
    asked = exchange.asked
    if asked is None:
        return "connected"
    if asked.kind is RequestKind.END:
        return "C: (a message)" if asked.line else "C: (a part of a message)"
    if not asked.verb:
        return "C: (a secret)"
    return f"C: {safe(asked.verb)} {safe(_argument(protocol, asked))}".rstrip()


def _argument(protocol: Protocol, asked: Asked) -> bytes:
    """The argument as far as it counts."""
    match protocol.verb(asked.verb).argument:
        case ArgumentForm.WORD:
            word = b"".join(asked.argument.split(None, 1)[:1])
            return word.upper() if asked.verb == "AUTH" else word
        case ArgumentForm.PATH if asked.secret == (0, 0):
            return _path(asked.argument)
        case ArgumentForm.WHOLE if asked.secret == (0, 0):
            return asked.argument
        case _:
            return b""


def _path(argument: bytes) -> bytes:
    """FROM: and TO: in capitals, without the size and the id of the envelope, parameters in a fixed order."""
    word, colon, rest = argument.partition(b":")
    path, *parameters = rest.strip().split(b" ")
    kept = sorted(p.upper() for p in parameters if p and not p.upper().startswith((b"SIZE=", b"ENVID=")))
    return b" ".join([word.upper() + colon + path, *kept])


def _answer(talk: Talk, exchange: TalkExchange, text: bool) -> tuple[str, ...]:
    answer, asked = exchange.answer, exchange.asked
    if answer is None:
        return ("S: (no answer)",) if asked is None or asked.line else ()
    if talk.protocol is DNS:
        return tuple(sorted(_TTL.sub(r"\1 \2 ", safe(line.strip())) for line in answer.lines))
    verdict = safe(talk.protocol.verdict(answer.last))
    words = " ".join(safe(line.strip()) for line in answer.lines) if text else verdict
    if asked is None or asked.kind is not RequestKind.COMMAND:
        return (f"S: {words}",)
    row = talk.protocol.verb(asked.verb)
    if row.offers and len(answer.lines) > 1:
        return (f"S: {verdict}", *(f"S:   {offer}" for offer in _offers(talk, answer)))
    if row.answer is AnswerForm.LIST_OF_ALL and not asked.argument:
        count = max(0, len(answer.lines) - 2)
        return (f"S: {words}", f"S:   ({count} line{'s' * (count != 1)})")
    return (f"S: {words}",)


def _offers(talk: Talk, answer: Answered) -> list[str]:
    """Each capability in capitals, its words in order."""
    offers = talk.protocol.offers(answer.lines)
    offers.pop("IMPLEMENTATION", None)  # a version is no ability
    return sorted(safe(" ".join([name, *sorted(set(words))])) for name, words in offers.items())
