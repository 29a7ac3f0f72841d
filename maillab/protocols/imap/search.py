"""What SEARCH, SORT and THREAD look for (RFC 9051 §6.4.4): a condition of conditions, at most 50 deep.

Rules for this file: values, and how they are read. What a condition means for a message is a machine's to say.
Text is a `str`: a client says UTF-8, or ASCII, which is the same.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from maillab.protocols.imap.dates import parse_day
from maillab.protocols.imap.flags import ANSWERED, DELETED, DRAFT, FLAGGED, RECENT, SEEN, parse_flag
from maillab.protocols.imap.lexer import NUMBER64, BadSyntax, Cursor
from maillab.protocols.imap.sequence import SequenceSet, parse_sequence_set

DEPTH = 50
TEXTS = 1_000  # conditions of one search that look into messages: each may be all of their words once more
CHARSETS = ("US-ASCII", "UTF-8")  # RFC 9051 §6.4.4 asks for these two


class WhichDay(StrEnum):
    """Which of a message's days is meant."""

    INTERNAL = ""  # it came
    SENT = "SENT"  # its Date field says so
    SAVED = "SAVED"  # it came into this mailbox (RFC 8514 §4.3)


class DayRelation(StrEnum):
    """How that day lies to the one that was said."""

    BEFORE = "BEFORE"
    ON = "ON"
    SINCE = "SINCE"


class WhichId(StrEnum):
    """Of a message and all its copies, or of the thread it belongs to (RFC 8474 §5)."""

    EMAIL = "EMAILID"
    THREAD = "THREADID"


@dataclass(frozen=True, slots=True)
class EveryKey:
    """ALL: every message."""


@dataclass(frozen=True, slots=True)
class AndKey:
    """All of these hold."""

    keys: tuple["SearchKey", ...]


@dataclass(frozen=True, slots=True)
class OrKey:
    """One of the two holds, or both."""

    one: "SearchKey"
    other: "SearchKey"


@dataclass(frozen=True, slots=True)
class NotKey:
    """It does not hold."""

    key: "SearchKey"


@dataclass(frozen=True, slots=True)
class FlagKey:
    """The message has this flag; keywords are compared without case. \\Recent is a flag here."""

    flag: str


@dataclass(frozen=True, slots=True)
class NumbersKey:
    """The message's number, or its UID, is in this set."""

    numbers: SequenceSet
    by_uid: bool


@dataclass(frozen=True, slots=True)
class HeaderKey:
    """A header field holds this text; any field of this name, where the text is empty. `field` is in capitals."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class TextKey:
    """The body holds this text; or, `everywhere`, the header or the body."""

    text: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class SizeKey:
    """The message has more octets, or less, than these."""

    octets: int
    larger: bool


@dataclass(frozen=True, slots=True)
class DayKey:
    """One of the message's days lies so to this one. Times and zones do not count (RFC 9051 §6.4.4)."""

    which: WhichDay
    relation: DayRelation
    day: date


@dataclass(frozen=True, slots=True)
class AgeKey:
    """The message came at least so many seconds ago (`older`), or at most so many (RFC 5032 §2)."""

    seconds: int
    older: bool


@dataclass(frozen=True, slots=True)
class ModSeqKey:
    """It was changed at this MODSEQ, or later (RFC 7162 §3.1.5)."""

    modseq: int


@dataclass(frozen=True, slots=True)
class IdKey:
    """It, or its thread, is called so."""

    which: WhichId
    value: str


SearchKey: TypeAlias = (
    EveryKey | AndKey | OrKey | NotKey | FlagKey | NumbersKey | HeaderKey | TextKey | SizeKey | DayKey | AgeKey
    | ModSeqKey | IdKey
)  # fmt: skip

_PLAIN: dict[str, SearchKey] = {
    "ALL": EveryKey(),
    "ANSWERED": FlagKey(ANSWERED),
    "DELETED": FlagKey(DELETED),
    "DRAFT": FlagKey(DRAFT),
    "FLAGGED": FlagKey(FLAGGED),
    "SEEN": FlagKey(SEEN),
    "UNANSWERED": NotKey(FlagKey(ANSWERED)),
    "UNDELETED": NotKey(FlagKey(DELETED)),
    "UNDRAFT": NotKey(FlagKey(DRAFT)),
    "UNFLAGGED": NotKey(FlagKey(FLAGGED)),
    "UNSEEN": NotKey(FlagKey(SEEN)),
    "RECENT": FlagKey(RECENT),  # these three: RFC 3501 §6.4.4
    "OLD": NotKey(FlagKey(RECENT)),
    "NEW": AndKey((FlagKey(RECENT), NotKey(FlagKey(SEEN)))),
    "SAVEDATESUPPORTED": EveryKey(),  # RFC 8514 §4.3
}
_FIELDS = ("BCC", "CC", "FROM", "SUBJECT", "TO")
_DAYS = {f"{which.value}{relation.value}": (which, relation) for which in WhichDay for relation in DayRelation}
_FLAG_TYPES = (b"priv", b"shared", b"all")  # RFC 7162 §7: entry-type-req


