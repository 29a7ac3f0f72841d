"""SELECT, EXAMINE, CLOSE, UNSELECT, CHECK: to look into a folder, and to look away (RFC 9051 §6.3.2, §6.4)."""

from collections.abc import Generator

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import (
    CheckCommand,
    CloseCommand,
    Resynchronise,
    SelectCommand,
    UnselectCommand,
)
from maillab.protocols.imap.flags import DELETED, SEEN, SYSTEM_FLAGS
from maillab.recipient.imap.answers import Done, Obeying, bad, remark
from maillab.recipient.imap.expunge import removed
from maillab.recipient.imap.session import CONDSTORE, QRESYNC, REV2, ImapSession, Inside, Looking
from maillab.recipient.imap.telling import all_flags, said
from maillab.recipient.imap.tracker import Telling, Tracker
from maillab.wire.turns import Answer, Call, Turn, Turns, ask, hang_bell


def select(session: ImapSession, inside: Inside, command: SelectCommand) -> Obeying:
    """RFC 9051 §6.3.2, §6.3.3. Where it fails, no folder is selected, whichever was before."""
    known = command.resynchronise
    if known is not None and QRESYNC not in session.enabled:
        raise bad("Enable QRESYNC first")  # RFC 7162 §3.2.5
    if isinstance(inside, Looking):
        yield from leave(session, inside)
        yield remark("CLOSED", "The folder before is closed")  # RFC 7162 §3.2.11
    looking = yield from _looking(session, inside, command)
    session.state = looking
    if command.condstore:
        session.enable([CONDSTORE])
    yield from _told(session, looking)
    if known is not None and known.validity == looking.view.status.validity:
        yield from _resynchronised(session, looking, known)
    code = "READ-ONLY" if looking.read_only else "READ-WRITE"
    return Done("Selected", code)


def _looking(session: ImapSession, inside: Inside, command: SelectCommand) -> Generator[Turn, object, Looking]:
    bell = yield from hang_bell()
    bell.hush()
    view = yield from ask(lambda: inside.account.select(command.mailbox, bell.ring))
    tracker = Tracker(row.uid for row in view.rows)
    keywords = frozenset(flag for flags in {row.flags for row in view.rows} for flag in flags if flag[:1] != "\\")
    return Looking(inside.user, inside.account, command.mailbox, view, tracker, bell, command.read_only, keywords)


def _told(session: ImapSession, looking: Looking) -> Turns:
    """What is told of a folder when it is selected."""
    status = looking.view.status
    yield Answer(all_flags(looking))
    lasting = [] if looking.read_only else [*SYSTEM_FLAGS, *looking.keywords]
    shown = responses.flag_list(lasting).decode("ascii")
    shown = shown if looking.read_only else f"{shown[:-1]} \\*)"
    yield remark(f"PERMANENTFLAGS {shown}", "These flags last")
    yield Answer(responses.numbered(looking.tracker.count, "EXISTS"))
    if REV2 not in session.enabled:
        yield Answer(responses.numbered(0, "RECENT"))
        if first := _first_unseen(looking):
            yield remark(f"UNSEEN {first}", "The first unseen message")
    yield remark(f"UIDVALIDITY {status.validity}", "UIDs are valid")
    yield remark(f"UIDNEXT {status.uid_next}", "The next UID at least")
    yield remark(f"HIGHESTMODSEQ {status.highest_modseq}", "The latest change")  # RFC 7162 §3.1.2.1
    yield remark(f"MAILBOXID ({status.mailbox_id})", "The folder, whatever its name")  # RFC 8474 §4.2
    if REV2 in session.enabled:
        yield Answer(responses.listing("LIST", looking.name, utf8=session.utf8))  # RFC 9051 §6.3.2


def _resynchronised(session: ImapSession, looking: Looking, known: Resynchronise) -> Turns:
    """What has happened since the client looked last (RFC 7162 §3.2.5.1): what is gone, then what has changed."""
    uids = yield from ask(lambda: looking.view.vanished_since(known.modseq))
    spans = known.known
    gone = [uid for uid in uids if spans is None or any(low <= uid <= high for low, high in spans)]
    if gone:
        yield Answer(responses.vanished(gone, earlier=True))
    changed = [(number, row) for number, row in enumerate(looking.view.rows, 1) if row.modseq > known.modseq]
    yield from said(session, looking, Telling(changed=changed))


def _first_unseen(looking: Looking) -> int:
    return next((number for number, row in enumerate(looking.view.rows, 1) if SEEN not in row.flags), 0)


def leave(session: ImapSession, looking: Looking) -> Turns:
    """Look away."""
    session.state = Inside(looking.user, looking.account)
    yield Call(looking.view.close)


def close(session: ImapSession, looking: Looking, command: CloseCommand) -> Obeying:
    """RFC 9051 §6.4.1: what is marked as deleted goes, and nothing is told of it."""
    try:
        if not looking.read_only and any(DELETED in row.flags for row in looking.view.rows):
            yield from removed(session, looking, (yield from ask(lambda: looking.view.expunge(None))))
    finally:
        yield from leave(session, looking)
    return Done("Closed")


def unselect(session: ImapSession, looking: Looking, command: UnselectCommand) -> Obeying:
    """RFC 3691: as CLOSE, and nothing goes."""
    yield from leave(session, looking)
    return Done("Closed")


def check(session: ImapSession, looking: Looking, command: CheckCommand) -> Obeying:
    """RFC 3501 §6.4.1: everything is on the disk already; what is new is told behind it."""
    yield from ()
    return Done()
