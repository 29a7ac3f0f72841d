"""The mailboxes of the lab as a tree: sites, their people, and below the one that is looked at its other folders.

Rules for this file: no Textual; counts are passed in. What is new in a mailbox is known before anything was fetched:
what lies on the server is to be fetched, and unread when it is at home: POP3 knows no flags. The folders of who reads
by IMAP are the server's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from maillab.client.local_store import MailFolder
from maillab.client.remote import RemoteFolder
from maillab.mail.address import in_u_labels
from maillab.tui.looks.sink import Line, fit, piece, width
from maillab.tui.state.server_mail import TRASH, AnyMessage, ServerFolder, folder_name
from maillab.tui.texts import Texts

Counts = Mapping[MailFolder, tuple[int, int]]  # messages, and those of them that nobody has read
Place = tuple[str, MailFolder | ServerFolder]
NONE = "–"
FILLED = {"drafts", "sent", "archive", "trash"}  # folders that something fills by itself, or a key of their own


@dataclass(frozen=True, slots=True)
class MailboxCounts:
    """What a person has at home, folder by folder; `waiting` messages lie on the server and were not fetched yet.

    Who reads where it lies has an `inbox` on the server, with so many messages, of which so many are unread; `server`
    are the folders of which it has told.

    Whose `is_persons` is false is for mail that is caught, or one with which a server logs in at another.
    """

    address: str
    folders: Counts = field(default_factory=dict)
    waiting: int = 0
    is_persons: bool = True
    inbox: tuple[int, int] | None = None
    server: Sequence[RemoteFolder] = ()

    @property
    def new(self) -> int:
        """How many messages nobody has read, wherever they lie."""
        if self.inbox is not None:
            return self.inbox[1]
        return self.folders.get(MailFolder.INBOX, (0, 0))[1] + self.waiting

    @property
    def is_empty(self) -> bool:
        """Is there no message at all?"""
        there = self.waiting if self.inbox is None else self.inbox[0]
        return not there and not any(total for total, _ in self.folders.values())


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A line of the tree: a site (no `place`), a mailbox (its inbox), or another folder below it."""

    text: str
    count: str = ""
    place: Place | None = None
    is_new: bool = False
    depth: int = 0


def tree(boxes: Sequence[MailboxCounts], here: Place | None, texts: Texts) -> list[MailboxRow]:
    """Each site with its mailboxes, in the order in which they come; `here` is what is looked at.

    A mailbox that is no person's is there as soon as there is anything in it.
    """
    boxes = [box for box in boxes if box.is_persons or not box.is_empty or (here and here[0] == box.address)]
    rows: list[MailboxRow] = []
    for site in dict.fromkeys(_site(box) for box in boxes):
        rows.append(MailboxRow(in_u_labels(site)))
        for box in boxes:
            if _site(box) == site:
                rows.append(_mailbox(box, texts))
                if here is not None and here[0] == box.address:
                    rows += _below(box, texts)
    return rows


def _site(box: MailboxCounts) -> str:
    return box.address.rpartition("@")[2]


def emptied(boxes: Sequence[MailboxCounts], account: str, texts: Texts) -> str:
    """What is said of an inbox from which everything was thrown away, "" of another."""
    box = next((box for box in boxes if box.address == account and not box.waiting), MailboxCounts(account))
    if box.inbox is None:
        thrown = box.folders.get(MailFolder.TRASH, (0, 0))[0]
    else:
        thrown = sum(one.messages for one in box.server if one.special == TRASH)
    names = {name: texts(f"folder.{of}") for name, of in (("folder", MailFolder.INBOX), ("trash", MailFolder.TRASH))}
    return texts("messages.emptied", count=thrown, **names) if thrown else ""


def how_filled(folder: MailFolder | ServerFolder, who: str, texts: Texts) -> str:
    """What is said of an empty folder that is no inbox: how messages come into it."""
    kind = folder.special[1:].lower() if isinstance(folder, ServerFolder) else str(folder)
    kind = kind if kind in FILLED else "other"
    return texts(f"messages.empty.{kind}", who=who)


