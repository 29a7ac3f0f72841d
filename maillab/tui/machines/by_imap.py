"""What is done by IMAP on the server of an account: one talk that stays open while its mail is looked at, and a second
one that waits for news.

Rules for this file: nothing of Textual; errands in the lab's loop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from maillab.client.imap import RemoteMail
from maillab.client.open_talk import OpenTalk
from maillab.lab import Lab
from maillab.lab.person import read_mail
from maillab.tui.state.server_mail import DRAFT, DRAFTS, SEEN, SENT, KeptDraft

PATIENCE = 20.0  # seconds that a server may take for an answer

T = TypeVar("T")


class ServerTalks:
    """With one server after the other: whoever looks at the mail of another account says goodbye to the one before."""

    def __init__(self) -> None:
        self._whose: tuple[str, str] | None = None  # account and service
        self._talk: OpenTalk | None = None
        self._leaving: set[asyncio.Task[None]] = set()  # until a slow server has heard it

    async def do(self, lab: Lab, address: str, errand: Callable[[RemoteMail], Awaitable[T]]) -> T:
        """What comes of an errand. Raises `FetchError`, `LookupError`, and what the errand does."""
        service = lab.config.fetch
        if self._talk is None or self._whose != (address, service):
            if self._talk is not None:
                leaving = asyncio.get_running_loop().create_task(self._talk.leave())
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)
            self._whose = address, service
            self._talk = OpenTalk(lambda: read_mail(lab, address, service=service, timeout=PATIENCE))
        return await self._talk.do(errand)


async def watch(lab: Lab, address: str, folder: str, told: Callable[[], None]) -> None:
    """Until it is cancelled: `told` is called, in the lab's loop, when the server tells of something (RFC 2177)."""
    async with read_mail(lab, address, service=lab.config.fetch) as mail:
        await mail.watch(folder, told)


async def put_sent(mail: RemoteMail, octets: bytes, at: float) -> str:
    """Keep what was sent in the folder for that; gives its name, "" where there is none."""
    folder = await mail.folder_for(SENT)
    if folder:
        await mail.put(folder, octets, flags=[SEEN], at=at)
    return folder


async def put_draft(mail: RemoteMail, octets: bytes, at: float, before: KeptDraft | None) -> KeptDraft | None:
    """Keep what is being written in the folder for that, and only then erase what was kept of it `before`.

    `None` where there is no such folder. Of a server that does not say where it put it, the UID is 0.
    """
    folder = await mail.folder_for(DRAFTS)
    if not folder:
        return None
    validity, uid = await mail.put(folder, octets, flags=[DRAFT, SEEN], at=at) or (0, 0)
    if before is not None and before.uid:
        with suppress(KeyError):
            await mail.erase(before.folder, [before.uid], validity=before.validity)
    return KeptDraft(folder, validity, uid)
