"""APPEND: a client puts messages into a folder, all of them or none (RFC 9051 §6.3.12, RFC 3502, RFC 4315)."""

from maillab.mail.content import Content
from maillab.protocols.imap.commands import AppendCommand, AppendedMessage
from maillab.protocols.imap.parse import parse_append_mailbox
from maillab.protocols.imap.responses import StatusWord
from maillab.protocols.imap.sequence import in_order
from maillab.protocols.imap.spoken import SpokenCommand
from maillab.recipient.folders import Appending
from maillab.recipient.imap.answers import Done, ImapRefusal, Obeying, no
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.wire.turns import Overruled, Turns, ask


def admit(session: ImapSession, begun: SpokenCommand) -> Turns:
    """Before a message comes: is there a folder for it? Raises `NoTarget`, `BadName`, `BadSyntax`."""
    mailbox = parse_append_mailbox(begun, utf8=session.utf8)
    yield from ask(lambda: session.inside.account.check_target(mailbox))  # RFC 9051 §4.3, §6.3.12


def append(session: ImapSession, inside: Inside, command: AppendCommand) -> Obeying:
    """The literals have come already."""
    messages = [_appending(message) for message in command.messages]
    try:
        done = yield from ask(lambda: inside.account.append(command.mailbox, messages), keeps=True)
    except Overruled as rule:
        word, _, sentence = rule.line.decode("utf-8", "replace").strip().partition(" ")
        raise ImapRefusal(StatusWord(word or "NO"), sentence) from None
    return Done("Appended", f"APPENDUID {done.validity} {in_order(done.uids).decode('ascii')}")


def _appending(message: AppendedMessage) -> Appending:
    content = Content(message.content) if isinstance(message.content, bytes) else message.content
    if not len(content):
        raise no("An empty message is none")  # RFC 3502 §6.3.11: it takes a MULTIAPPEND back
    return Appending(content, frozenset(message.flags), message.internal)
