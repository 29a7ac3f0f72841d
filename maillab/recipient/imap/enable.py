"""ENABLE: what a client must ask for, because it changes answers (RFC 5161)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import EnableCommand
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.session import CONDSTORE, QRESYNC, REV2, UTF8, ImapSession, Inside
from maillab.recipient.imap.telling import enable_modseq
from maillab.wire.turns import Answer

ENABLED = (CONDSTORE, QRESYNC, UTF8, REV2)


def enable(session: ImapSession, inside: Inside, command: EnableCommand) -> Obeying:
    """What is not known, or switched off here, is passed over (§3.1)."""
    offered = {word.upper() for word in session.capabilities(session)}
    now = [name for name in ENABLED if name in command.capabilities and name in offered]
    if {CONDSTORE, QRESYNC} & set(now):
        yield from enable_modseq(session)
    session.enable(now)
    yield Answer(responses.untagged(b"ENABLED", *(name.replace("REV", "rev").encode() for name in now)))
    return Done()
