"""IDLE: whatever happens is told when it happens, until the client says DONE (RFC 2177)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import IdleCommand
from maillab.recipient.imap.answers import Done, Obeying, bad
from maillab.recipient.imap.session import ImapSession, Inside, Looking
from maillab.recipient.imap.telling import tell
from maillab.wire.turns import Answer, hang_bell, line_or_bell


def idle(session: ImapSession, inside: Inside, command: IdleCommand) -> Obeying:
    """It may be said without a folder, too; then there is nothing to tell."""
    yield Answer(responses.go_ahead(b"Waiting for DONE"))
    bell = yield from hang_bell()
    if isinstance(inside, Looking):
        yield from tell(session, inside, look=True)
    while (line := (yield from line_or_bell())) is None:
        if isinstance(inside, Looking):
            yield from tell(session, inside)
        else:
            bell.hush()
    if line.strip().upper() != b"DONE":
        raise bad("DONE was expected")
    return Done("No longer waiting")
