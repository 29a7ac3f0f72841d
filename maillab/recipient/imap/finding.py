"""Which messages are so: what SEARCH, SORT and THREAD have in common."""

from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from maillab.protocols.imap.search import CHARSETS, AndKey, ModSeqKey, NotKey, OrKey, SearchKey
from maillab.recipient.folders import MessageRow
from maillab.recipient.imap.answers import ImapRefusal, no
from maillab.recipient.imap.session import ImapSession, Looking
from maillab.recipient.imap.tracker import NamedMessage
from maillab.recipient.structure.matches import Searched
from maillab.wire.turns import Turn, ask

T = TypeVar("T")


def found(
    session: ImapSession, looking: Looking, key: SearchKey, more: Callable[[Searched, list[int]], T]
) -> Generator[Turn, object, T]:
    """Search in a thread, and do there with the places of what was found what `more` does."""
    searched = _searched(session, looking)

    def search() -> T:
        gone = looking.tracker.is_gone
        return more(searched, [at for at in searched.search(key) if not gone(searched.rows[at].uid)])

    return (yield from ask(search))


def _searched(session: ImapSession, looking: Looking) -> Searched:
    """The folder as the session numbers it; a message that is gone, and keeps its number, has nothing but that."""
    rows = [*looking.view.rows]
    if [row.uid for row in rows] != looking.tracker.uids:  # mostly they are the same
        rows = [looking.row(uid) or _gone(uid) for uid in looking.tracker.uids]
    return Searched(looking.view, rows, session.config.now(), saved=frozenset(looking.saved))


def _gone(uid: int) -> MessageRow:
    return MessageRow(uid, frozenset(), 0, 0.0, 0, 0.0, "")


def named(searched: Searched, places: Sequence[int]) -> list[NamedMessage]:
    """Messages by their places, in this order."""
    return [(at + 1, searched.rows[at].uid) for at in places]


def numbers(messages: Sequence[NamedMessage], *, by_uid: bool) -> list[int]:
    """What they are called in an answer."""
    return [uid if by_uid else number for number, uid in messages]


def unknown_charset(charset: str) -> ImapRefusal | None:
    """What is said of a character set that is not known; None for one that is."""
    if charset in ("", *CHARSETS):
        return None
    return no("This character set is not known", f"BADCHARSET ({' '.join(CHARSETS)})")


def names_modseq(key: SearchKey) -> bool:
    """Is MODSEQ asked for anywhere in it (RFC 7162 §3.1.5)?"""
    match key:
        case AndKey(keys):
            return any(map(names_modseq, keys))
        case OrKey(one, other):
            return names_modseq(one) or names_modseq(other)
        case NotKey(inner):
            return names_modseq(inner)
    return isinstance(key, ModSeqKey)


def highest(looking: Looking, messages: Sequence[NamedMessage]) -> int | None:
    """The highest MODSEQ of these messages, None where there are none."""
    return max((row.modseq for _, uid in messages if (row := looking.row(uid)) is not None), default=None)
