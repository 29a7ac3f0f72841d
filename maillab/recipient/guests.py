"""Mailboxes that spring into being: whoever gets a message, or logs in, has one from then on.

No folder is named by what came from the network: guests are numbered in the order in which they come (`.guest-1`...; no
person's name begins with a dot), and the file `.guests` says who has which number. It may be used from any thread, one
call at a time.
"""

import asyncio
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from maillab.durable import make_folder, replace
from maillab.mail.content import Content
from maillab.mail.reply import refused
from maillab.recipient.account import StoredAccount
from maillab.recipient.mailbox import Mailboxes, Snapshot

_LIST = ".guests"
MOST = 1000  # guests of one site; the list is written anew for each


class Guests:
    """The guests of one site: a `Store` and `Maildrops` that make the mailbox of whoever gets mail or asks for one.

    `home` is the folder in which all mailboxes of the site lie. Users are named by the whole address in canonical form.
    """

    def __init__(self, home: Path, mailboxes: Mailboxes) -> None:
        self._home = home
        self._mailboxes = mailboxes
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}

    @property
    def users(self) -> tuple[str, ...]:
        """Everybody who has a mailbox, in the order in which they came."""
        return tuple(self._numbers)

    def load(self) -> None:
        """Take in those who were here before. Raises `OSError`."""
        make_folder(self._home)
        listed = self._home / _LIST
        lines = listed.read_text("utf-8").split("\n")[:-1] if listed.is_file() else []
        with self._lock:
            self._numbers = {user: number for number, user in enumerate(lines, 1)}
            for user in self._numbers:
                self._furnish(user)

    def admit(self, users: Iterable[str]) -> None:
        """Each of `users` has a mailbox after this. Raises `Refused` (452) when there are too many, or `OSError`."""
        with self._lock:
            for user in users:
                if user not in self._numbers and not self._mailboxes.knows(user):
                    self._add(user)

    async def deliver_all(self, copies: Sequence[tuple[str, Content]]) -> tuple[int, ...]:
        """Store all copies, or none; gives a UID for each. Raises `Refused`, `OSError`."""
        await asyncio.to_thread(self.admit, [user for user, _ in copies])
        return await self._mailboxes.deliver_all(copies)

    def free(self) -> int:
        """Octets that still fit on the disk."""
        return self._mailboxes.free()

    def open(self, user: str) -> Snapshot:
        """Lock and list a mailbox, made if it was not there. Raises `InUse`, `Refused`, `OSError`."""
        self.admit([user])
        return self._mailboxes.open(user)

    def account(self, user: str) -> StoredAccount:
        """The folders of a person, made if they were not there. Raises `Refused`, `OSError`."""
        self.admit([user])
        return self._mailboxes.account(user)

    def _add(self, user: str) -> None:
        if len(self._numbers) >= MOST:
            raise refused(452, "4.2.0", f"No room for more than {MOST} mailboxes")
        listed = "".join(f"{name}\n" for name in (*self._numbers, user))
        replace(self._home / _LIST, listed.encode())
        self._numbers[user] = len(self._numbers) + 1
        self._furnish(user)

    def _furnish(self, user: str) -> None:
        self._mailboxes.furnish(user, self._home / f".guest-{self._numbers[user]}")
