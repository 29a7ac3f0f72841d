"""APPEND: a client puts messages into a folder, all of them or none (RFC 9051 §6.3.12, RFC 3502, RFC 4315)."""

from maillab.mail.content import Content
from maillab.protocols.imap.commands import AppendCommand, AppendedMessage
from maillab.protocols.imap.responses import StatusWord
from maillab.protocols.imap.sequence import in_order
from maillab.recipient.folders import Appending
from maillab.recipient.imap.answers import Done, ImapRefusal, Obeying, no
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.wire.turns import Overruled, ask


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
