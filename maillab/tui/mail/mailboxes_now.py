"""What lies in everybody's mailboxes now: at home, and on the servers; or at a moment of a session."""

import asyncio
from collections.abc import Mapping

from maillab.tui.context import WindowContext
from maillab.tui.machines.host import NotRunning
from maillab.tui.mail.mailboxes import MailboxCounts

Known = Mapping[str, frozenset[str]]  # account: the names, on the server, of messages


async def mailboxes_now(at: WindowContext) -> list[MailboxCounts]:
    """Every account with its counts; empty while there are no messages to ask for."""
    messages, accounts, shelf, nobodys = at.messages, at.readers, at.home.shelf, at.nobodys
    if messages is None:
        return []
    if at.playback is not None:
        waiting = {address: len(box.unread) for address, box in at.model.boxes.items()}
        return [MailboxCounts(who, messages.counts(who), waiting.get(who, 0), who not in nobodys) for who in accounts]
    on_server = await _on_server(at)

    def count() -> list[MailboxCounts]:
        assert shelf is not None
        waiting = {who: len(on_server.get(who, frozenset()) - shelf.known(who)) for who in accounts}
        return [MailboxCounts(who, shelf.counts(who), waiting[who], who not in nobodys) for who in accounts]

    return await asyncio.to_thread(count)


async def _on_server(at: WindowContext) -> Known:
    """What lies on the servers, which nobody is asked for: no client connects, no mailbox is locked."""
    try:
        return await at.host.ask(lambda lab: lab.name_mail())
    except (NotRunning, OSError):
        return {}