def _mailbox(box: MailboxCounts, texts: Texts) -> MailboxRow:
    total, _ = box.inbox or box.folders.get(MailFolder.INBOX, (0, 0))
    name = box.address.rpartition("@")[0]
    return MailboxRow(name, _count(total, box.new, texts), (box.address, inbox_of(box)), box.new > 0, 1)


def inbox_of(box: MailboxCounts) -> MailFolder | ServerFolder:
    """Where its new mail is seen."""
    return MailFolder.INBOX if box.inbox is None else ServerFolder()


def is_inbox(folder: MailFolder | ServerFolder) -> bool:
    """Does new mail come into it?"""
    return folder.is_inbox if isinstance(folder, ServerFolder) else folder is MailFolder.INBOX


def has_folder(box: MailboxCounts, folder: MailFolder | ServerFolder) -> bool:
    """Is it there to be looked at, as far as the server has told?"""
    if not isinstance(folder, ServerFolder):
        return True
    return box.inbox is not None and (folder.is_inbox or not box.server or folder.name in [f.name for f in box.server])


def _count(total: int, new: int, texts: Texts) -> str:
    return texts("mailbox.new", count=str(new)) if new else str(total) if total else NONE


def _below(box: MailboxCounts, texts: Texts) -> Iterable[MailboxRow]:
    """The other folders."""
    if box.inbox is None:
        yield from _at_home(box, (MailFolder.SENT, MailFolder.TRASH), 2, texts)
        return
    for one in box.server:
        folder = ServerFolder(one.name, one.special)
        if not folder.is_inbox:
            place, count = (box.address, folder), _count(one.messages, one.unseen, texts)
            yield MailboxRow(folder_name(folder, texts), count, place, one.unseen > 0, 2)
    if at_home := [folder for folder, (total, _) in box.folders.items() if total]:
        yield MailboxRow(texts("mailbox.at_home"), depth=2)
        yield from _at_home(box, at_home, 3, texts)


def _at_home(box: MailboxCounts, folders: Iterable[MailFolder], depth: int, texts: Texts) -> Iterable[MailboxRow]:
    for folder in folders:
        total = box.folders.get(folder, (0, 0))[0]
        yield MailboxRow(folder_name(folder, texts), _count(total, 0, texts), (box.address, folder), depth=depth)


def drawn(row: MailboxRow, cells: int) -> Line:
    """A line of the tree in so many columns: a name may be cut, a number never."""
    if not row.depth:
        return (piece("dim", row.text),)
    margin = " " * (2 * row.depth)
    count = piece("", row.count)[1]
    room = max(0, cells - len(margin) - width([("", count)]) - 1)
    style = "bold" if row.is_new else "plain" if row.place is not None else "dim"
    return (
        (style, margin + fit(piece("", row.text)[1], room) + " "),
        ("good" if row.is_new else "dim", count),
    )


def something_came(
    items: Sequence[AnyMessage], seen: Sequence[AnyMessage], boxes: Sequence[MailboxCounts], place: Place | None
) -> bool:
    """Is there a new message since somebody saw this folder last, at home or still on the server?"""
    waiting = place is not None and any(box.waiting for box in boxes if box.address == place[0])
    known = {item.id for item in seen}
    return waiting or any(not item.seen and item.id not in known for item in items[:1])


def likely(boxes: Sequence[MailboxCounts], newest: Iterable[str]) -> str:
    """The mailbox that is looked at first, "" for none: where the newest message (`newest`) came to, else where
    something is new, else where anything is; else that of somebody who receives: of another site than the first.

    >>> likely([MailboxCounts("alice@a"), MailboxCounts("caught@b", is_persons=False), MailboxCounts("bob@b")], [])
    'bob@b'
    """
    known = {box.address: box for box in boxes}
    ranks = (
        [known[address] for address in newest if address in known and not known[address].is_empty],
        [box for box in boxes if box.new],
        [box for box in boxes if not box.is_empty],
        [box for box in boxes if _site(box) != _site(boxes[0]) and box.is_persons],
        [box for box in boxes if box.is_persons],
        boxes,
    )
    return next((rank[0].address for rank in ranks if rank), "")
