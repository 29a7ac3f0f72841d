"""What IMAP needs of a mailbox: a person's folders, and views of one that several sessions may have at the same time.

Quiet: the store (mailbox.py) is one, a list in a test is another. All methods here may block; what
they change is on the disk when they return.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from maillab.mail.content import Content

SPECIAL = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Trash": "\\Trash", "Junk": "\\Junk", "Archive": "\\Archive"}
"""The folders that everybody has from the beginning, and what each is for (RFC 6154 §2)."""


class FolderRefusal(Exception):  # noqa: N818 - what the client is told
    """What was asked for is not possible; the dialogue says NO. `code` is a response code (RFC 5530), or ""."""

    code = ""


class NoFolder(FolderRefusal):
    """There is no folder of this name (or no longer: somebody deleted it while it was looked at)."""

    code = "NONEXISTENT"


class NoTarget(NoFolder):
    """There is no folder of this name to put messages into; the client may create it (RFC 9051 §6.4.7)."""

    code = "TRYCREATE"


class FolderExists(FolderRefusal):
    """There is a folder of this name."""

    code = "ALREADYEXISTS"


class BadName(FolderRefusal):
    """No folder can have this name."""

    code = "CANNOT"


class FolderStays(FolderRefusal):
    """INBOX is not deleted, and it cannot be created (RFC 9051 §6.3.4, §6.3.5)."""

    code = "CANNOT"


class HasChildren(FolderRefusal):
    """A name that is no folder, and has folders below it, cannot be deleted (RFC 9051 §6.3.5)."""

    code = "HASCHILDREN"


class BadUse(FolderRefusal):
    """No folder can be made for this use (RFC 6154 §3)."""

    code = "USEATTR"


class TooManyFolders(FolderRefusal):
    """Nobody has so many folders."""

    code = "LIMIT"


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """One line of LIST: `exists` is false for a level above a folder, and for a name that is only subscribed to."""

    name: str  # in Unicode; INBOX in capitals
    special: str | None = None  # "\\Sent" (RFC 6154)
    subscribed: bool = False
    exists: bool = True


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What STATUS and SELECT tell of a folder."""

    messages: int
    unseen: int
    deleted: int
    octets: int
    uid_next: int
    validity: int
    highest_modseq: int
    mailbox_id: str  # stays when the folder is renamed (RFC 8474 §4)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the room a person has taken (RFC 9208): octets, and messages; `limit` is in octets."""

    octets: int
    messages: int
    limit: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of a folder. `internal` and `saved` are in seconds since 1970."""

    uid: int
    flags: frozenset[str]  # system flags with their backslash; keywords as they were first spelled in the folder
    modseq: int
    internal: float  # INTERNALDATE
    octets: int  # exactly the length of its `content`
    saved: float  # when it came into this folder (RFC 8514)
    email_id: str  # the same for all copies (RFC 8474 §5.1)


@dataclass(frozen=True, slots=True)
class Appending:
    """A message that a client hands over; without `internal` it is dated now."""

    content: Content
    flags: frozenset[str] = frozenset()
    internal: float | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the messages are now (RFC 4315): their UIDs in the order in which they were given."""

    validity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Which messages were copied, or moved, and what they are called there (RFC 4315): two rows of one length."""

    validity: int
    sources: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a folder since the last time somebody asked; each in the order of UIDs.

    `gone` holds no UID that the view was not told of before, and `changed` none that is in `added`.
    """

    added: Sequence[MessageRow] = ()
    changed: Sequence[MessageRow] = ()
    gone: Sequence[int] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)


NO_NEWS = News()


class Change(StrEnum):
    """What STORE does with the flags that it names (RFC 9051 §6.4.6)."""

    ADD = "+"
    REMOVE = "-"
    REPLACE = "="


@dataclass(frozen=True, slots=True)
class Stored:
    """What STORE did: the rows of all messages that were named and are there, as they are now.

    `refused`: those that somebody had changed since (RFC 7162 §3.1.3); their rows are not in `rows`.
    """

    rows: Sequence[MessageRow]
    refused: Sequence[int] = ()


