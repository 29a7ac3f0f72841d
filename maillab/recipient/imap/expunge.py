"""EXPUNGE and UID EXPUNGE: what is marked as deleted goes (RFC 9051 §6.4.3, §6.4.9)."""

from maillab.events import Removed
from maillab.protocols.imap.commands import ExpungeCommand
from maillab.protocols.imap.names import INBOX
from maillab.recipient.folders import News
from maillab.recipient.imap.answers import Done, Obeying, no
from maillab.recipient.imap.session import QRESYNC, ImapSession, Looking
from maillab.recipient.imap.telling import tell
from maillab.recipient.maildrop import NotRemoved
from maillab.wire.turns import Decided, Turns, ask


def expunge(session: ImapSession, looking: Looking, command: ExpungeCommand) -> Obeying:
    """What the disk refuses to remove stays; the client hears which are gone."""
    must_write(looking)
    wanted = None
    if command.uids is not None:
        wanted = [uid for _, uid in looking.named(command.uids, by_uid=True)]
    try:
        gone = yield from ask(lambda: looking.view.expunge(wanted))
    except NotRemoved as error:
        looking.tracker.learn(News(gone=error.gone))
        yield from removed(session, looking, error.gone)
        raise
    looking.tracker.learn(News(gone=gone))
    yield from removed(session, looking, gone)
    yield from tell(session, looking)
    code = f"HIGHESTMODSEQ {looking.view.status.highest_modseq}" if gone and QRESYNC in session.enabled else ""
    return Done("Expunged", code)  # RFC 7162 §3.2.7


def removed(session: ImapSession, looking: Looking, uids: tuple[int, ...]) -> Turns:
    """Write down what has gone; the logbook knows of INBOX alone, which POP3 reads, too."""
    if uids and looking.name == INBOX:
        yield Decided(Removed(session.talk, looking.user, uids))


def must_write(looking: Looking) -> None:
    """Raises `ImapRefusal` where the folder was opened by EXAMINE."""
    if looking.read_only:
        raise no("The folder was opened to be read only", "READ-ONLY")
