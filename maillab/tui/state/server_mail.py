"""Mail that lies on a server and is read there, by IMAP: what the server of an account has told of it so far.

Rules for this file: no Textual, no clock, no wire. It knows what was told, and what was done since; who asks the server
again tells it here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Union

from maillab.client.remote import FolderListing, RemoteFolder, RemoteMessage
from maillab.protocols.imap.names import INBOX

if TYPE_CHECKING:
    from maillab.client.local_store import LocalMessage, MailFolder
    from maillab.tui.texts import Texts

SEEN, FLAGGED, ANSWERED, DELETED, DRAFT = "\\Seen", "\\Flagged", "\\Answered", "\\Deleted", "\\Draft"  # RFC 9051 §2.3.2
DRAFTS, SENT, ARCHIVE, JUNK, TRASH = "\\Drafts", "\\Sent", "\\Archive", "\\Junk", "\\Trash"  # RFC 6154 §2
ORDER = ("", DRAFTS, SENT, ARCHIVE, JUNK, TRASH)  # of folders in a list: INBOX, these, then all others by name
KEPT = 33_554_432  # octets of opened messages that are not asked for a second time


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """A folder on the server by its name. `special` is what it is for, as "\\\\Sent", "" for nothing in particular."""

    name: str = INBOX
    special: str = ""

    @property
    def is_inbox(self) -> bool:
        """Is it where new mail comes to?"""
        return self.name.upper() == INBOX  # RFC 9051 §5.1


def folder_name(folder: "MailFolder | ServerFolder", texts: "Texts") -> str:
    """What a folder is called in the window: by what it is for, else by its own name."""
    if not isinstance(folder, ServerFolder):
        return texts(f"folder.{folder}")
    if folder.is_inbox:
        return texts("folder.inbox")
    return texts(f"folder.{folder.special[1:].lower()}") if folder.special in ORDER[1:] else folder.name


@dataclass(frozen=True, slots=True)
class ServerMessage:
    """A message of a folder on the server, as a list shows it; its UID is valid under `validity`."""

    account: str
    folder: ServerFolder
    validity: int
    remote: RemoteMessage

    @property
    def id(self) -> tuple[str, str, int, int]:
        """What no other message has."""
        return self.account, self.folder.name, self.validity, self.remote.uid

    @property
    def seen(self) -> bool:
        """Has somebody read it?"""
        return SEEN in self.remote.flags

    @property
    def doomed(self) -> bool:
        """Will it go as soon as somebody tidies up (EXPUNGE)?"""
        return DELETED in self.remote.flags

    @property
    def is_important(self) -> bool:
        """Has somebody marked it?"""
        return FLAGGED in self.remote.flags

    @property
    def is_answered(self) -> bool:
        """Has somebody answered it?"""
        return ANSWERED in self.remote.flags

    @property
    def is_sent(self) -> bool:
        """Did the owner of the mailbox write it? Then it is told by whom it goes to."""
        return self.folder.special in (SENT, DRAFTS)

    @property
    def octets(self) -> int:
        """Its size."""
        return self.remote.octets

    @property
    def sender(self) -> str:
        """From whom."""
        return self.remote.digest.sender

    @property
    def recipient(self) -> str:
        """To whom."""
        return self.remote.digest.to

    @property
    def subject(self) -> str:
        """About what."""
        return self.remote.digest.subject

    @property
    def at(self) -> float | None:
        """Its own date, else when the server took it, in seconds since 1970; `None` where neither is told."""
        return self.remote.digest.at if self.remote.digest.at is not None else self.remote.stored or None

    @property
    def files(self) -> int:
        """How many are attached."""
        return self.remote.digest.files

    @property
    def delivered_to(self) -> str:
        """The recipient in the envelope, "" where no server wrote it down."""
        return self.remote.digest.delivered_to


AnyMessage = Union["LocalMessage", ServerMessage]  # a message of a list, wherever it lies


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """Where a message that is being written is kept on the server; `uid` 0 where the server did not tell."""

    folder: str
    validity: int
    uid: int


@dataclass(slots=True)
class ServerMail:
    """The mail of one account. `folders` is empty until the server was asked."""

    account: str
    folders: tuple[RemoteFolder, ...] = ()
    lists: dict[str, FolderListing] = field(default_factory=dict)  # folder: its messages
    _opened: dict[tuple[object, ...], bytes] = field(default_factory=dict)  # the newest last

    # ── what was told ──

    def tell(self, folders: Iterable[RemoteFolder], name: str, listing: FolderListing | None) -> None:
        """What the server says now: its folders, and what is in one of them; `None` where that folder is gone."""
        self.folders = tuple(sorted(folders, key=_place))
        self.lists = {name: told for name, told in self.lists.items() if any(one.name == name for one in self.folders)}
        if listing is not None:
            self.lists[name] = listing
            self._count(name)

    def folder(self, name: str) -> ServerFolder | None:
        """The folder of this name, where the server has told of one."""
        return next((ServerFolder(one.name, one.special) for one in self.folders if one.name == name), None)

    def folder_for(self, special: str) -> ServerFolder | None:
        """The folder for this, as "\\\\Trash"."""
        return next((ServerFolder(one.name, one.special) for one in self.folders if one.special == special), None)

    def items(self, folder: ServerFolder) -> list[ServerMessage]:
        """The messages of a folder as far as they are known, the newest first."""
        listing = self.lists.get(folder.name)
        if listing is None:
            return []
        return [
            ServerMessage(self.account, folder, listing.validity, message) for message in reversed(listing.messages)
        ]

    def has(self, item: ServerMessage) -> bool:
        """Is it in the list of its folder?"""
        return any(one.id == item.id for one in self.items(item.folder))

    # ── opened messages ──

    def keep(self, item: ServerMessage, octets: bytes) -> None:
        """A message as the server has it: that never changes (RFC 9051 §2.3.1.1)."""
        self._opened[item.id] = octets
        while sum(map(len, self._opened.values())) > KEPT and len(self._opened) > 1:
            del self._opened[next(iter(self._opened))]

    def octets(self, item: ServerMessage) -> bytes | None:
        """The same, where it was opened lately."""
        return self._opened.get(item.id)

    # ── what was done ──

    def marked(self, item: ServerMessage, flag: str, *, wanted: bool) -> None:
        """A flag was put on a message, or taken away."""
        name, uid = item.folder.name, item.remote.uid
        listing = self.lists.get(name)
        if listing is None or listing.validity != item.validity:
            return

        def now(message: RemoteMessage) -> RemoteMessage:
            flags = message.flags | {flag} if wanted else message.flags - {flag}
            return replace(message, flags=flags) if message.uid == uid else message

        self.lists[name] = replace(listing, messages=tuple(map(now, listing.messages)))
        self._count(name)

    def gone(self, item: ServerMessage, target: str = "") -> None:
        """A message went into another folder, or for good. What is in the other must be asked for."""
        self._opened.pop(item.id, None)
        if self.has(item):  # else it has gone already
            self.erased(KeptDraft(item.folder.name, item.validity, item.remote.uid))
            self.came(target, unseen=not item.seen)

    def erased(self, kept: KeptDraft) -> None:
        """What lay there is gone."""
        listing = self.lists.get(kept.folder)
        if listing is not None and listing.validity == kept.validity:
            left = tuple(message for message in listing.messages if message.uid != kept.uid)
            self.lists[kept.folder] = replace(listing, messages=left)
            self._count(kept.folder)

    def came(self, target: str, *, unseen: bool) -> None:
        """One message more is in a folder."""
        self.folders = tuple(
            replace(one, messages=one.messages + 1, unseen=one.unseen + unseen) if one.name == target else one
            for one in self.folders
        )

    def _count(self, name: str) -> None:
        """A folder has as many messages as are in its list."""
        messages = self.lists[name].messages
        unseen = sum(not message.seen for message in messages)
        self.folders = tuple(
            replace(one, messages=len(messages), unseen=unseen) if one.name == name else one for one in self.folders
        )


def _place(folder: RemoteFolder) -> tuple[int, str]:
    """Where a folder stands in the list.

    >>> names = [("Work", ""), ("Trash", TRASH), ("INBOX", ""), ("Entwürfe", DRAFTS)]
    >>> [one.name for one in sorted((RemoteFolder(*name, 0, 0) for name in names), key=_place)]
    ['INBOX', 'Entwürfe', 'Trash', 'Work']
    """
    if folder.name.upper() == INBOX:
        return 0, ""
    return (ORDER.index(folder.special) if folder.special in ORDER[1:] else len(ORDER)), folder.name.casefold()