class FolderView(Protocol):
    """One session's view of one folder: a list that changes only when the session asks for `news`, or acts itself.

    What an action returned is not told again by `news`. Every method raises `NoFolder` when the folder was deleted, and
    `OSError` for trouble with the disk.
    """

    @property
    def rows(self) -> Sequence[MessageRow]:
        """The messages, in the order of UIDs. The same list all the time: only `news` and the actions change it."""
        ...

    @property
    def status(self) -> FolderStatus:
        """The folder as it is now, which this view may not have been told yet."""
        ...

    def row(self, uid: int) -> MessageRow | None:
        """One of `rows`."""
        ...

    def news(self) -> News:
        """What others have done since the last call; cheap when it is nothing. A folder that was deleted is empty."""
        ...

    def news_at_once(self) -> News | None:
        """The same without waiting for anything; None where that cannot be, and `news` has to be asked."""
        ...

    def content(self, uid: int) -> Content:
        """The octets as a reader has them (CRLF). Raises `FileNotFoundError` when the message is gone."""
        ...

    def summaries(self, uids: Sequence[int]) -> Sequence[bytes | None]:
        """What the messages are told by (a summary, packed), None for one that is gone.

        Ask for a hundred at a time: one answer of the index is dearer than many rows.
        """
        ...

    def headings(self, uids: Sequence[int]) -> Sequence[bytes | None]:
        """As `summaries`, but only what the headers say need be in them: it is had sooner."""
        ...

    def mentioning(self, octets: bytes) -> Collection[int]:
        """The UIDs of all messages in the fields of whose headers these octets may stand (`Summarising`)."""
        ...

    def words(self, uids: Sequence[int]) -> Sequence[bytes | None]:
        """What is searched in messages (`Summarising`), in the same way."""
        ...

    def store(
        self, uids: Collection[int], change: Change, flags: Collection[str], unchanged_since: int | None = None
    ) -> Stored:
        """Change flags. Where nothing changes, MODSEQ stays; where much changes, not all have the same (RFC 7162 §3.1).

        Each message is compared and changed in one (RFC 7162 §3.1.3), and not all together: others come in between, and
        after an error those before it have their flags (RFC 9051 §6.4.6).
        """
        ...

    def expunge(self, uids: Collection[int] | None = None) -> tuple[int, ...]:
        """Remove the messages that are \\Deleted (of these); gives their UIDs. Raises `NotRemoved`."""
        ...

    def copy(self, uids: Collection[int], name: str) -> Copied:
        """All of those that are there, or none, with their flags and INTERNALDATE. Raises `NoTarget`, `OSError`."""
        ...

    def move(self, uids: Collection[int], name: str) -> Copied:
        """As `copy`; they are gone from here then (RFC 6851). Raises the same."""
        ...

    def vanished_since(self, modseq: int) -> tuple[int, ...]:
        """UIDs that are gone since then, perhaps more than that (RFC 7162 §3.2.5.1)."""
        ...

    def close(self) -> None:
        """No bell rings any more. May be called twice."""
        ...


class FolderAccount(Protocol):
    """One person's folders. Names are in Unicode with "/" between levels; INBOX may be spelled in any case."""

    def folders(self) -> Sequence[FolderInfo]:
        """All there are, levels above them that are none, and names that are subscribed to; sorted, INBOX first."""
        ...

    def create(self, name: str, special: str | None = None) -> str:
        """Make a folder, and those above it; gives its mailbox id.

        Raises `FolderExists`, `BadName`, `BadUse`, `TooManyFolders`.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove a folder with its messages; those below it stay. Raises `NoFolder`, `FolderStays`, `HasChildren`."""
        ...

    def rename(self, old: str, new: str) -> None:
        """With all that is below it. Of INBOX the messages go, and it stays (RFC 9051 §6.3.6)."""
        ...

    def subscribe(self, name: str, wanted: bool) -> None:
        """Remember, or forget, that its owner wants to see it; it need not be there."""
        ...

    def status(self, name: str) -> FolderStatus:
        """Raises `NoFolder`, `BadName`."""
        ...

    def select(self, name: str, bell: Callable[[], None]) -> FolderView:
        """Look into a folder until `close`. When anything changes there, by whichever door, `bell` is called, from any
        thread: no more than a hint to ask for news.
        """
        ...

    def check_target(self, name: str) -> None:
        """Is there a folder to put messages into? Raises `NoTarget`, `BadName`."""
        ...

    def append(self, name: str, messages: Sequence[Appending]) -> Appended:
        """All of them, or none. Raises `NoTarget`, `OSError`."""
        ...

    def usage(self) -> Usage:
        """What all messages of this person take."""
        ...


class FolderAccounts(Protocol):
    """Everybody's folders."""

    def account(self, user: str) -> FolderAccount:
        """The folders of `user` (in canonical form)."""
        ...
