"""THREAD: which messages answer which (RFC 5256)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import ThreadCommand
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.finding import found, unknown_charset
from maillab.recipient.imap.session import ImapSession, Looking
from maillab.recipient.structure.matches import Searched
from maillab.recipient.structure.threads import threads, written
from maillab.wire.turns import Answer


def thread(session: ImapSession, looking: Looking, command: ThreadCommand) -> Obeying:
    """All of it in one line."""
    if (refusal := unknown_charset(command.charset)) is not None:
        raise refusal

    def more(searched: Searched, places: list[int]) -> bytes:
        tied = threads(searched, places, command.algorithm)
        return written(tied, lambda at: searched.rows[at].uid if command.by_uid else at + 1)

    told = yield from found(session, looking, command.key, more)
    yield Answer(responses.untagged(b"THREAD", *([told] if told else [])))
    return Done()