def parse_keys(cursor: Cursor, *, depth: int = 0) -> SearchKey:
    """Read one key or several, up to the end or to a closing parenthesis: all of them must hold. Raises `BadSyntax`."""
    keys = [_key(cursor, depth)]
    while not cursor.at_end and not cursor.peek(b")") and not cursor.at_last_blanks:
        cursor.expect_space()
        keys.append(_key(cursor, depth))
    key = keys[0] if len(keys) == 1 else AndKey(tuple(keys))
    if depth == 0 and _texts(key) > TEXTS:
        raise BadSyntax("So many texts are not looked for at once")
    return key


def _texts(key: SearchKey) -> int:
    match key:
        case AndKey(keys):
            return sum(map(_texts, keys))
        case OrKey(one, other):
            return _texts(one) + _texts(other)
        case NotKey(inside):
            return _texts(inside)
    return int(isinstance(key, TextKey | HeaderKey))


def _key(cursor: Cursor, depth: int) -> SearchKey:
    if depth >= DEPTH:
        raise BadSyntax("The conditions of a search are nested too deeply")
    if cursor.take(b"("):
        inside = parse_keys(cursor, depth=depth + 1)
        cursor.expect(b")")
        return inside
    if (name := cursor.name()) is None:
        return NumbersKey(parse_sequence_set(cursor.expect_sequence()), by_uid=False)
    if key := _PLAIN.get(name):
        return key
    cursor.expect_space()
    match name:
        case "NOT":
            return NotKey(_key(cursor, depth + 1))
        case "OR":
            one = _key(cursor, depth + 1)
            cursor.expect_space()
            return OrKey(one, _key(cursor, depth + 1))
        case _:
            return _with_argument(cursor, name)


def _with_argument(cursor: Cursor, name: str) -> SearchKey:
    if name in _FIELDS:
        return HeaderKey(name, _text(cursor))
    if name in _DAYS:
        return DayKey(*_DAYS[name], parse_day(cursor.expect_astring()))
    match name:
        case "BODY" | "TEXT":
            return TextKey(_text(cursor), everywhere=name == "TEXT")
        case "HEADER":
            field = _text(cursor).upper()
            cursor.expect_space()
            return HeaderKey(field, _text(cursor))
        case "KEYWORD":
            return FlagKey(_keyword(cursor))
        case "UNKEYWORD":
            return NotKey(FlagKey(_keyword(cursor)))
        case "LARGER" | "SMALLER":
            return SizeKey(cursor.expect_number(NUMBER64), larger=name == "LARGER")
        case "OLDER" | "YOUNGER":
            return AgeKey(cursor.expect_nz_number(), older=name == "OLDER")
        case "UID":
            return NumbersKey(parse_sequence_set(cursor.expect_sequence()), by_uid=True)
        case "MODSEQ":
            return _modseq(cursor)
        case WhichId.EMAIL | WhichId.THREAD:
            return IdKey(WhichId(name), cursor.expect_astring().decode("ascii", "replace"))
        case _:
            raise BadSyntax("There is no such search key")


def _text(cursor: Cursor) -> str:
    try:
        return cursor.expect_astring().decode("utf-8")
    except UnicodeDecodeError:
        raise BadSyntax("What is searched for is neither ASCII nor UTF-8") from None


def _keyword(cursor: Cursor) -> str:
    if (word := cursor.flag()) is None:
        raise BadSyntax("Expected a keyword")
    return parse_flag(word)


def _modseq(cursor: Cursor) -> ModSeqKey:
    """The entry of a flag and its type may stand before the number; they mean nothing here (RFC 7162 §3.1.5)."""
    if cursor.quoted() is not None:
        cursor.expect_space()
        if (cursor.atom() or b"").lower() not in _FLAG_TYPES:
            raise BadSyntax("Expected priv, shared or all")
        cursor.expect_space()
    return ModSeqKey(cursor.expect_number(NUMBER64))
