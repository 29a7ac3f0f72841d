"""GETQUOTA and GETQUOTAROOT: how much room is taken; nobody sets it here (RFC 9208)."""

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import QuotaCommand, QuotaRootCommand
from maillab.recipient.folders import Usage
from maillab.recipient.imap.answers import Done, Obeying, no
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.wire.turns import Answer, ask

ROOT = ""  # one for all folders of a person
_UNIT = 1024  # octets (§5.1)


def get_quota(session: ImapSession, inside: Inside, command: QuotaCommand) -> Obeying:
    """§4.1.1."""
    if command.root != ROOT:
        raise no("There is no such quota root", "NONEXISTENT")
    yield Answer(_quota((yield from ask(inside.account.usage))))
    return Done()


def get_quota_root(session: ImapSession, inside: Inside, command: QuotaRootCommand) -> Obeying:
    """§4.1.2; the folder need not be there."""
    name = responses.mailbox(command.mailbox, utf8=session.utf8)
    yield Answer(responses.untagged(b"QUOTAROOT", name, b'""'))
    yield Answer(_quota((yield from ask(inside.account.usage))))
    return Done()


def _quota(usage: Usage) -> bytes:
    storage = b"STORAGE %d %d" % (-(-usage.octets // _UNIT), usage.limit // _UNIT)
    return responses.untagged(b"QUOTA", b'""', responses.parenthesised([storage]))
