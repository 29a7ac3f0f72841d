"""The mail that people have at home, fetched by their own mail client; or what a session shows of it.

Rules for this file: no Textual. Whoever changes something says so, and screens look again.
"""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from maillab.tui.state.server_mail import ServerMail
from maillab.tui.state.shown import Live, Replay, Shown

if TYPE_CHECKING:
    from maillab.client.local_store import LocalStore
    from maillab.tui.machines.by_imap import ServerTalks
    from maillab.tui.mail.replayed_mailbox import ReplayedMailbox


class MailBefore(Struct, frozen=True):
    """What lay in a mailbox when the lab began: how many messages, and how many of them nobody had at home, or had
    read there; the UIDs of the others.
    """

    held: int = 0
    unfetched: int = 0
    fetched: frozenset[int] = frozenset()

    def unfetched_after(self, read: Set[int]) -> int:
        """How many wait still, since these were read."""
        return max(0, self.unfetched - len(read - self.fetched))


@dataclass(slots=True)
class HomeMail:
    """`shelf` holds the messages of the lab's people; `before` is what lay in each mailbox when the lab began."""

    shelf: "LocalStore | None" = None
    before: Mapping[str, MailBefore] = field(default_factory=dict)
    leave: bool = True  # messages on the server, when they are fetched
    often: bool = False  # new mail is fetched every few seconds, or when the server tells of it
    watching: tuple[str, str] | None = None  # the account and the folder of which the server tells
    search: str = ""
    version: int = 0  # grows when messages have come, gone or were marked
    fetching: asyncio.Lock = field(default_factory=asyncio.Lock)  # one account after the other
    servers: dict[str, ServerMail] = field(default_factory=dict)  # account: what its server has told, by IMAP
    unfiled: dict[str, list[int]] = field(default_factory=dict)  # account: copies at home that belong on the server
    talks: "ServerTalks | None" = None  # with those servers, once one was asked for something
    _recalled: "ReplayedMailbox | None" = None

    def changed(self) -> None:
        """Messages came, went, or were marked."""
        self.version += 1

    def on_server(self, account: str) -> ServerMail:
        """What the server of an account has told of its mail."""
        return self.servers.setdefault(account, ServerMail(account))

    def messages(self, shown: Shown) -> "LocalStore | ReplayedMailbox | None":
        """The messages that can be looked at: those of the session that plays, else those of the lab's people."""
        if isinstance(shown, Live):
            self._recalled = None
            return self.shelf
        return self.recalled(shown)

    def recalled(self, shown: Replay) -> "ReplayedMailbox":
        """The messages that a session shows, up to the moment at which it stands."""
        if self._recalled is None or not self._recalled.is_of(shown.model):
            from maillab.tui.mail.replayed_mailbox import ReplayedMailbox

            self._recalled = ReplayedMailbox(shown.model)
        self._recalled.renew()
        return self._recalled
