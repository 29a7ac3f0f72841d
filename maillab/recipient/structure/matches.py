"""Which messages a search means (RFC 9051 §6.4.4): its condition, asked of all messages together.

Rules for this file: what costs little is asked first, and what costs more only of the messages that are left. A message
that is gone by then is not found.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar, assert_never

from maillab.mail.content import Content
from maillab.protocols.imap.search import (
    AgeKey,
    AndKey,
    DayKey,
    DayRelation,
    EveryKey,
    FlagKey,
    HeaderKey,
    IdKey,
    ModSeqKey,
    NotKey,
    NumbersKey,
    OrKey,
    SearchKey,
    SizeKey,
    TextKey,
    WhichDay,
    WhichId,
)
from maillab.recipient.folders import FolderView, MessageRow
from maillab.recipient.structure.header import SEARCHED, values
from maillab.recipient.structure.summary import Outline, fields_of, outline_of, words_of
from maillab.recipient.structure.words import SearchWords, field_text, folded, is_whole

T = TypeVar("T")

_FEW = 20  # of so many messages of a folder one: then nobody looks through all of them
AT_ONCE = 500  # messages whose summaries are asked for together

_OUTLINED = {name.decode("ascii").upper() for name in SEARCHED}
Numbers: TypeAlias = list[int]
"""Places in `rows`, counted from 0, in their order."""


@dataclass(frozen=True)
class Searched:
    """The messages of a folder as a session numbers them, and what a search needs to know besides.

    `saved`: UIDs of the last search with SAVE ($). `now` is in seconds since 1970.
    """

    view: FolderView
    rows: Sequence[MessageRow]
    now: float = 0.0
    saved: Set[int] = frozenset()

    def search(self, key: SearchKey) -> Numbers:
        """The messages for which it holds: their places in `rows`. Raises `OSError` for trouble with the disk."""
        return self._found(key, list(range(len(self.rows))))

    def outlines(self, numbers: Sequence[int]) -> Iterator[tuple[int, Outline | None]]:
        """These messages with what is known of them, None for one that is gone; never all of it at the same time."""
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            blobs = self.view.headings([self.rows[at].uid for at in some])
            for at, blob in zip(some, blobs, strict=True):
                yield at, self._read(at, blob, outline_of)

    def _fields(self, numbers: Sequence[int]) -> Iterator[tuple[int, dict[str, str] | None]]:
        """The same, but only the values of fields."""
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            blobs = self.view.headings([self.rows[at].uid for at in some])
            for at, blob in zip(some, blobs, strict=True):
                yield at, self._read(at, blob, fields_of)

    def _read(self, at: int, blob: bytes | None, read: Callable[[bytes, Callable[[], Content]], T]) -> T | None:
        """What is in the index, or, where that cannot be read, in the message."""
        if blob is None:
            return None
        try:
            return read(blob, lambda: self.view.content(self.rows[at].uid))
        except FileNotFoundError:
            return None

    def _found(self, key: SearchKey, among: Numbers) -> Numbers:
        """Those among these for which it holds."""
        if not among:
            return among
        match key:
            case EveryKey():
                return among
            case AndKey(keys):
                for one in sorted(keys, key=_cost):
                    among = self._found(one, among)
                return among
            case OrKey(one, other):
                first, second = sorted((one, other), key=_cost)
                found = self._found(first, among)
                return sorted([*found, *self._found(second, _without(among, found))])
            case NotKey(inner):
                return _without(among, self._found(inner, among))
            case NumbersKey():
                return self._named(key, among)
            case HeaderKey(field, text):
                return self._with_field(field, SearchWords(text) if text else None, among)
            case TextKey(text, everywhere):
                return self._with_words(SearchWords(text), among, everywhere=everywhere) if text else among
            case DayKey(WhichDay.SENT, relation, day):
                said = day.isoformat()
                return [at for at, one in self.outlines(among) if one and one.day and _lies(one.day, relation, said)]
            case FlagKey() | SizeKey() | DayKey() | AgeKey() | ModSeqKey() | IdKey():
                holds = self._of_a_row(key)
                return [at for at in among if holds(self.rows[at])]
            case _:
                assert_never(key)

    def _named(self, key: NumbersKey, among: Numbers) -> Numbers:
        if key.numbers.saved:
            return [at for at in among if self.rows[at].uid in self.saved]
        if key.by_uid:
            named = set(key.numbers.of([row.uid for row in self.rows]))
            return [at for at in among if self.rows[at].uid in named]
        spans = key.numbers.spans(len(self.rows))
        return [at for at in among if any(low <= at + 1 <= high for low, high in spans)]

    def _of_a_row(self, key: FlagKey | SizeKey | DayKey | AgeKey | ModSeqKey | IdKey) -> Callable[[MessageRow], bool]:
        """What only the row of a message is asked for."""
        match key:
            case FlagKey(flag) if flag.startswith("\\"):
                return lambda row: flag in row.flags
            case FlagKey(flag):
                keyword = flag.lower()
                return lambda row: any(keyword == one.lower() for one in row.flags)
            case SizeKey(octets, larger):
                return lambda row: row.octets > octets if larger else row.octets < octets
            case DayKey(which, relation, day):
                said = day.isoformat()
                if which is WhichDay.SAVED:
                    return lambda row: _lies(_day(row.saved), relation, said)
                return lambda row: _lies(_day(row.internal), relation, said)
            case AgeKey(seconds, older):
                limit = self.now - seconds
                return lambda row: row.internal <= limit if older else row.internal >= limit
            case ModSeqKey(modseq):
                return lambda row: row.modseq >= modseq
            case IdKey(which, value):
                return lambda row: which is WhichId.EMAIL and row.email_id == value
            case _:
                assert_never(key)

    def _with_field(self, field: str, words: SearchWords | None, among: Numbers) -> Numbers:
        """Those with a field of this name in which the words are; no words: with such a field."""
        if field in _OUTLINED:
            among = self._mentioning(words, among) if words else among
            texts = ((at, one.get(field) if one else None) for at, one in self._fields(among))
        else:
            texts = ((at, self._field(at, field)) for at in among)
        return [at for at, text in texts if text is not None and (words is None or words.are_in(folded(text)))]

    def _mentioning(self, words: SearchWords, among: Numbers) -> Numbers:
        """Those in some field of which the words may be: mostly a few, and the index has looked through all of them."""
        if len(among) * _FEW < len(self.rows):
            return among
        mentioning = {*self.view.mentioning(words.octets)}
        return [at for at in among if self.rows[at].uid in mentioning]

    def _field(self, at: int, field: str) -> str | None:
        """The values of a field that is in no summary."""
        name = field.lower().encode("utf-8")
        try:
            header = self.view.content(self.rows[at].uid).head()
        except FileNotFoundError:
            return None
        found = values(header, [name]).get(name)
        return None if found is None else "\n".join(field_text(value) for value in found)

    def _with_words(self, words: SearchWords, among: Numbers, *, everywhere: bool) -> Numbers:
        """Those in whose body the words are, or anywhere in them."""
        found: Numbers = []
        for start in range(0, len(among), AT_ONCE):
            some = among[start : start + AT_ONCE]
            kept = self.view.words([self.rows[at].uid for at in some])
            for at, packed in zip(some, kept, strict=True):
                if packed is None:
                    continue
                if is_whole(packed):
                    is_found = words.are_in_packed(packed, everywhere=everywhere)
                else:
                    is_found = self._reads(words, at, packed, everywhere=everywhere)
                if is_found:
                    found.append(at)
        return found

    def _reads(self, words: SearchWords, at: int, header: bytes, *, everywhere: bool) -> bool:
        """Are they in a message of which the index keeps the words of the header, b"" for nothing?"""
        try:
            content = self.view.content(self.rows[at].uid)
            if header and content.path is None:
                return words.are_in_plain(header, content.start, everywhere=everywhere)
            return words.are_in_packed(words_of(content), everywhere=everywhere)
        except FileNotFoundError:
            return False


def _cost(key: SearchKey) -> int:
    """How dear it is to ask: for the row of a message, for its summary, for its header, for all of it."""
    match key:
        case AndKey(keys):
            return max(map(_cost, keys))
        case OrKey(one, other):
            return max(_cost(one), _cost(other))
        case NotKey(inner):
            return _cost(inner)
        case TextKey():
            return 3
        case HeaderKey(field):
            return 1 if field in _OUTLINED else 2
        case DayKey(WhichDay.SENT):
            return 1
        case _:
            return 0


def _without(among: Numbers, found: Iterable[int]) -> Numbers:
    gone = set(found)
    return [at for at in among if at not in gone]


def _day(moment: float) -> str:
    """The day of a moment in the zone in which INTERNALDATE is told: UTC."""
    try:
        return datetime.fromtimestamp(moment, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _lies(day: str, relation: DayRelation, said: str) -> bool:
    match relation:
        case DayRelation.BEFORE:
            return day < said
        case DayRelation.ON:
            return day == said
        case DayRelation.SINCE:
            return day >= said
        case _:
            assert_never(relation)
