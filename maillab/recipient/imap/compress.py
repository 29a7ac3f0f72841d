"""COMPRESS: all that is said from now on is deflated (RFC 4978)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import CompressCommand
from maillab.protocols.imap.responses import StatusWord
from maillab.recipient.imap.answers import Done, Obeying, bad, no
from maillab.recipient.imap.session import ImapSession
from maillab.wire.turns import Deflate


def compress(session: ImapSession, command: CompressCommand, tag: bytes) -> Obeying:
    """The answer is the last that goes out as it is."""
    if command.algorithm != "DEFLATE":
        raise bad("Only DEFLATE is known here")
    if session.deflated:
        raise no("It is deflated already", "COMPRESSIONACTIVE")
    yield Deflate(responses.status(StatusWord.OK, "Deflated from here on", tag=tag))
    session.deflated = True
    return Done()
