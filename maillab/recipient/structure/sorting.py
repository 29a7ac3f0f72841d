"""The order in which SORT tells messages (RFC 5256 §3): by each criterion in turn, at last by their numbers."""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from maillab.protocols.imap.commands import SortCriterion, SortField
from maillab.recipient.structure.casemap import casemap
from maillab.recipient.structure.matches import Numbers, Searched
from maillab.recipient.structure.summary import Outline

SortKey: TypeAlias = str | float

_OF_THE_ROW = (SortField.ARRIVAL, SortField.SIZE)


def in_order(searched: Searched, numbers: Sequence[int], criteria: Sequence[SortCriterion]) -> Numbers:
    """Places of messages in `searched.rows`, sorted. A message that is gone counts as one that says nothing."""
    ordered = sorted(numbers)
    fields = [criterion.field for criterion in criteria]
    keys: dict[int, list[SortKey]] = {}
    if all(field in _OF_THE_ROW for field in fields):
        keys = {at: [_key(field, searched, at, None) for field in fields] for at in ordered}
    else:
        for at, outline in searched.outlines(ordered):
            keys[at] = [_key(field, searched, at, outline) for field in fields]
    for place, criterion in reversed(list(enumerate(criteria))):
        by_one = {at: key[place] for at, key in keys.items()}
        ordered.sort(key=by_one.__getitem__, reverse=criterion.reverse)  # equals keep their place
    return ordered


def sent_at(searched: Searched, at: int, outline: Outline | None) -> float:
    """When a message was sent, in UTC; if nobody knows, when it came (RFC 5256 §2.2)."""
    return outline.sent if outline is not None and outline.sent is not None else searched.rows[at].internal


def _key(field: SortField, searched: Searched, at: int, outline: Outline | None) -> SortKey:
    match field:
        case SortField.ARRIVAL:
            return searched.rows[at].internal
        case SortField.SIZE:
            return searched.rows[at].octets
        case SortField.DATE:
            return sent_at(searched, at, outline)
        case SortField.FROM:
            return casemap(outline.first_from) if outline else ""
        case SortField.TO:
            return casemap(outline.first_to) if outline else ""
        case SortField.CC:
            return casemap(outline.first_cc) if outline else ""
        case SortField.SUBJECT:
            return casemap(outline.topic) if outline else ""
        case _:
            assert_never(field)
