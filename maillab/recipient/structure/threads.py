"""Which messages belong together, and which answers which: THREAD (RFC 5256 §3).

Rules for this file: no recursion, since a conversation may be as deep as a mailbox is large; and an end to the looking
for circles, which a stranger may have made.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from maillab.protocols.imap.commands import ThreadAlgorithm
from maillab.recipient.structure.casemap import casemap
from maillab.recipient.structure.matches import Searched
from maillab.recipient.structure.sorting import sent_at

STEPS = 2_000_000  # upwards that are taken in search of circles

_NEVER = (0.0, 0)


@dataclass(eq=False)
class Branch:
    """A message, and those that answer it. `number` is its place in `rows`; None for one that is not there."""

    number: int | None = None
    children: list["Branch"] = field(default_factory=list)
    parent: "Branch | None" = None
    sent: tuple[float, int] = _NEVER
    topic: str = ""
    is_answer: bool = False
    is_parent: bool = False  # somebody's, once


def threads(searched: Searched, numbers: Sequence[int], algorithm: ThreadAlgorithm) -> list[Branch]:
    """The threads of these messages, the oldest first."""
    match algorithm:
        case ThreadAlgorithm.ORDEREDSUBJECT:
            return _by_subject(searched, numbers)
        case ThreadAlgorithm.REFERENCES:
            return _by_references(searched, numbers)
        case _:
            assert_never(algorithm)


def written(found: Sequence[Branch], name: Callable[[int], int]) -> bytes:
    """Threads as THREAD tells them (RFC 5256 §5); `name` makes a number or a UID of a place.

    >>> written([Branch(1), Branch(2, [Branch(5, [Branch(3), Branch(22)])])], lambda at: at + 1)
    b'(2)(3 6 (4)(23))'
    """
    told: list[bytes] = []
    waiting: list[Branch | bytes] = [*reversed(found)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, bytes):
            told.append(one)
            continue
        line = []
        if one.number is not None:
            line.append(one)
            while len(line[-1].children) == 1:
                line.append(line[-1].children[0])
        told.append(b"(" + b" ".join(b"%d" % name(here.number) for here in line if here.number is not None))
        last = line[-1] if line else one
        if line and last.children:
            told.append(b" ")
        waiting += [b")", *reversed(last.children)]
    return b"".join(told)


def _branches(searched: Searched, numbers: Sequence[int]) -> Iterator[tuple[Branch, str, tuple[str, ...]]]:
    """A branch for each message, its message id and those that it answers; in the order of their numbers."""
    ordered = sorted(numbers)
    for at, outline in searched.outlines(ordered):
        branch = Branch(at, sent=(sent_at(searched, at, outline), at))
        if outline is None:
            yield branch, "", ()
            continue
        branch.topic, branch.is_answer = casemap(outline.topic), outline.is_answer
        yield branch, outline.message_id, outline.references


# ── ORDEREDSUBJECT ──


def _by_subject(searched: Searched, numbers: Sequence[int]) -> list[Branch]:
    """The first message of each base subject, and all others of it as its children."""
    found: dict[str, Branch] = {}
    for branch in sorted((branch for branch, _, _ in _branches(searched, numbers)), key=_sent):
        first = found.setdefault(branch.topic, branch)
        if first is not branch:
            first.children.append(branch)
    return sorted(found.values(), key=_sent)


# ── REFERENCES ──


def _by_references(searched: Searched, numbers: Sequence[int]) -> list[Branch]:
    """The six steps of RFC 5256 §3."""
    roots = _trees(_linked(searched, numbers))
    for root in roots:
        if root.number is None:
            root.children.sort(key=_sent)
            root.sent = root.children[0].sent
    roots = _joined(sorted(roots, key=_sent))
    for branch in _all_of(roots):
        branch.children.sort(key=_sent)
    for root in roots:
        if root.number is None:
            root.sent = root.children[0].sent
    return sorted(roots, key=_sent)


def _linked(searched: Searched, numbers: Sequence[int]) -> list[Branch]:
    """All messages, and those that they name and nobody has, each with its parent (step 1)."""
    by_id: dict[str, Branch] = {}
    every: list[Branch] = []
    steps = STEPS

    def called(ident: str) -> Branch:
        if (there := by_id.get(ident)) is None:
            there = by_id[ident] = Branch()
            every.append(there)
        return there

    def may_be_above(parent: Branch, child: Branch) -> bool:
        """It does not stand below the other already."""
        nonlocal steps
        above: Branch | None = parent if child.is_parent else None
        while above is not None and above is not child and steps > 0:
            above = above.parent
            steps -= 1
        return above is None and parent is not child

    for message, ident, references in _branches(searched, numbers):
        branch = called(ident) if ident else message
        if branch is message or branch.number is not None:  # no id, or that of another one
            branch = message
            every.append(branch)
        else:
            branch.number, branch.sent, branch.topic, branch.is_answer = (
                message.number, message.sent, message.topic, message.is_answer,
            )  # fmt: skip
        above: Branch | None = None
        for reference in references:
            below = called(reference)
            if above is not None and below.parent is None and may_be_above(above, below):
                below.parent, above.is_parent = above, True
            above = below
        if above is None:
            branch.parent = None  # it says itself that it answers nobody
        elif above is not branch:
            branch.parent = None  # also where the better one would close a circle (step 1 B)
            if may_be_above(above, branch):
                branch.parent, above.is_parent = above, True
    return every


def _trees(every: list[Branch]) -> list[Branch]:
    """The trees of these; who is not there gives its place to its children (steps 2 and 3)."""
    roots = []
    for branch in every:
        if branch.parent is None:
            roots.append(branch)
        else:
            branch.parent.children.append(branch)
    for branch in reversed(_all_of(roots)):  # children before their parents
        if len(branch.children) == 1 and branch.children[0].number is None:
            branch.children = branch.children[0].children
        elif any(child.number is None for child in branch.children):
            branch.children = [
                kept for child in branch.children for kept in ([child] if child.number is not None else child.children)
            ]
    kept = []
    for root in roots:
        if root.number is not None or len(root.children) > 1:
            kept.append(root)
        else:
            kept += root.children
    return kept


def _joined(roots: list[Branch]) -> list[Branch]:
    """Threads of one subject are one thread (step 5)."""
    table: dict[str, Branch] = {}
    for root in roots:
        topic = _topic(root)
        there = table.get(topic)
        if topic and (
            there is None
            or (root.number is None and there.number is not None)
            or (there.number is not None and there.is_answer and not root.is_answer)
        ):
            table[topic] = root
    gone: set[Branch] = set()
    made: dict[Branch, Branch] = {}  # who stands at whose place
    for root in roots:
        there = table.get(_topic(root))
        if there is None or there is root or root in made:
            continue
        if root.number is None and there.number is None:
            there.children += root.children
        elif there.number is None or (root.is_answer and not there.is_answer):
            there.children.append(root)
        else:
            both = Branch(None, [there, root])
            both.topic = there.topic
            made[there] = table[_topic(root)] = both
        gone.add(root)
    return [made.get(root, root) for root in roots if root not in gone]


def _topic(root: Branch) -> str:
    return root.topic if root.number is not None or not root.children else root.children[0].topic


def _all_of(roots: Sequence[Branch]) -> list[Branch]:
    """These and all below them, parents before their children."""
    found = list(roots)
    for branch in found:  # which grows
        found += branch.children
    return found


def _sent(branch: Branch) -> tuple[float, int]:
    return branch.sent
