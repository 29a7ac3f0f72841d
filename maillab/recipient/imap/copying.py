"""COPY and MOVE: messages into another folder (RFC 9051 §6.4.7, §6.4.8; RFC 4315, RFC 6851)."""

from maillab.protocols.imap.commands import CopyCommand, MoveCommand
from maillab.protocols.imap.sequence import in_order
from maillab.recipient.folders import Copied, News
from maillab.recipient.imap.answers import Done, Obeying, remark
from maillab.recipient.imap.expunge import must_write, removed
from maillab.recipient.imap.session import QRESYNC, ImapSession, Looking
from maillab.recipient.imap.telling import tell
from maillab.wire.turns import ask


def copy(session: ImapSession, looking: Looking, command: CopyCommand) -> Obeying:
    """All of those that are there, or none."""
    uids = [uid for _, uid in looking.named(command.sequence, by_uid=command.by_uid)]
    if not uids:
        return Done("There was nothing to copy")
    done = yield from ask(lambda: looking.view.copy(uids, command.mailbox))
    return Done("Copied", _code(done))


def move(session: ImapSession, looking: Looking, command: MoveCommand) -> Obeying:
    """Where they are now is told before what is gone (RFC 6851 §4.3)."""
    must_write(looking)
    uids = [uid for _, uid in looking.named(command.sequence, by_uid=command.by_uid)]
    if not uids:
        return Done("There was nothing to move")
    done = yield from ask(lambda: looking.view.move(uids, command.mailbox))
    if code := _code(done):
        yield remark(code, "Moved")
    looking.tracker.learn(News(gone=done.sources))
    yield from removed(session, looking, done.sources)
    yield from tell(session, looking)
    return Done("Moved", f"HIGHESTMODSEQ {looking.view.status.highest_modseq}" if QRESYNC in session.enabled else "")


def _code(done: Copied) -> str:
    """COPYUID; nothing where nothing was copied, since a set cannot be empty (RFC 4315 §4)."""
    sets = [in_order(uids).decode("ascii") for uids in (done.sources, done.targets)]
    return f"COPYUID {done.validity} {' '.join(sets)}" if done.sources else ""
