"""CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE, STATUS: folders by their names (RFC 9051 §6.3.4 to §6.3.11)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import (
    CreateCommand,
    DeleteCommand,
    RenameCommand,
    StatusCommand,
    SubscribeCommand,
)
from maillab.protocols.imap.values import StatusItem
from maillab.recipient.folders import FolderStatus
from maillab.recipient.imap.answers import Done, Obeying, no
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.recipient.imap.telling import enable_modseq
from maillab.wire.turns import Answer, ask


def create(session: ImapSession, inside: Inside, command: CreateCommand) -> Obeying:
    """RFC 9051 §6.3.4, RFC 6154 §3."""
    if len(command.special) > 1:
        raise no("A folder is for one use", "USEATTR")
    special = command.special[0] if command.special else None
    mailbox_id = yield from ask(lambda: inside.account.create(command.mailbox, special))
    return Done("Created", f"MAILBOXID ({mailbox_id})")  # RFC 8474 §4.1


def delete(session: ImapSession, inside: Inside, command: DeleteCommand) -> Obeying:
    """RFC 9051 §6.3.5."""
    yield from ask(lambda: inside.account.delete(command.mailbox))
    return Done("Deleted")


def rename(session: ImapSession, inside: Inside, command: RenameCommand) -> Obeying:
    """RFC 9051 §6.3.6."""
    yield from ask(lambda: inside.account.rename(command.old, command.new))
    return Done("Renamed")


def subscribe(session: ImapSession, inside: Inside, command: SubscribeCommand) -> Obeying:
    """RFC 9051 §6.3.7, §6.3.8."""
    yield from ask(lambda: inside.account.subscribe(command.mailbox, command.wanted))
    return Done("Subscribed" if command.wanted else "Unsubscribed")


def status(session: ImapSession, inside: Inside, command: StatusCommand) -> Obeying:
    """RFC 9051 §6.3.11."""
    if StatusItem.HIGHESTMODSEQ in command.items:
        yield from enable_modseq(session)  # RFC 7162 §3.1
    found = yield from ask(lambda: inside.account.status(command.mailbox))
    yield Answer(status_line(session, command.mailbox, found, command.items))
    return Done()


def status_line(session: ImapSession, name: str, found: FolderStatus, items: tuple[StatusItem, ...]) -> bytes:
    """STATUS: these items of it."""
    return responses.mailbox_status(name, {item: _value(found, item) for item in items}, utf8=session.utf8)


def _value(found: FolderStatus, item: StatusItem) -> int | str:
    match item:
        case StatusItem.MESSAGES:
            return found.messages
        case StatusItem.RECENT:
            return 0
        case StatusItem.UIDNEXT:
            return found.uid_next
        case StatusItem.UIDVALIDITY:
            return found.validity
        case StatusItem.UNSEEN:
            return found.unseen
        case StatusItem.DELETED:
            return found.deleted
        case StatusItem.SIZE:
            return found.octets
        case StatusItem.HIGHESTMODSEQ:
            return found.highest_modseq
        case StatusItem.MAILBOXID:
            return found.mailbox_id
