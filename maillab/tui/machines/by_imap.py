"""Mail at home and mail on the server, for those who read it by IMAP: what is read here is read there, and back.

Rules for this file: nothing of Textual; errands in the lab's loop. A message is the same at home and on the server by
its name there, which is validity.UID.
"""

import asyncio
from collections.abc import Callable

from maillab.client.local_store import LocalMessage, LocalStore, MailFolder
from maillab.client.pop3 import Fetched
from maillab.lab import Lab
from maillab.lab.person import read_mail
from maillab.protocols.imap.names import INBOX

SEEN = "\\Seen"


async def bring_home(lab: Lab, shelf: LocalStore, address: str, *, keep: bool) -> Fetched:
    """As `retrieve`, in one talk by IMAP; who has read a message at one of the two places has read it at both."""
    now = lab.clock.now
    async with read_mail(lab, address, service=lab.config.fetch) as mail:
        validity, there = await mail.flags(INBOX)
        uids = {f"{validity}.{uid}": uid for uid in sorted(there)}
        known = await asyncio.to_thread(shelf.known, address)
        for name in [name for name in uids if name not in known]:
            try:
                octets = await mail.octets(INBOX, uids[name])
            except KeyError:
                continue  # somebody was faster, and removed it
            seen = SEEN in there[uids[name]]
            await asyncio.to_thread(_put, shelf, address, octets, now(), name, seen)
        here = await asyncio.to_thread(_of_the_server, shelf, address)
        both = [(item, uids[item.uidl]) for item in here if item.uidl in uids]
        if read_here := [uid for item, uid in both if item.seen and SEEN not in there[uid]]:
            await mail.flag(INBOX, read_here, [SEEN])
        read_there = [item.id for item, uid in both if not item.seen and SEEN in there[uid]]
        await asyncio.to_thread(shelf.mark, read_there, seen=True)
        doomed = await asyncio.to_thread(shelf.doomed, address) if keep else uids.keys()
        if erased := [name for name in uids if name in doomed]:
            await mail.erase(INBOX, [uids[name] for name in erased])
        await asyncio.to_thread(shelf.removed, address, erased)
        return Fetched((), len(uids.keys() & known), tuple(erased))


async def watch(lab: Lab, address: str, told: Callable[[], None]) -> None:
    """Until it is cancelled: `told` is called, in the lab's loop, when the server tells of something (RFC 2177)."""
    async with read_mail(lab, address, service=lab.config.fetch) as mail:
        await mail.watch(INBOX, told)


async def tell_seen(lab: Lab, item: LocalMessage, *, seen: bool) -> None:
    """Say at once on the server that a message of the inbox is read, or unread again. Raises `FetchError`."""
    validity, _, uid = item.uidl.partition(".")
    if not uid.isdigit():
        return  # it was fetched by POP3, whose names are others
    async with read_mail(lab, item.account, service=lab.config.fetch) as mail:
        if (await mail.uids(INBOX))[0] == int(validity):
            await mail.flag(INBOX, [int(uid)], [SEEN], wanted=seen)


async def keep_sent(lab: Lab, address: str, octets: bytes) -> None:
    """Put what was sent into the folder for that on the server (RFC 6154). Raises `FetchError`."""
    async with read_mail(lab, address, service=lab.config.fetch) as mail:
        if folder := await mail.folder_for("\\Sent"):
            await mail.put(folder, octets, flags=[SEEN], at=lab.clock.now())


def _put(shelf: LocalStore, address: str, octets: bytes, stored: float, name: str, seen: bool) -> None:
    shelf.put(address, octets, stored, folder=MailFolder.INBOX, uidl=name, seen=seen)


def _of_the_server(shelf: LocalStore, address: str) -> list[LocalMessage]:
    """Messages at home that lie on the server, too."""
    items = [*shelf.items(address, MailFolder.INBOX), *shelf.items(address, MailFolder.TRASH)]
    return [item for item in items if item.uidl]
