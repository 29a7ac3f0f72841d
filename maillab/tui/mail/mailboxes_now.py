"""What lies in everybody's mailboxes now: at home, and on the servers; or at a moment of a session."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from maillab.tui.context import WindowContext
from maillab.tui.machines.host import NotRunning
from maillab.tui.mail.mailboxes import MailboxCounts

if TYPE_CHECKING:
    from maillab.lab import Lab

Known = Mapping[str, frozenset[str]]  # account: the names, on the server, of messages


async def mailboxes_now(at: WindowContext) -> list[MailboxCounts]:
    """Every account with its counts; empty while there are no messages to ask for."""
    messages, accounts, shelf, nobodys = at.messages, at.readers, at.home.shelf, at.nobodys
    if messages is None:
        return []
    if at.playback is not None:
        waiting = {address: len(box.unread) for address, box in at.model.boxes.items()}
        return [MailboxCounts(who, messages.counts(who), waiting.get(who, 0), who not in nobodys) for who in accounts]
    if at.reads_on_server:
        return await _read_there(at)
    on_server = await _on_server(at)

    def count() -> list[MailboxCounts]:
        assert shelf is not None
        waiting = {who: len(on_server.get(who, frozenset()) - shelf.known(who)) for who in accounts}
        return [MailboxCounts(who, shelf.counts(who), waiting[who], who not in nobodys) for who in accounts]

    return await asyncio.to_thread(count)


async def _read_there(at: WindowContext) -> list[MailboxCounts]:
    """Of those who read by IMAP: their inboxes, the folders of which the servers have told, and what is at home."""
    accounts, shelf, nobodys = at.readers, at.home.shelf, at.nobodys
    totals, unseen = await _counted(at)

    def count() -> list[MailboxCounts]:
        assert shelf is not None
        return [
            MailboxCounts(
                who, shelf.counts(who), is_persons=who not in nobodys, inbox=(totals.get(who, 0), unseen.get(who, 0)),
                server=at.home.on_server(who).folders,
            )
            for who in accounts
        ]  # fmt: skip

    return await asyncio.to_thread(count)


async def _counted(at: WindowContext) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many messages lie in each inbox, and how many of them are unread; nobody is asked for it."""

    async def count(lab: "Lab") -> tuple[Mapping[str, int], Mapping[str, int]]:
        return _sizes(await lab.name_mail()), _sizes(await lab.name_unseen())

    try:
        return await at.host.ask(count)
    except (NotRunning, OSError):
        return {}, {}


def _sizes(names: Known) -> dict[str, int]:
    return {who: len(there) for who, there in names.items()}


async def _on_server(at: WindowContext) -> Known:
    """What lies on the servers, which nobody is asked for: no client connects, no mailbox is locked."""
    try:
        return await at.host.ask(lambda lab: lab.name_mail())
    except (NotRunning, OSError):
        return {}
