"""What a session hears of others: EXPUNGE or VANISHED, EXISTS, FETCH with flags (RFC 9051 §7.5; RFC 7162 §3.2)."""

from collections.abc import Iterable, Iterator

from maillab.protocols.imap import responses
from maillab.protocols.imap.fetch import FetchAttribute, FetchItem
from maillab.protocols.imap.flags import RECENT, SYSTEM_FLAGS
from maillab.recipient.folders import MessageRow
from maillab.recipient.imap.answers import remark
from maillab.recipient.imap.listed import Numbered, lines
from maillab.recipient.imap.session import CONDSTORE, QRESYNC, REV2, ImapSession, Looking
from maillab.recipient.imap.tracker import Telling
from maillab.wire.turns import Answer, Turns, ask

TOLD = 500  # lines that are said at a time, so that a huge folder holds up nobody


def enable_modseq(session: ImapSession) -> Turns:
    """From now on MODSEQ is told. Where a folder is selected, the client hears from where on (RFC 7162 §3.1)."""
    new = not session.tells_modseq
    session.enable([CONDSTORE])
    if new and isinstance(session.state, Looking):
        yield remark(f"HIGHESTMODSEQ {session.state.view.status.highest_modseq}", "The latest change")


def say(octets: bytes) -> Turns:
    """Say it, if it is anything."""
    if octets:
        yield Answer(octets)


def tell(session: ImapSession, looking: Looking, *, expunges: bool = True, look: bool = False) -> Turns:
    """Ask for news if the bell has rung, or anyhow to have a `look`, and tell what may be told now."""
    if look or looking.bell.rung:
        looking.bell.hush()
        news = looking.view.news_at_once()  # a thread for each of hundreds who wait would cost more than all the rest
        looking.tracker.learn((yield from ask(looking.view.news)) if news is None else news)
    yield from said(session, looking, looking.tracker.tell(expunges=expunges))


def said(session: ImapSession, looking: Looking, told: Telling) -> Turns:
    """This, in its order."""
    some: list[bytes] = []
    for line in _lines(session, looking, told):
        some.append(line)
        if len(some) == TOLD:
            yield Answer(b"".join(some))
            some = []
    yield from say(b"".join(some))
    # behind a UID command, numbers alone may be taken for UIDs
    yield from tell_listed(with_uid(news_of(session)), told.changed)


def _lines(session: ImapSession, looking: Looking, told: Telling) -> Iterator[bytes]:
    if told.expunged and QRESYNC in session.enabled:
        yield responses.vanished(told.uids)  # RFC 7162 §3.2.10
    else:
        yield from (responses.numbered(number, "EXPUNGE") for number in told.expunged)
    if told.exists is not None:
        yield responses.numbered(told.exists, "EXISTS")
        if REV2 not in session.enabled:
            yield responses.numbered(0, RECENT[1:].upper())
    yield from new_keywords(looking, (row for _, row in told.changed))


def tell_listed(items: Iterable[FetchItem], rows: Numbered) -> Turns:
    """FETCH with what stands in the list of the folder, for each of these messages."""
    for start in range(0, len(rows), TOLD):
        yield Answer(lines(items, rows[start : start + TOLD]))


def news_of(session: ImapSession) -> Iterator[FetchItem]:
    """What is told of a message whose flags have changed."""
    yield FetchAttribute.FLAGS
    if session.tells_modseq:
        yield FetchAttribute.MODSEQ  # RFC 7162 §3.1.4
    if QRESYNC in session.enabled:
        yield FetchAttribute.UID  # RFC 7162 §3.2.4


def with_uid(items: Iterable[FetchItem]) -> tuple[FetchItem, ...]:
    """The same, the UID first."""
    return (FetchAttribute.UID, *(item for item in items if item is not FetchAttribute.UID))


def new_keywords(looking: Looking, rows: Iterable[MessageRow]) -> Iterator[bytes]:
    """FLAGS, when there are keywords that the client was not told of (RFC 9051 §7.3.5)."""
    sets = {row.flags for row in rows}  # few: thousands of messages have the same
    new = {flag for flags in sets for flag in flags if flag not in looking.keywords and not flag.startswith("\\")}
    if new:
        looking.keywords |= new
        yield all_flags(looking)


def all_flags(looking: Looking) -> bytes:
    """FLAGS: those that messages of this folder may have."""
    return responses.untagged(b"FLAGS", responses.flag_list((*SYSTEM_FLAGS, *looking.keywords)))
