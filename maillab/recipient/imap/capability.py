"""CAPABILITY, NOOP, ID, NAMESPACE, LOGOUT: what may be said at any time, or tells the same each time."""

from maillab import __version__
from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import CapabilityCommand, IdCommand, LogoutCommand, NamespaceCommand, NoopCommand
from maillab.protocols.imap.responses import StatusWord
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.session import ImapSession, Inside, LoggedOut, Looking
from maillab.wire.turns import Answer, Call


def capability(session: ImapSession, command: CapabilityCommand) -> Obeying:
    """RFC 9051 §6.1.1."""
    yield Answer(responses.untagged(b"CAPABILITY", *(word.encode() for word in session.capabilities(session))))
    return Done()


def noop(session: ImapSession, command: NoopCommand) -> Obeying:
    """RFC 9051 §6.1.2; what is new is told behind it, as behind every command."""
    yield from ()
    return Done()


def identify(session: ImapSession, command: IdCommand) -> Obeying:
    """RFC 2971; what the client says of itself is in the transcript, and nothing depends on it."""
    said = (b"name", b"maillab", b"version", __version__.encode())
    yield Answer(responses.untagged(b"ID", responses.parenthesised(responses.string(word) for word in said)))
    return Done()


def namespace(session: ImapSession, inside: Inside, command: NamespaceCommand) -> Obeying:
    """RFC 2342: one's own folders, and no others."""
    yield Answer(responses.namespace())
    return Done()


def log_out(session: ImapSession, command: LogoutCommand) -> Obeying:
    """RFC 9051 §6.1.3."""
    yield Answer(responses.status(StatusWord.BYE, "Goodbye"))
    if isinstance(session.state, Looking):
        yield Call(session.state.view.close)
    session.state = LoggedOut()
    return Done()
