"""The order in which SORT tells messages (RFC 5256 §3): by each criterion in turn, at last by their numbers."""

from collections.abc import Callable, Sequence
from typing import assert_never

from maillab.protocols.imap.commands import SortCriterion, SortField
from maillab.recipient.structure.matches import Numbers, Searched
from maillab.recipient.structure.summary import Outline

SortKey = str | float


def in_order(searched: Searched, numbers: Sequence[int], criteria: Sequence[SortCriterion]) -> Numbers:
    """Places of messages in `searched.rows`, sorted. A message that is gone counts as one that says nothing."""
    ordered = sorted(numbers)
    outlines: dict[int, Outline | None] = {}
    if any(criterion.field not in (SortField.ARRIVAL, SortField.SIZE) for criterion in criteria):
        outlines = dict(zip(ordered, searched.outlines(ordered), strict=True))
    for criterion in reversed(criteria):
        ordered.sort(
            key=_key(criterion.field, searched, outlines), reverse=criterion.reverse
        )  # equals keep their place
    return ordered


def sent_at(searched: Searched, at: int, outline: Outline | None) -> float:
    """When a message was sent, in UTC; if nobody knows, when it came (RFC 5256 §2.2)."""
    return outline.sent if outline is not None and outline.sent is not None else searched.rows[at].internal


def _key(field: SortField, searched: Searched, outlines: dict[int, Outline | None]) -> Callable[[int], SortKey]:
    rows = searched.rows
    match field:
        case SortField.ARRIVAL:
            return lambda at: rows[at].internal
        case SortField.SIZE:
            return lambda at: rows[at].octets
        case SortField.DATE:
            return lambda at: sent_at(searched, at, outlines[at])
        case SortField.FROM:
            return _text(outlines, lambda outline: outline.first_from)
        case SortField.TO:
            return _text(outlines, lambda outline: outline.first_to)
        case SortField.CC:
            return _text(outlines, lambda outline: outline.first_cc)
        case SortField.SUBJECT:
            return _text(outlines, lambda outline: outline.topic)
        case _:
            assert_never(field)


def _text(outlines: dict[int, Outline | None], said: Callable[[Outline], str]) -> Callable[[int], SortKey]:
    def key(at: int) -> SortKey:
        outline = outlines[at]
        return "" if outline is None else said(outline).casefold()

    return key
