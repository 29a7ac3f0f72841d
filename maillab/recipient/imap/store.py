"""STORE: flags are changed (RFC 9051 §6.4.6, RFC 7162 §3.1.3)."""

from maillab.protocols.imap.commands import StoreCommand
from maillab.protocols.imap.fetch import FetchAttribute, FetchItem
from maillab.protocols.imap.sequence import compact
from maillab.recipient.folders import Change
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.expunge import must_write
from maillab.recipient.imap.session import ImapSession, Looking
from maillab.recipient.imap.telling import enable_modseq, new_keywords, news_of, say, tell_listed, with_uid
from maillab.wire.turns import ask

_CHANGES = {"+": Change.ADD, "-": Change.REMOVE, "": Change.REPLACE}


def store(session: ImapSession, looking: Looking, command: StoreCommand) -> Obeying:
    """Messages whose flags somebody has changed since are left alone, and named in the answer."""
    must_write(looking)
    if command.unchanged_since is not None:
        yield from enable_modseq(session)
    named = {uid: number for number, uid in looking.named(command.sequence, by_uid=command.by_uid)}
    change, since = _CHANGES[command.sign], command.unchanged_since
    done = yield from ask(lambda: looking.view.store(list(named), change, command.flags, since))
    yield from say(b"".join(new_keywords(looking, iter(done.rows))))
    if items := _told(session, command):
        yield from tell_listed(items, [(named[row.uid], row) for row in done.rows])
    if done.refused:
        refused = done.refused if command.by_uid else [named[uid] for uid in done.refused]
        return Done("Some were changed before", f"MODIFIED {compact(refused).decode('ascii')}")
    return Done()


def _told(session: ImapSession, command: StoreCommand) -> tuple[FetchItem, ...]:
    """Silence is kept about flags, not about MODSEQ (RFC 7162 §3.1.3)."""
    items = [item for item in news_of(session) if not (command.silent and item is FetchAttribute.FLAGS)]
    if command.silent and not session.tells_modseq:
        return ()
    return with_uid(items) if command.by_uid or FetchAttribute.UID in items else tuple(items)
